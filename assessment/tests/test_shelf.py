"""What is owed at which point of the year, and how it is told."""

from datetime import date

import pytest

from assessment.models import Period, Quota, Scheme
from assessment.services.owed import Grounds, duties_of
from assessment.services.personal import own_year
from assessment.services.shelf import Shelf, shelf_of
from assessment.tests.people import cadre
from organization.models import Cadre, Leave, Posting
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.own_years import make_result
from submissions.kinds import Kind
from submissions.services.own import own_works
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

__all__ = ["cadre"]
pytestmark = pytest.mark.django_db


def shelf(cadre: Cadre, today: date, year: int | None = None) -> Shelf:
    year = year or today.year
    bounds = duties_of(Grounds(cadre), year, today, own_year(cadre, year, {}).standings)
    return shelf_of(year=year, bounds=bounds, books=own_works(cadre), today=today)


def hand_in(cadre: Cadre, kind: Kind, day: date, state: State = State.APPROVED, **more):
    return SubmissionFactory(people=[cadre], kind=kind, credit_date=day, state=state, **more)


def starting(day: date) -> Cadre:
    cadre = CadreFactory()
    Posting.objects.create(cadre=cadre, department=DepartmentFactory(parent=bureau()), since=day)
    return cadre


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2024, 1, 1), "2024 年到第一季度应报 3 项，已报 0 项，还差 3 项。"),
        (date(2024, 4, 10), "2024 年到第二季度应报 4 项，已报 0 项，还差 4 项。"),
        (date(2024, 4, 11), "2024 年到第二季度应报 4 项，已报 0 项，还差 4 项，有 1 项已过期限。"),
        (date(2024, 12, 31), "2024 年应报 6 项，已报 0 项，还差 6 项，有 3 项已过期限。"),
        (date(2025, 1, 10), "2024 年应报 6 项，已报 0 项，还差 6 项，有 3 项已过期限。"),
        (date(2025, 1, 11), "2024 年应报 6 项，已报 0 项，还差 6 项，有 6 项已过期限。"),
    ],
)
def test_nothing_handed_in_through_the_year(cadre, today, sentence):
    assert shelf(cadre, today, 2024).sentence == sentence


def test_quarters_that_have_not_begun_are_empty_bays(cadre):
    bays = shelf(cadre, date(2024, 5, 1)).bays
    assert [(bay.label, len(bay.outlines)) for bay in bays] == [
        ("全年", 2), ("第一季度", 1), ("第二季度", 1), ("第三季度", 0), ("第四季度", 0),
    ]  # fmt: skip


def test_what_waits_is_said_to_wait_and_what_is_begun_stays_owed(cadre):
    hand_in(cadre, Kind.RECITATION, date(2024, 2, 1))
    hand_in(cadre, Kind.ESSAY, date(2024, 2, 1), State.PENDING)
    hand_in(cadre, Kind.RECOMMENDATION, date(2024, 2, 1), State.RETURNED)
    found = shelf(cadre, date(2024, 3, 1))
    assert found.sentence == "2024 年到第一季度应报 3 项，已报 2 项，其中 1 项待审，还差 1 项，其中 1 项退回待改。"
    assert [(gap.name, gap.begun, gap.days) for gap in found.gaps] == [("全年好书推荐", "退回待改", 305)]
    assert [bay.outlines for bay in found.bays] == [[], [], [], [], []]


def test_everything_handed_in(cadre):
    for kind in (Kind.RECITATION, Kind.ESSAY, Kind.RECOMMENDATION):
        hand_in(cadre, kind, date(2024, 2, 1))
    found = shelf(cadre, date(2024, 3, 1))
    assert found.sentence == "2024 年到第一季度应报 3 项，已全部上报。"
    assert found.gaps == []


def test_more_than_asked_fills_no_other_gap_and_stands_in_its_quarter(cadre):
    first = hand_in(cadre, Kind.RECITATION, date(2024, 2, 1), State.PENDING)
    best = hand_in(cadre, Kind.RECITATION, date(2024, 4, 2))
    hand_in(cadre, Kind.ESSAY, date(2024, 4, 2))
    hand_in(cadre, Kind.ESSAY, date(2024, 4, 3))
    found = shelf(cadre, date(2024, 5, 1))
    assert found.sentence == "2024 年到第二季度应报 4 项，已报 2 项，还差 2 项，有 1 项已过期限。"
    assert [[spine.work for spine in bay.spines] for bay in found.bays[:2]] == [[best], [first]]


def test_a_late_work_closes_the_quarter_that_it_names(cadre):
    hand_in(cadre, Kind.ESSAY, date(2024, 4, 8), quarter="2024Q1")
    found = shelf(cadre, date(2024, 4, 9))
    assert [spine.marks for spine in found.bays[1].spines] == [["is-late"]]
    assert [gap.name for gap in found.gaps] == ["第二季度读书心得", "全年诵读作品", "全年好书推荐"]


def test_within_the_grace_days_the_quarter_before_comes_first(cadre):
    gap = shelf(cadre, date(2024, 4, 8)).gaps[0]
    assert (gap.name, gap.day, gap.days, gap.in_grace) == ("第一季度读书心得", date(2024, 4, 10), 2, True)


@pytest.mark.parametrize(
    ("started", "sentence"),
    [
        (date(2024, 11, 15), "2024 年应报 1 项，已报 0 项，还差 1 项。全年任务因新入职免考核。"),
        (date(2024, 11, 16), "2024 年应报 1 项，已报 0 项，还差 1 项。全年任务因新入职免考核。"),
        (date(2024, 11, 17), "全年新入职，免考核。"),
        (date(2025, 1, 1), "2024 年没有应报任务。"),
    ],
)
def test_somebody_new_owes_what_the_days_in_service_ask_for(started, sentence):
    assert shelf(starting(started), date(2024, 12, 1)).sentence == sentence


def test_leave_exempts_before_the_quarter_is_assessed(cadre):
    Leave.objects.create(cadre=cadre, category="产假", since=date(2024, 7, 1), until=date(2024, 9, 30))
    Leave.objects.create(cadre=cadre, category="病假", since=date(2024, 4, 1), until=date(2024, 5, 31))
    found = shelf(cadre, date(2024, 11, 1))
    assert found.sentence == (
        "2024 年应报 4 项，已报 0 项，还差 4 项，有 1 项已过期限。第二季度、第三季度请假，免考核。"
    )
    assert [str(bay.exempt) for bay in found.bays if bay.exempt] == ["请假：在岗 30/91 天", "请假：在岗 0/92 天"]


def test_an_assessed_quarter_says_itself_what_was_due(cadre):
    make_result(
        cadre, "2024Q1", status="exempt", note="借调：在岗 3/91 天；诵读作品未到期", effective_days=3, quotas=[]
    )
    make_result(cadre, "2024Q2", quotas=[["诵读作品", 0, 0], ["读书心得", 2, 0], ["好书推荐", 3, 1], ["没有的", 1, 0]])
    found = shelf(cadre, date(2024, 6, 1))
    assert found.sentence == "2024 年到第二季度应报 5 项，已报 0 项，还差 5 项。第一季度借调，免考核。"
    assert [(outline.word, outline.number) for bay in found.bays for outline in bay.outlines] == [
        ("荐书", 3),
        ("心得", 2),
    ]


def test_a_sealed_quarter_keeps_what_it_counted(cadre):
    make_result(cadre, "2024Q1", quotas=[["读书心得", 1, 1]])
    assert [len(bay.outlines) for bay in shelf(cadre, date(2024, 6, 1)).bays[1:3]] == [1, 1]
    Period.objects.update(state=Period.State.SEALED)
    assert [len(bay.outlines) for bay in shelf(cadre, date(2024, 6, 1)).bays[1:3]] == [0, 1]


def test_a_quota_of_something_else_than_works_counts_what_was_assessed(cadre):
    Quota.objects.create(scheme=Scheme.objects.get(), kind="attendance", cycle="quarter", required=2)
    make_result(cadre, "2024Q1", quotas=[["参加活动", 2, 2]])
    found = shelf(cadre, date(2024, 3, 1))
    assert found.sentence == "2024 年到第一季度应报 2 项，已全部上报。"


def test_the_scheme_of_each_quarter_rules_it(cadre):
    later = Scheme.objects.create(version=2, name="新", effective_from="2024Q2", grace_days=5)
    Quota.objects.create(scheme=later, kind=Kind.IDEA, cycle="quarter", required=3)
    found = shelf(cadre, date(2024, 6, 1))
    assert [(gap.name, gap.missing) for gap in found.gaps] == [("第二季度学以致用", 3)]
    assert found.sentence == "2024 年到第二季度应报 4 项，已报 0 项，还差 4 项，有 1 项已过期限。"


def test_a_scheme_without_quotas_asks_for_nothing(cadre):
    Scheme.objects.create(version=2, name="空", effective_from="2024Q1")
    assert shelf(cadre, date(2024, 3, 1)).sentence == "2024 年到第一季度没有应报任务。"


def test_before_the_first_scheme_nothing_is_owed(cadre):
    Scheme.objects.update(effective_from="2030Q1")
    assert shelf(cadre, date(2024, 3, 1)).sentence == "2024 年到第一季度没有应报任务。"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("集体诵读《赤壁赋》", "赤壁赋"),
        ("《大学》", "大学"),
        ("读《孟子》有感", "读《孟子》…"),
        ("《甲》与《乙》", "《甲》与《…"),
    ],
)
def test_a_spine_bears_the_name_of_the_piece(cadre, title, name):
    hand_in(cadre, Kind.IDEA, date(2024, 2, 1), title=title)
    assert [spine.title for spine in shelf(cadre, date(2024, 3, 1)).bays[1].spines] == [name]
