"""阅读率: counted by hand, never points, and silent about single people."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.boards.reading import ReadingRate, Share, rate_of, reading_rate, told
from assessment.boards.sheet import Sheet, sheet_of
from assessment.models import DepartmentResult, Entry, Period
from assessment.tests.offices import NOW, PERIOD, approved
from assessment.tests.pages import office, page_of
from organization.models import Posting, whole_tree
from organization.tests.factories import CadreFactory, DepartmentFactory
from reading.models import LoanQuarter
from shuxiang.tests.pages import text_of

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def rate(code: str = PERIOD, under=None) -> ReadingRate:
    periods = {period.code: period for period in Period.objects.assessed()}
    sheet = sheet_of(periods[code], whole_tree(), periods)
    return reading_rate(sheet, sheet.by_id[under.pk] if under else sheet.top)


def borrowed(*people, quarter: str = PERIOD) -> None:
    LoanQuarter.objects.bulk_create(LoanQuarter(cadre=each, quarter=quarter) for each in people)


def test_works_that_count_and_loans_of_the_period_each_person_once(office):
    """Eight are listed: 甲优, 乙良, 丙迟, 丁假 (exempt), 调来的人, 文员, 法规的人, 领导."""
    assert rate().total == Share("合计", 8, 5)
    borrowed(office.good, office.away)  # the one handed in a work as well, the other is exempt and reads
    borrowed(office.clerk, quarter="2024Q1")
    assert rate().total == Share("合计", 8, 6)
    assert (rate().total.shown, rate().total.width) == ("75.0%", 75)


def test_whoever_is_not_listed_is_neither_counted_nor_counted_among(office):
    gone = CadreFactory(department=office.law)
    gone.postings.update(until=date(2024, 3, 31))
    left = CadreFactory(department=office.law)
    left.postings.update(until=date(2024, 6, 1))
    office.assess()
    listed = rate().total.listed
    borrowed(gone, CadreFactory())
    assert rate().total == Share("合计", listed, 5)
    borrowed(left)
    assert rate().total.reading == 5 + (listed - 8)


def test_who_moved_is_counted_where_the_sheet_lists_them(office):
    for department in (office.office, office.law):
        for _ in range(5):
            CadreFactory(department=department)
    office.assess()
    # 法规科 has 6, 办公室 11 with 调来的人; 本级 is one person, so the next smallest is told together with it.
    assert rate().rows == [Share("办公室", 11, 4), Share("人数少的合计", 7, 1)]
    Posting.objects.filter(cadre=office.mover, until__isnull=True).delete()
    office.mover.postings.update(until=None)
    office.assess()
    assert rate().rows == [Share("办公室", 10, 3), Share("人数少的合计", 8, 2)]


def test_a_work_that_does_not_count_is_no_reading(office):
    approved([office.clerk], "通过的", date(2024, 6, 1))
    assert rate().total.reading == 6
    office.excellent.contributors.update(state="declined")
    assert rate().total.reading == 4


def test_a_year_takes_its_quarters_together(office):
    office.assess("2024")
    borrowed(office.away, quarter="2024Q3")
    borrowed(office.clerk, quarter="2023Q4")
    assert (rate("2024").total.reading, rate().total.reading) == (6, 5)


def share(name: str, listed: int) -> Share:
    return Share(name, listed, 1)


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ([8], []),
        ([8, 6], ["甲 8", "乙 6"]),
        ([8, 6, 2, 3], ["甲 8", "乙 6", "人数少的合计 5"]),
        ([8, 6, 2], ["甲 8", "人数少的合计 8"]),
        ([8, 2], []),
        ([3, 4, 4], []),
        ([5, 5], ["甲 5", "乙 5"]),
    ],
)
def test_no_share_of_so_few_people_is_told_or_can_be_worked_out(listed, shown):
    rows = [share(name, count) for name, count in zip("甲乙丙丁", listed, strict=False)]
    assert [f"{row.name} {row.listed}" for row in told(rows)] == shown


def test_a_department_of_few_people_says_nothing(client, office):
    assert rate(under=office.law) == ReadingRate(None, ())
    borrowed(office.lawyer)
    text = text_of(page_of(client, office.leader, f"?period={PERIOD}&department={office.law.pk}"))
    assert "不足 5 人，不列阅读率" in text


def test_a_department_told_in_a_sum_only_is_silent_on_its_own_page(client, office):
    """The one of 本级 is told together with 法规科: opened by itself, 法规科 would tell of the one."""
    for department in (office.office, office.law):
        for _ in range(5):
            CadreFactory(department=department)
    office.assess()
    assert [row.name for row in rate().rows] == ["办公室", "人数少的合计"]
    assert rate(under=office.office).total == Share("合计", 11, 4)
    assert rate(under=office.law) == ReadingRate(None, (), is_lumped=True)
    text = text_of(page_of(client, office.leader, f"?period={PERIOD}&department={office.law.pk}"))
    assert "上级科室的阅读率没有单列这个科室" in text


@st.composite
def offices(draw) -> tuple[Sheet, dict[int, tuple[int, int]]]:
    """Departments 1 to n below each other, all below 1, with whom they list; some lie out of the tree in sight."""
    number = draw(st.integers(1, 9))
    parents = {1: None} | {key: draw(st.integers(0, key - 1)) for key in range(2, number + 1)}
    rows = [
        DepartmentResult(pk=key, department_id=key, parent_id=above, is_root=key == 1, department_path=f"科室{key}")
        for key, above in parents.items()
    ]
    listed = {key: draw(st.integers(0, 9)) for key in [*parents, 99]}
    counts = {key: (people, draw(st.integers(0, people))) for key, people in listed.items() if people}
    period = Period(code=PERIOD)
    return Sheet(period, whole_tree(), rows, {}), counts


def told_sets(sheet: Sheet, counts: dict[int, tuple[int, int]]) -> set[frozenset[int]]:
    """Whom each figure is about, of every page that can be opened: the departments in which they are listed."""
    found = set()
    for under in sheet.departments:
        reading = rate_of(sheet, under, counts)
        if reading.total is None:
            continue
        whole = frozenset(counts) if under == sheet.top else sheet.subtree(under.department_id) & counts.keys()
        children = {child.short_name: child.department_id for child in sheet.children(under.department_id)}
        below = {name: sheet.subtree(key) & counts.keys() for name, key in children.items()}
        below["本级"] = whole.difference(*below.values())
        shown = {row.name: below[row.name] for row in reading.rows if row.name in below}
        rest = {"人数少的合计": whole.difference(*shown.values())}
        for row in [reading.total, *reading.rows]:
            about = ({"合计": whole} | shown | rest)[row.name]
            assert (row.listed, row.reading) == tuple(sum(counts[key][each] for key in about) for each in (0, 1))
            found.add(frozenset(about))
    return found


@given(offices())
@settings(max_examples=300, deadline=None)
def test_no_pages_taken_from_each_other_tell_of_fewer_than_five(office):
    sheet, counts = office
    known = told_sets(sheet, counts)
    while more := {one - other for one in known for other in known if other < one} - known:
        known |= more
    assert [each for each in known if sum(counts[key][0] for key in each) < 5] == []


def test_the_board_shows_the_figure_with_its_meaning_and_no_names_and_no_points(client, office):
    borrowed(office.away)
    before = list(Entry.objects.order_by("pk").values())
    page = page_of(client, office.leader)
    section = page[page.index('<section class="reading-rate"') :]
    text = text_of(f"<main>{section[: section.index('</section>')]}</main>")
    assert text.startswith("阅读率 不计分 75.0% 8 人中 6 人")
    assert "谁借了、借了什么不在这里列出" in text
    assert "人数稍多的科室也可能不单列" in text
    assert not re.search("丁假|甲优|<a ", section[: section.index("</section>")])
    office.assess()
    assert [row["points"] for row in Entry.objects.order_by("pk").values()] == [row["points"] for row in before]


def test_it_is_one_query_however_many(office):
    counts = []
    for more in (1, 20):
        for _ in range(more):
            CadreFactory(department=DepartmentFactory(parent=office.root))
        office.assess()
        periods = {period.code: period for period in Period.objects.assessed()}
        sheet = sheet_of(periods[PERIOD], whole_tree(), periods)
        with CaptureQueriesContext(connection) as queries:
            reading_rate(sheet, sheet.top)
        counts.append(len(queries))
    assert counts == [1, 1]
