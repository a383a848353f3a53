import pytest

from assessment.engine.service import Stay, days_between, department_before, exemption, merge, place_on, serve
from assessment.tests.engine.build import (
    AUDIT_LAW,
    AUDIT_OFFICE,
    FINANCE_OFFICE,
    FIRST_GROUP,
    Q1,
    Q3,
    SECOND_GROUP,
    YEAR,
    day,
    member,
    person,
    posted,
    span,
)
from shuxiang.periods import Quarter, Year

SUMMER = Q3.span


@pytest.mark.section("1")
@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2024-06-30", "2024-06-30", 0),
        ("2024-07-01", "2024-07-01", 1),
        ("2024-09-30", "2024-09-30", 1),
        ("2024-10-01", "2024-10-01", 0),
        ("2024-06-30", "2024-10-01", 92),
    ],
)
def test_a_quarter_runs_from_its_first_to_its_last_day_both_included(since, until, days):
    assert serve(person(1, posted(since=since, until=until)), SUMMER).service_days == days


@pytest.mark.section("1")
@pytest.mark.parametrize(
    ("period", "days"),
    [(Quarter(2023, 1), 90), (Q1, 91), (Q3, 92), (Year(2023), 365), (YEAR, 366)],
)
def test_days_of_a_period_are_calendar_days(period, days):
    assert serve(person(), period.span).service_days == days


@pytest.mark.section("1")
def test_the_year_to_date_runs_from_new_year_to_the_end_of_the_quarter():
    assert serve(person(), Q3.ytd).service_days == 274
    assert Q3.ytd == span("2024-01-01", "2024-09-30")


@pytest.mark.section("2")
def test_an_open_posting_still_runs():
    assert serve(person(1, posted(since="2024-09-29")), SUMMER).service_days == 2


@pytest.mark.section("2")
def test_days_in_a_gap_between_postings_are_not_in_service():
    someone = person(1, posted(until="2024-07-10"), posted(since="2024-07-21", until="2024-07-31"))
    assert serve(someone, SUMMER).service_days == 21
    assert serve(someone, SUMMER).stays == (
        Stay(day("2024-07-01"), day("2024-07-10"), AUDIT_OFFICE, 10),
        Stay(day("2024-07-21"), day("2024-07-31"), AUDIT_OFFICE, 11),
    )


@pytest.mark.section("2")
@pytest.mark.parametrize(
    ("leaves", "days"),
    [
        ([], 92),
        ([("2024-07-01", "2024-07-31")], 61),
        ([("2024-07-31", "2024-07-31")], 91),
        ([("2024-06-01", "2024-06-30")], 92),
        ([("2024-06-01", "2024-07-01")], 91),
        ([("2024-09-30", "2024-12-31")], 91),
        ([("2024-01-01", "2024-12-31")], 0),
        ([("2024-07-01", "2024-07-20"), ("2024-07-11", "2024-07-31")], 61),
        ([("2024-07-11", "2024-07-31"), ("2024-07-01", "2024-07-20")], 61),
        ([("2024-07-01", "2024-07-31"), ("2024-07-10", "2024-07-12")], 61),
        ([("2024-07-01", "2024-07-20"), ("2024-07-01", "2024-07-05")], 72),
        ([("2024-07-01", "2024-07-10"), ("2024-07-10", "2024-07-20")], 72),
        ([("2024-07-01", "2024-07-10"), ("2024-07-11", "2024-07-20")], 72),
        ([("2024-07-01", "2024-07-02"), ("2024-08-01", "2024-08-02"), ("2024-09-29", "2024-10-05")], 86),
    ],
)
def test_a_day_on_several_leaves_is_lost_once(leaves, days):
    assert serve(person(leaves=leaves), SUMMER).effective_days == days


@pytest.mark.section("2")
def test_overlapping_leaves_merge_into_disjoint_ones():
    leaves = [
        (day("2024-07-05"), day("2024-07-06")),
        (day("2024-07-01"), day("2024-07-02")),
        (day("2024-07-06"), day("2024-07-08")),
        (day("2024-07-07"), day("2024-07-07")),
        (day("2024-07-20"), day("2024-07-21")),
    ]
    assert merge(leaves) == [
        (day("2024-07-01"), day("2024-07-02")),
        (day("2024-07-05"), day("2024-07-08")),
        (day("2024-07-20"), day("2024-07-21")),
    ]


@pytest.mark.section("2")
def test_days_between_two_dates_include_both():
    assert days_between(day("2024-07-01"), day("2024-07-01")) == 1
    assert days_between(day("2024-07-01"), day("2024-07-31")) == 31
    assert days_between(day("2024-07-02"), day("2024-07-01")) == 0
    assert days_between(day("2024-07-31"), day("2024-07-01")) == 0


@pytest.mark.section("2")
def test_leave_outside_service_takes_nothing_away():
    someone = person(1, posted(until="2024-07-31"), leaves=[("2024-07-25", "2024-08-31")])
    assert serve(someone, SUMMER).service_days == 31
    assert serve(someone, SUMMER).effective_days == 24


@pytest.mark.section("2")
def test_effective_days_are_kept_apart_by_posting():
    someone = person(
        1,
        posted(AUDIT_OFFICE, until="2024-08-15"),
        posted(FINANCE_OFFICE, since="2024-08-16"),
        leaves=[("2024-08-11", "2024-08-20"), ("2024-09-30", "2024-09-30")],
    )
    assert [stay[2:] for stay in serve(someone, SUMMER).stays] == [(AUDIT_OFFICE, 41), (FINANCE_OFFICE, 40)]
    assert serve(someone, SUMMER).effective_days == 81


@pytest.mark.section("2")
@pytest.mark.parametrize(("until", "expected"), [("2024-06-30", False), ("2024-07-01", True)])
def test_one_day_in_service_makes_a_person_listed(until, expected):
    assert (serve(person(1, posted(until=until)), SUMMER).department is not None) is expected


@pytest.mark.section("2")
def test_somebody_on_leave_throughout_is_still_listed():
    assert serve(person(leaves=[("2024-01-01", "2024-12-31")]), SUMMER).department == AUDIT_OFFICE


@pytest.mark.section("2")
def test_a_posting_includes_both_its_ends():
    postings = (posted(AUDIT_OFFICE, "2024-07-02", "2024-07-03"), posted(AUDIT_LAW, "2024-07-04", "2024-07-05"))
    places = [place_on(postings, day(f"2024-07-0{number}")) for number in range(1, 7)]
    assert places == [None, AUDIT_OFFICE, AUDIT_OFFICE, AUDIT_LAW, AUDIT_LAW, None]


@pytest.mark.section("2")
@pytest.mark.parametrize(
    ("postings", "department"),
    [
        ([posted(AUDIT_OFFICE, until="2024-09-29"), posted(AUDIT_LAW, since="2024-09-30")], AUDIT_LAW),
        ([posted(AUDIT_LAW, since="2024-09-30"), posted(AUDIT_OFFICE, until="2024-09-29")], AUDIT_LAW),
        ([posted(AUDIT_OFFICE, until="2024-09-30"), posted(AUDIT_LAW, since="2024-10-01")], AUDIT_OFFICE),
        ([posted(AUDIT_OFFICE, until="2024-07-01")], AUDIT_OFFICE),
        ([posted(AUDIT_OFFICE, until="2024-06-30")], None),
    ],
)
def test_the_department_of_a_period_is_that_of_the_last_day_in_service(postings, department):
    assert serve(person(1, *postings), SUMMER).department == department


@pytest.mark.section("2")
@pytest.mark.parametrize(
    ("until", "groups", "group"),
    [
        (
            "9999-12-31",
            [member(FIRST_GROUP, until="2024-09-29"), member(SECOND_GROUP, since="2024-09-30")],
            SECOND_GROUP,
        ),
        (
            "2024-08-31",
            [member(FIRST_GROUP, until="2024-08-31"), member(SECOND_GROUP, since="2024-09-01")],
            FIRST_GROUP,
        ),
        ("9999-12-31", [member(FIRST_GROUP, until="2024-09-29")], None),
        ("9999-12-31", [], None),
        ("2024-06-30", [member(FIRST_GROUP)], None),
    ],
)
def test_the_party_group_of_a_period_is_that_of_the_last_day_in_service(until, groups, group):
    assert serve(person(1, posted(until=until), groups=tuple(groups)), SUMMER).party_group == group


@pytest.mark.section("9")
@pytest.mark.parametrize(
    ("postings", "department"),
    [
        ([posted(AUDIT_LAW, until="2024-06-30"), posted(AUDIT_OFFICE, since="2024-07-01")], AUDIT_LAW),
        ([posted(AUDIT_LAW, "1990-07-01", "2001-01-31"), posted(AUDIT_OFFICE, since="2024-07-05")], AUDIT_LAW),
        ([posted(AUDIT_LAW, until="2024-07-01"), posted(AUDIT_OFFICE, since="2024-07-02")], AUDIT_LAW),
        ([posted(AUDIT_LAW, since="2024-07-02"), posted(AUDIT_OFFICE, until="2024-06-30")], AUDIT_OFFICE),
        (
            [
                posted(FINANCE_OFFICE, since="2024-08-01"),
                posted(AUDIT_LAW, since="2024-07-01", until="2024-07-10"),
                posted(AUDIT_OFFICE, since="2024-07-11", until="2024-07-31"),
            ],
            AUDIT_LAW,
        ),
        ([posted(AUDIT_LAW, since="2024-10-01")], None),
    ],
)
def test_where_somebody_comes_from_is_the_last_department_before_else_the_first_one(postings, department):
    assert department_before(serve(person(1, *postings), SUMMER)) == department


@pytest.mark.section("2")
@pytest.mark.parametrize(
    ("period", "since", "shown"),
    [
        (Q3, "2024-08-16", "None"),
        (Q3, "2024-08-17", "新入职：在岗 45/92 天"),
        (Q3, "2024-09-01", "新入职：在岗 30/92 天"),
        (Q1, "2024-02-15", "None"),
        (Q1, "2024-02-16", "新入职：在岗 45/91 天"),
        (YEAR, "2024-07-02", "None"),
        (YEAR, "2024-07-03", "新入职：在岗 182/366 天"),
    ],
)
def test_less_than_half_of_the_days_exempts(period, since, shown):
    assert str(exemption(serve(person(1, posted(since=since)), period.span))) == shown


ALWAYS = [posted()]
FIRST_46_DAYS, FIRST_45_DAYS = [posted(until="2024-08-15")], [posted(until="2024-08-14")]
LAST_46_DAYS = [posted(since="2024-08-16")]


@pytest.mark.section("2")
@pytest.mark.parametrize(
    ("postings", "leaves", "shown"),
    [
        (ALWAYS, [("2024-07-01", "2024-08-15")], "None"),
        (ALWAYS, [("2024-07-01", "2024-08-16")], "请假：在岗 45/92 天"),
        (FIRST_46_DAYS, [], "None"),
        (FIRST_46_DAYS, [("2024-08-15", "2024-08-15")], "请假：在岗 45/92 天"),
        (FIRST_45_DAYS, [("2024-08-14", "2024-08-14")], "离岗：在岗 44/92 天"),
        (LAST_46_DAYS, [("2024-09-30", "2024-09-30")], "请假：在岗 45/92 天"),
    ],
)
def test_leave_is_the_reason_where_the_person_would_be_bound_without_it(postings, leaves, shown):
    assert str(exemption(serve(person(1, *postings, leaves=leaves), SUMMER))) == shown


@pytest.mark.section("2")
@pytest.mark.parametrize(
    ("postings", "shown"),
    [
        ([("2020-01-01", "2024-07-31")], "离岗：在岗 31/92 天"),
        ([("2024-08-01", "2024-08-31")], "离岗：在岗 31/92 天"),
        ([("2024-09-01", "2024-09-29")], "离岗：在岗 29/92 天"),
        ([("2024-09-01", "2024-09-30")], "新入职：在岗 30/92 天"),
        ([("2024-07-02", "2024-07-10"), ("2024-09-10", "9999-12-31")], "新入职：在岗 30/92 天"),
        ([("2020-01-01", "2024-07-10"), ("2024-09-21", "9999-12-31")], "任职间断：在岗 20/92 天"),
        ([("2024-07-01", "2024-07-01"), ("2024-09-30", "2024-09-30")], "任职间断：在岗 2/92 天"),
    ],
)
def test_the_reason_of_an_exemption_is_the_first_that_holds(postings, shown):
    someone = person(1, *(posted(since=since, until=until) for since, until in postings))
    assert str(exemption(serve(someone, SUMMER))) == shown
