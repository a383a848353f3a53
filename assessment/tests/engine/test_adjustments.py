import pytest

from assessment.engine.model import Adjustment
from assessment.tests.engine.build import (
    AUDIT,
    AUDIT_LAW,
    AUDIT_OFFICE,
    COUNTY,
    ESSAYS,
    FIRST_GROUP,
    Q1,
    Q2,
    Q3,
    Q4,
    RECITATIONS,
    YEAR,
    Books,
    fact,
    member,
    person,
    posted,
)
from shuxiang.periods import Quarter


def correction(points, corrects, posted_in, rule="recitation.base", person=1):
    return Adjustment(person, rule, points, corrects, posted_in)


@pytest.mark.section("8")
@pytest.mark.parametrize(
    ("adjustment", "points"),
    [
        (correction(50, Q1, Q3), [200, 150, 0, 0]),
        (correction(-50, Q1, Q3), [200, 200, 50, 0]),
        (correction(150, Q2, Q3), [200, 200, 0, 0]),
        (correction(-150, Q2, Q4), [200, 200, 150, 0]),
        (correction(-150, Q3, Q4), [200, 200, 0, 150]),
        (correction(-200, Q4, Q4), [200, 200, 0, 0]),
        (correction(200, Quarter(2023, 4), Q1), [200, 200, 0, 0]),
        (correction(200, Q1, Q2, rule="recitation.good"), [200, 200, 0, 0]),
        (correction(200, Q1, Q2, person=2), [200, 200, 0, 0]),
    ],
)
def test_an_adjustment_counts_for_caps_in_the_quarter_that_it_corrects(adjustment, points):
    books = Books(RECITATIONS, person(), person(2), adjustments=[adjustment])
    assert [sum(row.points for row in books.ledger[quarter]) for quarter in YEAR.quarters] == points


@pytest.mark.section("8")
def test_adjustments_of_the_same_rule_add_up():
    books = Books(RECITATIONS, person(), adjustments=[correction(50, Q1, Q3), correction(30, Q1, Q4)])
    assert books.gave(Q2) == [("recitation.base", 120, "年度封顶")]


@pytest.mark.section("8")
def test_an_adjustment_stands_in_the_sheet_where_it_is_posted_and_in_the_year_points_that_it_corrects():
    adjustments = [
        correction(-150, Q1, Q3, rule="essay.base"),
        correction(30, Q2, Q3, rule="essay.good"),
        correction(1000, Quarter(2023, 4), Q2, rule="essay.good"),
    ]
    books = Books(ESSAYS, person(), adjustments=adjustments)
    rows = [books.person(quarter) for quarter in YEAR.quarters]
    assert [row.points for row in rows] == [100, 100, 100, 100]
    assert [row.adjustment for row in rows] == [0, 1000, -120, 0]
    assert [row.year_points for row in rows] == [-50, 80, 180, 280]


@pytest.mark.section("8")
def test_an_adjustment_is_not_in_points_ranks_or_averages():
    adjustments = [correction(500, Q1, Q3, rule="essay.base", person=2)]
    everybody = [person(1), person(2, posted(AUDIT_LAW), groups=(member(FIRST_GROUP),))]
    books = Books([*ESSAYS, fact("S-9", on="2024-07-11", by=(2,))], *everybody, adjustments=adjustments)
    results = books.results(Q3)
    assert [(row.person, row.points, row.rank) for row in results.people] == [(1, 100, 1), (2, 100, 1)]
    assert [(row.department, row.points, row.average, row.rank) for row in results.departments] == [
        (AUDIT, 200, 100, None),
        (AUDIT_OFFICE, 100, 100, 1),
        (AUDIT_LAW, 100, 100, 1),
        (COUNTY, 200, 100, None),
    ]
    assert [group.points for group in results.party_groups] == [100]


@pytest.mark.section("8")
def test_a_years_sheet_holds_the_adjustments_that_correct_its_quarters():
    adjustments = [
        correction(-30, Q1, Q3),
        correction(5, Q4, Quarter(2025, 1)),
        correction(1000, Quarter(2023, 4), Q1),
        correction(1000, Quarter(2025, 1), Quarter(2025, 2)),
    ]
    row = Books(ESSAYS, person(), adjustments=adjustments).person(YEAR)
    assert (row.points, row.adjustment, row.year_points, row.rank) == (400, -25, 375, 1)
