from collections import Counter

import pytest

from assessment.engine.model import Quota, QuotaResult
from assessment.engine.quotas import (
    Done,
    bound_quarters,
    not_due_yet,
    quarter_quotas,
    quarter_status,
    tally,
    year_quotas,
    year_status,
)
from assessment.engine.service import serve
from assessment.tests.engine.build import (
    DEFAULT,
    ESSAY,
    Q1,
    Q2,
    Q3,
    Q4,
    RECITATION,
    RECOMMENDATION,
    YEAR,
    fact,
    person,
    posted,
    scheme,
    shares,
)

ON_LEAVE_IN_SUMMER = [("2024-07-01", "2024-09-30")]
ALL_YEAR = dict.fromkeys(YEAR.quarters, DEFAULT)


def served(person, quarter):
    """Service in the quarter, and in the year up to its end."""
    return serve(person, quarter.span), serve(person, quarter.ytd)


def due(quotas):
    return [quota.due for quota in quotas]


def works(**done):
    return Counter(done)


def done_in(facts, *people):
    done = Done()
    for row in shares(facts, *people):
        done.add(*row)
    return done


@pytest.mark.section("6")
def test_done_counts_facts_of_a_kind_once_for_each_counting_contributor():
    facts = [
        fact("S-1", by=(1, 2)),
        fact("S-2", by=(2, 3)),
        fact("S-3", "recitation", by=(2,)),
        fact("S-4", by=(1,)),
        fact("S-5", by=(3,)),
    ]
    done = done_in(facts, person(1), person(2), person(3, posted(since="2024-02-01")))
    assert done.works == {1: {"essay": 2}, 2: {"essay": 2, "recitation": 1}}


@pytest.mark.section("6")
def test_what_was_done_in_several_quarters_adds_up_by_kind():
    quarters = [Done(works={1: {"essay": 2}}), Done(), Done(works={1: {"essay": 1, "idea": 1}, 2: {"essay": 9}})]
    assert [tally(person, quarters) for person in (1, 2, 3)] == [{"essay": 3, "idea": 1}, {"essay": 9}, {}]


@pytest.mark.section("7")
def test_excellent_works_are_counted_for_each_counting_contributor():
    facts = [
        fact("S-1", by=(1, 2), grade="excellent"),
        fact("S-2", "recitation", by=(2, 3), grade="excellent"),
        fact("S-3", by=(1,), grade="good"),
        fact("S-4", by=(4,)),
    ]
    done = done_in(facts, person(1), person(2), person(3, posted(since="2024-02-01")), person(4))
    assert done.excellent == {1: 1, 2: 2, 4: 0}


@pytest.mark.section("6")
def test_in_a_quarters_sheet_an_annual_quota_shows_the_year_to_date_and_a_quarterly_one_the_quarter():
    quarter, year = works(essay=1, recitation=1), works(essay=3, recitation=2)
    assert quarter_quotas(*served(person(), Q3), DEFAULT, quarter, year) == (
        QuotaResult("诵读作品", 1, 2),
        QuotaResult("读书心得", 1, 1),
        QuotaResult("好书推荐", 1, 0),
    )


@pytest.mark.section("2")
@pytest.mark.parametrize(
    ("since", "leaves", "expected"),
    [
        ("2020-01-01", [], [1, 1, 1]),
        ("2020-01-01", ON_LEAVE_IN_SUMMER, [1, 0, 1]),
        ("2024-05-17", [], [1, 1, 1]),
        ("2024-05-18", [], [0, 1, 0]),
        ("2024-08-16", [], [0, 1, 0]),
        ("2024-08-17", [], [0, 0, 0]),
    ],
)
def test_an_annual_quota_binds_by_the_year_to_date_and_a_quarterly_one_by_the_quarter(since, leaves, expected):
    someone = person(1, posted(since=since), leaves=leaves)
    assert due(quarter_quotas(*served(someone, Q3), DEFAULT, Counter(), Counter())) == expected


@pytest.mark.section("6")
@pytest.mark.parametrize(("done", "status"), [(0, "unmet"), (1, "unmet"), (2, "met"), (3, "met")])
def test_a_quarter_is_met_from_the_required_number_on(done, status):
    two_essays = scheme(quotas=(Quota("essay", "读书心得", "quarter", 2),))
    assert quarter_status(serve(person(), Q1.span), two_essays, works(essay=done)) == status


@pytest.mark.section("6")
@pytest.mark.parametrize(
    ("done", "status"),
    [
        (works(essay=1), "unmet"),
        (works(idea=1), "unmet"),
        (works(essay=1, idea=1), "met"),
        (works(essay=2), "unmet"),
    ],
)
def test_a_quarter_needs_all_its_quarterly_quotas(done, status):
    both = scheme(quotas=(ESSAY, Quota("idea", "学以致用", "quarter", 1)))
    assert quarter_status(serve(person(), Q1.span), both, done) == status


@pytest.mark.section("6")
@pytest.mark.parametrize("quarter", YEAR.quarters)
def test_an_unmet_annual_quota_never_makes_a_quarter_fail(quarter):
    assert quarter_status(serve(person(), quarter.span), DEFAULT, works(essay=1)) == "met"


@pytest.mark.section("6")
@pytest.mark.parametrize(("since", "status"), [("2024-08-16", "unmet"), ("2024-08-17", "exempt")])
def test_the_status_of_the_exempt_is_that_they_are(since, status):
    assert quarter_status(serve(person(1, posted(since=since)), Q3.span), DEFAULT, Counter()) == status


@pytest.mark.section("6")
def test_the_exempt_stay_so_even_if_they_did_their_quota():
    assert quarter_status(serve(person(1, posted(since="2024-09-01")), Q3.span), DEFAULT, works(essay=1)) == "exempt"


@pytest.mark.section("6")
@pytest.mark.parametrize(
    ("quarter", "names"),
    [
        (Q1, ["诵读作品", "好书推荐"]),
        (Q3, ["诵读作品", "好书推荐"]),
        (Q4, []),
    ],
)
def test_an_annual_quota_unmet_before_the_fourth_quarter_is_not_due_yet(quarter, names):
    quotas = quarter_quotas(*served(person(), quarter), DEFAULT, Counter(), Counter())
    assert not_due_yet(quarter, DEFAULT, quotas) == names


@pytest.mark.section("6")
def test_an_annual_quota_that_is_met_or_does_not_bind_is_no_longer_due():
    met = quarter_quotas(*served(person(), Q2), DEFAULT, Counter(), works(recitation=1, recommendation=2))
    assert not_due_yet(Q2, DEFAULT, met) == []
    unbound = quarter_quotas(*served(person(1, posted(since="2024-06-20")), Q2), DEFAULT, Counter(), Counter())
    assert not_due_yet(Q2, DEFAULT, unbound) == []


@pytest.mark.section("6")
def test_quotas_of_another_scheme_are_refused():
    with pytest.raises(ValueError, match="zip"):
        not_due_yet(Q2, DEFAULT, ())


@pytest.mark.section("6")
@pytest.mark.parametrize(
    ("since", "until", "leaves", "quarters"),
    [
        ("2020-01-01", "9999-12-31", [], [Q1, Q2, Q3, Q4]),
        ("2020-01-01", "9999-12-31", ON_LEAVE_IN_SUMMER, [Q1, Q2, Q4]),
        ("2024-02-15", "2024-11-15", [], [Q1, Q2, Q3, Q4]),
        ("2024-02-16", "2024-11-14", [], [Q2, Q3]),
        ("2024-04-01", "2024-09-30", [], [Q2, Q3]),
    ],
)
def test_a_quarter_binds_whoever_is_listed_and_not_exempt(since, until, leaves, quarters):
    assert bound_quarters(person(1, posted(since=since, until=until), leaves=leaves), YEAR.quarters) == quarters


@pytest.mark.section("9")
@pytest.mark.parametrize(
    ("leaves", "exempt", "expected"),
    [([], False, [1, 4, 1]), (ON_LEAVE_IN_SUMMER, False, [1, 3, 1]), ([], True, [0, 0, 0])],
)
def test_in_a_years_sheet_a_quarterly_quota_is_due_for_each_quarter_that_binds(leaves, exempt, expected):
    done = works(recitation=1, essay=3, recommendation=2)
    quotas = year_quotas(person(leaves=leaves), exempt, ALL_YEAR, done)
    assert [(quota.name, quota.done) for quota in quotas] == [("诵读作品", 1), ("读书心得", 3), ("好书推荐", 2)]
    assert due(quotas) == expected


def yearly(exempt=False, leaves=(), schemes=ALL_YEAR, **done):
    """The status of a year in which each kind was done that often in the four quarters."""
    by_quarter = {
        quarter: works(**{kind: numbers[place] for kind, numbers in done.items()})
        for place, quarter in enumerate(YEAR.quarters)
    }
    in_year = sum(by_quarter.values(), Counter())
    return year_status(person(leaves=leaves), exempt, schemes, by_quarter, in_year)


@pytest.mark.section("6")
@pytest.mark.parametrize(
    ("essays", "recitations", "recommendations", "status"),
    [
        ([1, 1, 1, 1], [0, 1, 0, 0], [0, 0, 0, 1], "met"),
        ([1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 1], "unmet"),
        ([1, 1, 1, 1], [1, 0, 0, 0], [0, 0, 0, 0], "unmet"),
        ([0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], "unmet"),
        ([1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0], "unmet"),
        ([4, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], "unmet"),
    ],
)
def test_a_year_needs_every_quarter_and_every_annual_quota(essays, recitations, recommendations, status):
    assert yearly(essay=essays, recitation=recitations, recommendation=recommendations) == status


@pytest.mark.section("6")
@pytest.mark.parametrize(("leaves", "status"), [(ON_LEAVE_IN_SUMMER, "met"), ([], "unmet")])
def test_a_quarter_in_which_somebody_is_exempt_does_not_fail_the_year(leaves, status):
    done = {"essay": [1, 1, 0, 1], "recitation": [1, 0, 0, 0], "recommendation": [1, 0, 0, 0]}
    assert yearly(leaves=leaves, **done) == status


@pytest.mark.section("6")
def test_whoever_is_exempt_for_the_year_is_not_judged():
    assert yearly(exempt=True, essay=[0, 0, 0, 0]) == "exempt"


BEFORE = scheme(quotas=(RECITATION, ESSAY, RECOMMENDATION))
AFTER = scheme(
    quotas=(
        Quota("essay", "心得体会", "quarter", 2),
        Quota("recitation", "诵读作品", "year", 3),
        Quota("idea", "学以致用", "quarter", 1),
        Quota("recommendation", "好书推荐", "quarter", 1),
    )
)
FROM_SUMMER_ON = {Q4: AFTER, Q1: BEFORE, Q3: AFTER, Q2: BEFORE}
FROM_AUTUMN_ON = {Q4: AFTER, Q1: BEFORE, Q3: BEFORE, Q2: BEFORE}


@pytest.mark.section("6")
@pytest.mark.parametrize(("schemes", "expected"), [(FROM_SUMMER_ON, [6, 3, 2, 2]), (FROM_AUTUMN_ON, [5, 3, 1, 1])])
def test_where_the_scheme_changes_annual_figures_are_the_last_quarters_and_quarterly_ones_add_up(schemes, expected):
    quotas = year_quotas(person(), False, schemes, works(essay=5, recitation=2))
    assert due(quotas) == expected
    assert [(quota.name, quota.done) for quota in quotas] == [
        ("心得体会", 5),
        ("诵读作品", 2),
        ("学以致用", 0),
        ("好书推荐", 0),
    ]


@pytest.mark.section("6")
@pytest.mark.parametrize(
    ("schemes", "essays", "recitations", "ideas", "status"),
    [
        (FROM_SUMMER_ON, [1, 1, 2, 2], [0, 0, 0, 3], [0, 0, 1, 1], "met"),
        (FROM_SUMMER_ON, [1, 1, 2, 1], [0, 0, 0, 3], [0, 0, 1, 1], "unmet"),
        (FROM_SUMMER_ON, [1, 1, 1, 2], [0, 0, 0, 3], [0, 0, 1, 1], "unmet"),
        (FROM_SUMMER_ON, [1, 0, 2, 3], [0, 0, 0, 3], [0, 0, 1, 1], "unmet"),
        (FROM_SUMMER_ON, [1, 1, 2, 2], [1, 1, 0, 0], [0, 0, 1, 1], "unmet"),
        (FROM_SUMMER_ON, [1, 1, 2, 2], [0, 0, 0, 3], [1, 1, 0, 1], "unmet"),
        (FROM_AUTUMN_ON, [1, 1, 1, 2], [3, 0, 0, 0], [0, 0, 0, 1], "met"),
        (FROM_AUTUMN_ON, [1, 1, 1, 2], [1, 1, 0, 0], [0, 0, 0, 1], "unmet"),
    ],
)
def test_where_the_scheme_changes_each_quarter_is_judged_by_its_own(schemes, essays, recitations, ideas, status):
    done = {"essay": essays, "recitation": recitations, "idea": ideas, "recommendation": [0, 0, 1, 1]}
    assert yearly(schemes=schemes, **done) == status
