"""The service: what it writes, what it leaves alone, and that its ledger equals a fresh run's."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Attendance
from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult
from assessment.services import CannotAssess, assess
from assessment.services.fingerprint import fingerprint, sources
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import parse_period
from shuxiang.tests.registers import refusal, run
from shuxiang.tests.rows import make_row
from submissions.kinds import Grade, Kind, Level
from submissions.models import Contributor, Publication, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 1, 5, tzinfo=UTC)
LATER = datetime(2025, 1, 6, tzinfo=UTC)


@pytest.fixture
def department():
    return DepartmentFactory(parent=bureau())


@pytest.fixture
def cadre(department):
    return CadreFactory(employee_number="A1", department=department)


def compute(period="2024Q1", now=NOW):
    return [row.code for row in assess(period=parse_period(period), now=now)]


def ledger(period="2024Q1"):
    rows = Entry.objects.filter(period=period).order_by("position")
    return [(row.employee_number, row.reference, row.rule_code, str(row.points), row.note) for row in rows]


def approved(cadre, **fields):
    return SubmissionFactory(people=[cadre], state=State.APPROVED, **fields)


def snapshot():
    skip = {"id", "pk"}
    return {
        model.__name__: [
            {key: value for key, value in row.items() if key not in skip}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Entry, PersonResult, DepartmentResult, PartyGroupResult)
    }


def test_an_entry_carries_what_explains_it(cadre, department):
    approved(cadre, reference="ZP1", title="读《红岩》")
    compute()
    entry = Entry.objects.get()
    assert (entry.name, entry.department_path, entry.date) == (cadre.name, department.name, date(2024, 2, 1))
    assert (entry.fact_kind, entry.title, entry.scheme_version, entry.points) == (
        "essay",
        "读《红岩》",
        1,
        Decimal("1.00"),
    )
    assert (entry.kind, entry.corrects, entry.cause, entry.seal) == (Entry.Kind.NORMAL, None, "", None)


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.RETURNED, State.REJECTED, State.WITHDRAWN])
def test_only_approved_works_count(state, cadre):
    SubmissionFactory(people=[cadre], state=state)
    compute()
    assert ledger() == []


@pytest.mark.parametrize("state", [Contributor.State.NAMED, Contributor.State.DECLINED])
def test_only_confirmed_people_count(state, cadre, department):
    work = approved(cadre, kind=Kind.RECITATION)
    name(work, CadreFactory(department=department), 1, state)
    compute()
    assert [row[0::3] for row in ledger()] == [("A1", "2.00")]


def test_void_records_do_not_count(cadre):
    activity = Activity.objects.create(reference="HD1", title="读书日", date=date(2024, 2, 3))
    attendance = Attendance.objects.create(activity=activity, cadre=cadre)
    work = approved(cadre, kind=Kind.CREATION)
    published = Publication.objects.create(
        submission=work, level=Level.CITY, outlet="某报", accepted_on=date(2024, 3, 1), evidence="第 1 版"
    )
    compute()
    assert [row[2] for row in ledger()] == ["activity.attend", "publication.city"]
    Attendance.objects.filter(pk=attendance.pk).update(is_void=True)
    Publication.objects.filter(pk=published.pk).update(is_void=True)
    compute()
    assert ledger() == []


def test_a_publication_is_dated_by_its_acceptance_and_shared(cadre, department):
    work = approved(cadre, kind=Kind.CREATION, reference="ZP1")
    name(work, CadreFactory(employee_number="A2", department=department), 1)
    Publication.objects.create(
        submission=work, level=Level.PROVINCE, outlet="某报", accepted_on=date(2024, 5, 1), evidence="第 1 版"
    )
    compute("2024Q2")
    assert ledger("2024Q1") == []
    assert ledger("2024Q2") == [
        ("A1", "ZP1/province", "publication.province", "2.50", ""),
        ("A2", "ZP1/province", "publication.province", "2.50", ""),
    ]


def test_a_publication_of_a_work_that_is_no_longer_approved_does_not_count(cadre):
    work = approved(cadre, kind=Kind.CREATION)
    Publication.objects.create(
        submission=work, level=Level.CITY, outlet="某报", accepted_on=date(2024, 2, 1), evidence="第 1 版"
    )
    Submission.objects.update(state=State.WITHDRAWN)
    compute()
    assert ledger() == []


def test_a_quarter_brings_the_years_earlier_quarters_up_to_date(cadre):
    assert compute("2024Q3") == ["2024Q1", "2024Q2", "2024Q3"]
    assert compute("2024") == ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2024"]


def test_a_sealed_quarter_refuses_and_stays(cadre):
    approved(cadre)
    compute()
    Period.objects.filter(code="2024Q1").update(state=Period.State.SEALED)
    before = snapshot()
    Submission.objects.update(state=State.REJECTED)
    with pytest.raises(CannotAssess, match="2024Q1 已封存"):
        compute()
    assert "已封存" in refusal("assess", "2024Q1")
    assert compute("2024Q2") == ["2024Q2"]
    assert {row["period_id"] for row in snapshot()["Entry"]} == {"2024Q1"}
    assert snapshot()["Entry"] == before["Entry"]
    assert [row for row in snapshot()["PersonResult"] if row["period_id"] == "2024Q1"] == before["PersonResult"]


def test_caps_and_year_points_run_through_a_sealed_quarter(cadre):
    for month in (1, 2):
        approved(cadre, kind=Kind.IDEA, credit_date=date(2024, month, 3))
    compute()
    Period.objects.filter(code="2024Q1").update(state=Period.State.SEALED)
    Submission.objects.update(state=State.REJECTED)
    approved(cadre, kind=Kind.IDEA, reference="ZP9", credit_date=date(2024, 4, 3))
    compute("2024Q2")
    assert ledger("2024Q2") == [("A1", "ZP9", "idea.adopted", "0.00", "年度封顶")]
    assert PersonResult.objects.get(period="2024Q2").year_points == Decimal("6.00")


def test_a_year_judges_current_facts_also_of_sealed_quarters(cadre):
    compute()
    Period.objects.filter(code="2024Q1").update(state=Period.State.SEALED)
    approved(cadre)
    for quarter in (2, 3, 4):
        approved(cadre, credit_date=date(2024, quarter * 3, 1))
    for kind in (Kind.RECITATION, Kind.RECOMMENDATION):
        approved(cadre, kind=kind, credit_date=date(2024, 11, 1))
    compute("2024")
    assert PersonResult.objects.get(period="2024Q1").status == "unmet"
    assert PersonResult.objects.get(period="2024").status == "met"


def test_assessing_again_writes_the_same(cadre):
    approved(cadre, grade="")
    compute("2024")
    before = snapshot()
    compute("2024", LATER)
    assert snapshot() == before


def test_a_closed_quarter_is_still_assessed(cadre):
    Period.objects.create(code="2024Q1", state=Period.State.CLOSED)
    approved(cadre)
    compute()
    assert len(ledger()) == 1


def adjust(cadre, *, posted, corrects, points):
    """An adjustment of essays."""
    return Entry.objects.create(
        period_id=posted, kind=Entry.Kind.ADJUSTMENT, corrects_id=corrects, cause="补通过 ZP1", position=0, cadre=cadre,
        employee_number="A1", name=cadre.name, department=cadre.postings.get().department, department_path="科",
        date=date(2024, 2, 1), fact_kind="essay", reference="ZP1", title="读后", rule_code="essay.base",
        scheme_version=1, points=Decimal(points),
    )  # fmt: skip


def test_adjustments_are_left_alone_and_count_for_the_year(cadre):
    compute("2024Q2")
    Period.objects.filter(code="2024Q1").update(state=Period.State.SEALED)
    adjust(cadre, posted="2024Q2", corrects="2024Q1", points="1.00")
    compute("2024Q2")
    result = PersonResult.objects.get(period="2024Q2")
    assert (result.points, result.adjustment, result.year_points) == (Decimal("0.00"), Decimal("1.00"), Decimal("1.00"))
    assert Entry.objects.filter(kind=Entry.Kind.ADJUSTMENT).count() == 1


def test_an_adjustment_posted_in_a_quarter_that_is_sealed_since_counts_once(cadre):
    compute("2024Q3")
    adjust(cadre, posted="2024Q2", corrects="2024Q1", points="1.00")
    Period.objects.filter(code__in=["2024Q1", "2024Q2"]).update(state=Period.State.SEALED)
    compute("2024Q3")
    assert PersonResult.objects.get(period="2024Q3").year_points == Decimal("1.00")


def test_what_is_dated_in_a_quarter_to_come_counts_in_the_year_and_has_no_sheet(cadre):
    activity = Activity.objects.create(reference="HD1", title="读书日", date=date(2024, 8, 3))
    Attendance.objects.create(activity=activity, cadre=cadre)
    assert compute("2024", datetime(2024, 5, 1, tzinfo=UTC)) == ["2024Q1", "2024Q2", "2024"]
    assert PersonResult.objects.get(period="2024").points == Decimal("0.50")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("place", range(len(sources())), ids=lambda place: sources()[place].model.__name__)
def test_the_fingerprint_notices_every_source(place):
    """Also when the newer stamp is the earlier one: another transaction may have begun before and ended after."""
    make_row(1)
    rows = sources()[place]
    before = fingerprint()
    row = rows.order_by("pk").first()
    rows.model.objects.filter(pk=row.pk).update(changed_at=row.changed_at - timedelta(seconds=5))
    assert fingerprint() != before


def test_the_fingerprint_rests_while_drafts_and_reviews_go_on(cadre):
    before = fingerprint()
    SubmissionFactory(people=[cadre], state=State.DRAFT)
    SubmissionFactory(people=[cadre], state=State.PENDING)
    assert fingerprint() == before


def test_an_empty_office_is_told_what_to_do():
    assert "请先导入花名册" in refusal("assess", "2024Q1")


def test_a_period_that_has_not_begun_is_refused(cadre):
    eve, day = (datetime(2023, 12, 31, hour, tzinfo=UTC) for hour in (15, 16))  # midnight in Shanghai
    with pytest.raises(CannotAssess, match="2024Q1 还没有开始"):
        compute(now=eve)
    assert compute(now=day) == ["2024Q1"]


def test_a_period_that_is_none_is_told():
    assert "请写成 2024Q3" in refusal("assess", "2024年一季度")


def fill(department, count):
    for number in range(count):
        cadre = CadreFactory(department=department)
        work = approved(cadre, grade="")
        Submission.objects.filter(pk=work.pk).update(grade=Grade.GOOD, graded_version=work.versions.get())
        activity = Activity.objects.create(reference=f"HD{number}-{count}", title="读书日", date=date(2024, 2, 3))
        Attendance.objects.create(activity=activity, cadre=cadre)


@pytest.mark.parametrize("period", ["2024Q1", "2024"])
def test_the_number_of_queries_does_not_grow_with_people(period, department):
    fill(department, 3)
    compute(period)
    with CaptureQueriesContext(connection) as few:
        compute(period)
    fill(department, 40)
    with CaptureQueriesContext(connection) as many:
        compute(period)
    assert len(many) == len(few)


def test_it_says_what_it_did(cadre):
    approved(cadre)
    assert run("assess", "2024Q1") == "2024年第一季度已计算：1 人，积分明细 1 条，按书香机关积分方案 第 1 版。\n"
