import pytest

from assessment.engine.model import DepartmentResult
from assessment.engine.results import Roll, Standing, Sums, department_results, person_results
from assessment.tests.engine.build import (
    AUDIT,
    AUDIT_LAW,
    AUDIT_OFFICE,
    COUNTY,
    FINANCE,
    FINANCE_OFFICE,
    Q1,
    Q3,
    YEAR,
    earned,
    entry,
    organization,
    person,
    posted,
)

ALL_QUARTER = [("2024-07-01", "2024-09-30")]


def departments(*people, entries=(), period=Q3, statuses=None):
    """Rows by department; the people are `met` unless `statuses` says otherwise."""

    def standing(service):
        return Standing((), (statuses or {}).get(service.person.id, "met"))

    office = organization(*people)
    roll = Roll()
    list(person_results(office, period.span, standing, Sums({}, {}, {}, {}), roll))
    return {row.department: row for row in department_results(office, period.span, roll, earned(*entries))}


@pytest.mark.section("7")
def test_a_department_row_sums_its_whole_subtree():
    people = [
        person(1, posted(AUDIT_OFFICE)),
        person(2, posted(AUDIT_OFFICE, until="2024-08-15"), posted(FINANCE_OFFICE, since="2024-08-16")),
        person(3, posted(AUDIT_LAW), leaves=ALL_QUARTER),
        person(4, posted(AUDIT), leaves=[("2024-09-30", "2024-09-30")]),
    ]
    entries = [
        entry(1, 300, AUDIT_OFFICE, "S-1", grade="excellent"),
        entry(2, 100, AUDIT_OFFICE, "S-2"),
        entry(2, 50, FINANCE_OFFICE, "S-3", grade="excellent"),
        entry(3, 33, AUDIT_LAW, "S-4"),
        entry(4, 7, AUDIT, "S-5", grade="good"),
    ]
    rows = departments(*people, entries=entries, statuses={2: "unmet", 3: "exempt"})
    assert list(rows.values()) == [
        DepartmentResult(AUDIT, 3, 2, 2, 1, 440, 229, 249, 177, 1),
        DepartmentResult(AUDIT_OFFICE, 1, 1, 1, 1, 400, 138, 150, 267, None),
        DepartmentResult(AUDIT_LAW, 1, 0, 0, 0, 33, 0, 0, None, None),
        DepartmentResult(FINANCE, 1, 1, 0, 1, 50, 46, 50, 100, 2),
        DepartmentResult(FINANCE_OFFICE, 1, 1, 0, 1, 50, 46, 50, 100, None),
        DepartmentResult(COUNTY, 4, 3, 2, 2, 490, 275, 299, 164, None),
    ]


@pytest.mark.section("7")
def test_an_excellent_work_counts_once_wherever_an_entry_of_it_credits():
    people = [person(1, posted(AUDIT_OFFICE)), person(2, posted(AUDIT_OFFICE)), person(3, posted(AUDIT_LAW))]
    entries = [
        entry(1, 50, AUDIT_OFFICE, "S-1", "excellent"),
        entry(2, 50, AUDIT_OFFICE, "S-1", "excellent"),
        entry(3, 0, AUDIT_LAW, "S-1", "excellent"),
        entry(1, 100, AUDIT_OFFICE, "S-1", "excellent", kind="recitation"),
        entry(1, 100, AUDIT_OFFICE, "S-2", "excellent"),
        entry(3, 100, AUDIT_LAW, "S-3", "good"),
    ]
    rows = departments(*people, entries=entries)
    assert {id: row.excellent for id, row in rows.items()} == {AUDIT: 3, AUDIT_OFFICE: 3, AUDIT_LAW: 1, COUNTY: 3}


@pytest.mark.section("9")
def test_a_department_has_a_row_for_somebody_listed_or_an_entry_or_an_effective_day():
    people = [
        person(1, posted(AUDIT_OFFICE, until="2024-07-31"), posted(FINANCE_OFFICE, since="2024-08-01")),
        person(2, posted(FINANCE_OFFICE), leaves=ALL_QUARTER),
    ]
    assert list(departments(*people)) == [AUDIT, AUDIT_OFFICE, FINANCE, FINANCE_OFFICE, COUNTY]
    by_entry = departments(*people, entries=[entry(1, 0, AUDIT_LAW)])
    assert list(by_entry) == [AUDIT, AUDIT_OFFICE, AUDIT_LAW, FINANCE, FINANCE_OFFICE, COUNTY]
    by_list = departments(person(2, posted(FINANCE_OFFICE), leaves=ALL_QUARTER))
    assert list(by_list) == [FINANCE, FINANCE_OFFICE, COUNTY]


@pytest.mark.section("9")
def test_the_root_has_a_row_even_of_nobody():
    assert departments() == {COUNTY: DepartmentResult(COUNTY, 0, 0, 0, 0, 0, 0, 0, None, None)}


@pytest.mark.section("7")
def test_without_person_days_there_is_no_average():
    rows = departments(person(1, posted(FINANCE_OFFICE), leaves=ALL_QUARTER), entries=[entry(1, 100, FINANCE_OFFICE)])
    assert (rows[FINANCE_OFFICE].points, rows[FINANCE_OFFICE].average, rows[FINANCE_OFFICE].rank) == (100, None, None)
    assert rows[COUNTY].average is None


def in_offices(first, last):
    """One person in 审计局/办公室 up to a day, one in 审计局/法规科 from a day on."""
    return person(1, posted(AUDIT_OFFICE, until=first)), person(2, posted(AUDIT_LAW, since=last))


@pytest.mark.section("7")
@pytest.mark.parametrize(
    ("period", "first", "last", "ranks"),
    [
        (Q3, "2024-08-15", "2024-08-16", (2, 1)),
        (Q3, "2024-08-15", "2024-08-17", (None, None)),
        (Q3, "2024-08-14", "2024-08-16", (None, None)),
        (Q1, "2024-02-15", "2024-02-15", (2, 1)),
        (Q1, "2024-02-14", "2024-02-15", (None, None)),
        (YEAR, "2024-07-01", "2024-07-02", (2, 1)),
        (YEAR, "2024-07-01", "2024-07-03", (None, None)),
    ],
)
def test_a_rank_needs_half_a_person_period_before_any_rounding_and_a_sibling_with_as_much(period, first, last, ranks):
    entries = [entry(1, 100, AUDIT_OFFICE), entry(2, 200, AUDIT_LAW, "S-2")]
    rows = departments(*in_offices(first, last), entries=entries, period=period)
    assert (rows[AUDIT_OFFICE].rank, rows[AUDIT_LAW].rank) == ranks
    assert rows[AUDIT].rank is None
    assert rows[COUNTY].rank is None


@pytest.mark.section("7")
def test_person_periods_that_only_round_to_a_half_are_not_ranked():
    rows = departments(*in_offices("2024-07-01", "2024-07-03"), period=YEAR)
    assert (rows[AUDIT_LAW].person_days, rows[AUDIT_LAW].person_periods, rows[AUDIT_LAW].rank) == (182, 50, None)


@pytest.mark.section("7")
def test_departments_rank_among_their_siblings_by_the_rounded_average():
    people = [
        person(1, posted(AUDIT_OFFICE), leaves=[("2024-07-01", "2024-07-01")]),
        person(2, posted(AUDIT_LAW)),
        person(3, posted(AUDIT)),
        person(4, posted(FINANCE_OFFICE)),
    ]
    entries = [
        entry(1, 100, AUDIT_OFFICE),
        entry(2, 101, AUDIT_LAW, "S-2"),
        entry(3, 102, AUDIT, "S-3"),
        entry(4, 500, FINANCE_OFFICE, "S-4"),
    ]
    rows = departments(*people, entries=entries)
    assert {id: (row.average, row.rank) for id, row in rows.items()} == {
        AUDIT: (101, 2),
        AUDIT_OFFICE: (101, 1),
        AUDIT_LAW: (101, 1),
        FINANCE: (500, 1),
        FINANCE_OFFICE: (500, None),
        COUNTY: (201, None),
    }


@pytest.mark.section("7")
def test_an_average_is_the_exact_quotient_rounded_once():
    rows = departments(person(1, posted(since="2024-09-24")), entries=[entry(1, 100)])
    assert (rows[AUDIT_OFFICE].person_days, rows[AUDIT_OFFICE].person_periods) == (7, 8)
    assert rows[AUDIT_OFFICE].average == 1314


@pytest.mark.section("7")
def test_several_people_of_one_department_are_counted_each():
    people = [person(id) for id in range(1, 8)]
    rows = departments(*people, statuses={1: "exempt", 2: "exempt", 3: "unmet"})
    assert (rows[AUDIT_OFFICE].listed, rows[AUDIT_OFFICE].assessed, rows[AUDIT_OFFICE].met) == (7, 5, 4)
