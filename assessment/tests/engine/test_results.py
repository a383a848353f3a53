import pytest

from assessment.engine.model import PartyGroupResult, PersonResult, QuotaResult
from assessment.engine.results import Roll, Standing, Sums, party_group_results, person_results
from assessment.tests.engine.build import (
    AUDIT,
    AUDIT_LAW,
    AUDIT_OFFICE,
    COUNTY,
    FINANCE,
    FINANCE_OFFICE,
    FIRST_GROUP,
    Q3,
    SECOND_GROUP,
    member,
    organization,
    person,
    posted,
)

NOTHING = Sums({}, {}, {}, {})


def results(*people, statuses=None, points=None, period=Q3, not_due=(), roll=None):
    """Results of the people, `met` unless `statuses` says otherwise."""

    def standing(service):
        return Standing((), (statuses or {}).get(service.person.id, "met"), not_due)

    return rows_of(organization(*people), standing, NOTHING._replace(points=points or {}), period, roll)


def rows_of(office, standing, sums, period=Q3, roll=None):
    return tuple(person_results(office, period.span, standing, sums, Roll() if roll is None else roll))


@pytest.mark.section("7")
def test_a_row_holds_everything_that_is_known_of_a_person():
    someone = person(
        7,
        posted(AUDIT_LAW, until="2024-08-31"),
        posted(AUDIT_OFFICE, since="2024-09-11"),
        leaves=[("2024-09-20", "2024-09-30")],
        groups=(member(FIRST_GROUP),),
    )
    quotas = (QuotaResult("读书心得", 1, 2),)
    sums = Sums(points={7: 350}, adjustments={7: -50}, year_points={7: 1200}, excellent={7: 3})
    rows = rows_of(organization(someone), lambda service: Standing(quotas, "met", ("诵读作品",)), sums)
    assert rows == (
        PersonResult(
            person=7,
            department=AUDIT_OFFICE,
            party_group=FIRST_GROUP,
            service_days=82,
            effective_days=71,
            days=((AUDIT_LAW, 62), (AUDIT_OFFICE, 9)),
            quotas=quotas,
            excellent=3,
            points=350,
            adjustment=-50,
            year_points=1200,
            status="met",
            rank=1,
            note="由审计局/法规科调入；诵读作品未到期",
        ),
    )


@pytest.mark.section("7")
def test_whoever_earned_nothing_has_zeros():
    (row,) = results(person())
    assert (row.points, row.adjustment, row.year_points, row.excellent) == (0, 0, 0, 0)
    assert row.party_group is None


@pytest.mark.section("7")
def test_each_standing_is_that_of_the_row_s_own_person():
    people = [person(1, posted(FINANCE)), person(2, posted(AUDIT))]
    rows = results(*people, statuses={1: "unmet", 2: "met"})
    assert [(row.person, row.status) for row in rows] == [(2, "met"), (1, "unmet")]


@pytest.mark.section("7")
@pytest.mark.parametrize(("until", "listed"), [("2024-06-30", []), ("2024-07-01", [1])])
def test_only_the_listed_have_a_row(until, listed):
    assert [row.person for row in results(person(1, posted(until=until)))] == listed


@pytest.mark.section("9")
def test_rows_are_in_the_tree_order_of_departments_then_by_number():
    people = [
        person(1, posted(FINANCE_OFFICE), number="0001"),
        person(2, posted(AUDIT_OFFICE), number="9"),
        person(3, posted(AUDIT_OFFICE), number="10"),
        person(4, posted(AUDIT_LAW), number="0002"),
        person(5, posted(COUNTY), number="9999"),
        person(6, posted(FINANCE), number="0003"),
        person(7, posted(AUDIT), number="0004"),
        person(8, posted(AUDIT_OFFICE), number="a"),
    ]
    assert [row.person for row in results(*people)] == [5, 7, 3, 2, 8, 4, 6, 1]


@pytest.mark.section("7")
def test_ranks_run_within_an_agency_over_all_its_departments():
    people = [
        person(1, posted(AUDIT)),
        person(2, posted(AUDIT_OFFICE)),
        person(3, posted(AUDIT_LAW)),
        person(4, posted(FINANCE_OFFICE)),
        person(5, posted(COUNTY)),
    ]
    rows = results(*people, points={1: 200, 2: 300, 3: 300, 4: 100, 5: 50})
    assert {row.person: row.rank for row in rows} == {1: 3, 2: 1, 3: 1, 4: 1, 5: 1}


@pytest.mark.section("7")
def test_the_agency_is_that_of_the_department_in_the_period():
    people = [
        person(1, posted(AUDIT_OFFICE, until="2024-09-29"), posted(FINANCE_OFFICE, since="2024-09-30")),
        person(2, posted(FINANCE_OFFICE)),
        person(3, posted(AUDIT_OFFICE)),
    ]
    rows = results(*people, points={1: 500, 2: 400, 3: 300})
    assert {row.person: row.rank for row in rows} == {1: 1, 2: 2, 3: 1}


@pytest.mark.section("7")
def test_the_exempt_have_no_rank_and_push_nobody_down():
    rows = results(person(1), person(2), person(3), statuses={1: "exempt", 3: "unmet"}, points={1: 500, 2: 1})
    assert {row.person: row.rank for row in rows} == {1: None, 2: 1, 3: 2}


def note(*postings, leaves=(), not_due=(), period=Q3):
    (row,) = results(person(1, *postings, leaves=leaves), not_due=not_due, period=period)
    return row.note


@pytest.mark.section("9")
@pytest.mark.parametrize(
    ("postings", "expected"),
    [
        ([posted(AUDIT_OFFICE)], ""),
        ([posted(AUDIT_LAW, until="2024-06-30"), posted(AUDIT_OFFICE, since="2024-07-01")], "由审计局/法规科调入"),
        (
            [posted(AUDIT_LAW, "1990-07-01", "2001-01-31"), posted(AUDIT_OFFICE, since="2024-07-01")],
            "由审计局/法规科调入",
        ),
        ([posted(AUDIT_LAW, until="2024-06-29"), posted(AUDIT_OFFICE, since="2024-06-30")], ""),
        (
            [
                posted(AUDIT_OFFICE, until="2024-07-31"),
                posted(COUNTY, "2024-08-01", "2024-08-31"),
                posted(since="2024-09-01"),
            ],
            "",
        ),
        ([posted(COUNTY, since="2024-07-01", until="2024-08-01"), posted(since="2024-08-02")], "由云山县调入"),
        ([posted(AUDIT_OFFICE, since="2024-07-01")], ""),
    ],
)
def test_a_note_names_the_department_from_which_somebody_came(postings, expected):
    assert note(*postings) == expected


@pytest.mark.section("9")
def test_a_note_joins_exemption_transfer_and_what_is_not_due_yet():
    transfer = [posted(AUDIT_LAW, until="2024-06-30"), posted(AUDIT_OFFICE, since="2024-07-01")]
    joined = note(*transfer, leaves=[("2024-07-01", "2024-08-31")], not_due=("诵读作品", "好书推荐"))
    assert joined == "请假：在岗 30/92 天；由审计局/法规科调入；诵读作品未到期；好书推荐未到期"


@pytest.mark.section("7")
def test_party_groups_sum_their_listed_members_by_name():
    people = [
        person(1, posted(AUDIT_OFFICE), groups=(member(SECOND_GROUP),)),
        person(2, posted(AUDIT_LAW), groups=(member(SECOND_GROUP),)),
        person(3, posted(FINANCE), groups=(member(FIRST_GROUP),)),
        person(4, posted(FINANCE), groups=(member(SECOND_GROUP),)),
        person(5, posted(FINANCE)),
        person(6, posted(FINANCE, until="2024-06-30"), groups=(member(FIRST_GROUP),)),
    ]
    statuses, roll = {2: "exempt", 3: "exempt", 4: "unmet"}, Roll()
    results(*people, statuses=statuses, points={1: 150, 2: 20, 3: 7, 4: 1, 5: 900, 6: 900}, roll=roll)
    assert list(party_group_results(organization(*people), roll)) == [
        PartyGroupResult("第一党小组", 1, 0, 0, 7),
        PartyGroupResult("第二党小组", 3, 2, 1, 171),
    ]
