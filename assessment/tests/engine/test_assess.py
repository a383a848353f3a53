import pytest

from assessment.engine.assess import Book, quarter_entries
from assessment.engine.model import Quota, QuotaResult, Rule
from assessment.engine.points import claims_by_quarter
from assessment.tests.engine.build import (
    AUDIT,
    AUDIT_OFFICE,
    COUNTY,
    DEFAULT,
    ESSAYS,
    FINANCE_OFFICE,
    Q1,
    Q2,
    Q3,
    Q4,
    RECITATIONS,
    YEAR,
    Books,
    fact,
    person,
    posted,
    scheme,
)
from shuxiang.periods import Quarter

RECOMMENDED = fact("T-1", "recommendation", on="2024-11-01")


@pytest.mark.section("3")
def test_a_fact_belongs_to_the_quarter_that_it_names():
    facts = [fact("S-1", on="2024-03-31"), fact("S-2", on="2024-04-01"), fact("S-3", on="2024-04-10", names=Q1)]
    found = claims_by_quarter(facts)
    assert {
        quarter: {id: [row.reference for row in rows] for id, rows in own.items()} for quarter, own in found.items()
    } == {
        Q1: {1: ["S-1", "S-3"]},
        Q2: {1: ["S-2"]},
    }


@pytest.mark.section("5.3")
def test_a_quarter_cap_begins_anew_and_a_year_cap_runs_through_the_year():
    books = Books([*RECITATIONS, fact("L-9", "recitation", on="2024-01-11")], person())
    assert [books.gave(quarter) for quarter in YEAR.quarters] == [
        [("recitation.base", 200, ""), ("recitation.base", 0, "季度封顶")],
        [("recitation.base", 200, "")],
        [("recitation.base", 0, "年度封顶")],
        [("recitation.base", 0, "年度封顶")],
    ]


@pytest.mark.section("5.3")
def test_a_year_cap_begins_anew_with_the_year():
    books = Books(RECITATIONS, person())
    new_year = Quarter(2025, 1)
    claims = claims_by_quarter([fact("L-5", "recitation", on="2025-01-10")])[new_year]
    [rows] = quarter_entries(new_year, books.organization, DEFAULT, claims, {**books.books, new_year: Book()})
    assert [row.points for row in rows] == [200]


@pytest.mark.section("5.3")
def test_a_year_cap_takes_a_rule_of_another_version_with_the_same_code_for_the_same():
    changed = scheme(Rule("recitation.base", "recitation", "any", 300, year_cap=600))
    schemes = {Q1: DEFAULT, Q2: DEFAULT, Q3: changed, Q4: changed}
    books = Books(RECITATIONS, person(), schemes=schemes)
    assert [books.gave(quarter)[0][1:] for quarter in YEAR.quarters] == [
        (200, ""),
        (200, ""),
        (200, "年度封顶"),
        (0, "年度封顶"),
    ]


@pytest.mark.section("7")
def test_year_points_add_up_to_the_end_of_the_period():
    books = Books([*ESSAYS, *RECITATIONS], person())
    rows = [books.person(period) for period in (*YEAR.quarters, YEAR)]
    assert [row.points for row in rows] == [300, 300, 100, 100, 800]
    assert [row.year_points for row in rows] == [300, 600, 700, 800, 800]


@pytest.mark.section("6")
def test_a_quarters_sheet_shows_its_own_works_and_those_of_the_year_to_date():
    books = Books([*ESSAYS[:2], *RECITATIONS[:3]], person())
    rows = [books.person(quarter) for quarter in YEAR.quarters]
    assert [row.quotas for row in rows] == [
        (QuotaResult("诵读作品", 1, 1), QuotaResult("读书心得", 1, 1), QuotaResult("好书推荐", 1, 0)),
        (QuotaResult("诵读作品", 1, 2), QuotaResult("读书心得", 1, 1), QuotaResult("好书推荐", 1, 0)),
        (QuotaResult("诵读作品", 1, 3), QuotaResult("读书心得", 1, 0), QuotaResult("好书推荐", 1, 0)),
        (QuotaResult("诵读作品", 1, 3), QuotaResult("读书心得", 1, 0), QuotaResult("好书推荐", 1, 0)),
    ]
    assert [(row.status, row.note) for row in rows] == [
        ("met", "好书推荐未到期"),
        ("met", "好书推荐未到期"),
        ("unmet", "好书推荐未到期"),
        ("unmet", ""),
    ]


@pytest.mark.section("6")
def test_each_is_judged_by_what_binds_and_what_was_done():
    """Of one sheet: nothing done, the quarter's essay, last quarter's recitation, more of it, away now, away before."""
    facts = [
        fact("S-1", on="2024-05-10", by=(2, 6)),
        fact("S-2", on="2024-05-11", by=(6,)),
        fact("L-1", "recitation", by=(3,)),
        fact("L-2", "recitation", on="2024-05-10", by=(3,)),
    ]
    away_now, away_before = [("2024-04-01", "2024-06-30")], [("2024-01-01", "2024-04-10")]
    people = [person(id) for id in (1, 2, 3, 6)]
    people += [person(4, leaves=away_now), person(5, leaves=away_before)]
    found = Books(facts, *people).results(Q2).people
    assert {row.person: (row.status, *[(due, done) for _, due, done in row.quotas], row.note) for row in found} == {
        1: ("unmet", (1, 0), (1, 0), (1, 0), "诵读作品未到期；好书推荐未到期"),
        2: ("met", (1, 0), (1, 1), (1, 0), "诵读作品未到期；好书推荐未到期"),
        3: ("unmet", (1, 2), (1, 0), (1, 0), "好书推荐未到期"),
        4: ("exempt", (1, 0), (0, 0), (1, 0), "请假：在岗 0/91 天；诵读作品未到期；好书推荐未到期"),
        5: ("unmet", (0, 0), (1, 0), (0, 0), ""),
        6: ("met", (1, 0), (1, 2), (1, 0), "诵读作品未到期；好书推荐未到期"),
    }


@pytest.mark.section("6")
def test_a_late_work_meets_the_quota_of_the_quarter_that_it_names():
    books = Books([fact(on="2024-04-10", names=Q1)], person())
    assert [books.person(quarter).status for quarter in (Q1, Q2)] == ["met", "unmet"]


@pytest.mark.section("6")
def test_caps_play_no_part_in_quotas():
    two_a_quarter = scheme(*DEFAULT.rules, quotas=(Quota("essay", "读书心得", "quarter", 2),))
    books = Books([fact("S-1"), fact("S-2")], person(), schemes=dict.fromkeys(YEAR.quarters, two_a_quarter))
    row = books.person(Q1)
    assert (row.points, row.quotas, row.status) == (100, (QuotaResult("读书心得", 2, 2),), "met")


@pytest.mark.section("6")
def test_a_year_judges_its_quarters_and_its_annual_quotas():
    whole = Books([*ESSAYS, RECITATIONS[0], RECOMMENDED], person()).person(YEAR)
    assert whole.quotas == (QuotaResult("诵读作品", 1, 1), QuotaResult("读书心得", 4, 4), QuotaResult("好书推荐", 1, 1))
    assert (whole.status, whole.note) == ("met", "")
    assert Books([*ESSAYS, RECITATIONS[0]], person()).person(YEAR).status == "unmet"
    assert Books([*ESSAYS[1:], RECITATIONS[0], RECOMMENDED], person()).person(YEAR).status == "unmet"


@pytest.mark.section("6")
def test_who_joins_in_spring_is_bound_for_the_year_but_not_for_the_first_quarter():
    newcomer = person(1, posted(since="2024-04-01"))
    row = Books([*ESSAYS[1:], RECITATIONS[1], RECOMMENDED], newcomer).person(YEAR)
    assert (row.status, row.quotas[1], row.note) == ("met", QuotaResult("读书心得", 3, 3), "")


@pytest.mark.section("6")
def test_who_serves_less_than_half_of_the_year_is_exempt_for_the_year():
    row = Books(ESSAYS, person(1, posted(since="2024-07-03"))).person(YEAR)
    assert (row.status, row.rank, row.note) == ("exempt", None, "新入职：在岗 182/366 天")
    assert row.quotas == (QuotaResult("诵读作品", 0, 0), QuotaResult("读书心得", 0, 2), QuotaResult("好书推荐", 0, 0))


@pytest.mark.section("6")
def test_a_year_judges_the_current_facts_although_a_sealed_ledger_stays_as_it_was():
    books = Books([*ESSAYS, RECITATIONS[0], RECOMMENDED], person())
    books.books[Q1] = Book(books.books[Q1].done)
    row = books.person(YEAR)
    assert (row.status, row.quotas[0], row.points) == ("met", QuotaResult("诵读作品", 1, 1), 400)


@pytest.mark.section("6")
def test_where_the_scheme_changes_within_a_year_each_quarter_follows_its_own():
    before = scheme(
        Rule("essay.base", "essay", "any", 100, year_cap=300), quotas=(Quota("essay", "读书心得", "quarter", 1),)
    )
    after = scheme(
        Rule("essay.base", "essay", "any", 200, year_cap=500), quotas=(Quota("essay", "读书心得", "quarter", 2),)
    )
    books = Books(
        [*ESSAYS, fact("S-5", on="2024-10-11")], person(), schemes={Q1: before, Q2: before, Q3: after, Q4: after}
    )
    assert [(books.person(quarter).points, books.person(quarter).status) for quarter in YEAR.quarters] == [
        (100, "met"),
        (100, "met"),
        (200, "unmet"),
        (100, "met"),
    ]
    row = books.person(YEAR)
    assert (row.quotas, row.status) == ((QuotaResult("读书心得", 6, 5),), "unmet")


@pytest.mark.section("7")
def test_excellent_works_are_those_of_the_period():
    facts = [
        fact("S-1", on="2024-01-10", by=(1, 2), grade="excellent"),
        fact("S-2", on="2024-04-05", grade="excellent", names=Q1),
        fact("S-3", on="2024-04-06", grade="excellent"),
        fact("S-4", on="2024-01-11", grade="good"),
    ]
    books = Books(facts, person(1), person(2))
    assert [books.person(period).excellent for period in (Q1, Q2, Q3, YEAR)] == [2, 1, 0, 3]
    assert [books.department(period, AUDIT).excellent for period in (Q1, Q2, Q3, YEAR)] == [2, 1, 0, 3]
    assert books.person(YEAR, id=2).excellent == 1


@pytest.mark.section("7")
def test_a_year_takes_departments_and_person_days_of_the_whole_year():
    mover = person(1, posted(AUDIT_OFFICE, until="2024-11-30"), posted(FINANCE_OFFICE, since="2024-12-01"))
    books = Books(ESSAYS, mover, person(2))
    results = books.results(YEAR)
    found = [(row.department, row.listed, row.points, row.person_days, row.average) for row in results.departments]
    assert found[1] == (AUDIT_OFFICE, 1, 400, 701, 209)
    assert found[3] == (FINANCE_OFFICE, 1, 0, 31, 0)
    assert found[4] == (COUNTY, 2, 400, 732, 200)
    assert [(row.department, row.note, row.service_days) for row in results.people] == [
        (AUDIT_OFFICE, "", 366),
        (FINANCE_OFFICE, "由审计局/办公室调入", 366),
    ]


@pytest.mark.section("2")
def test_whoever_is_exempt_by_leave_earns_all_the_same():
    row = Books(ESSAYS, person(leaves=[("2024-01-01", "2024-03-31")])).person(Q1)
    assert (row.points, row.status, row.rank, row.note) == (100, "exempt", None, "请假：在岗 0/91 天")


@pytest.mark.section("3")
def test_speaking_takes_the_place_of_attendance_in_the_ledger():
    facts = [fact("A-1", "attendance"), fact("A-1", "speaking"), fact("A-2", "attendance")]
    assert Books(facts, person()).gave(Q1) == [("activity.speak", 100, ""), ("activity.attend", 50, "")]


@pytest.mark.section("3")
def test_publication_levels_are_compared_within_a_quarter():
    facts = [
        fact("S-1/county", "publication", "2024-02-01", grade="county"),
        fact("S-1/city", "publication", "2024-03-01", grade="city"),
        fact("S-1/province", "publication", "2024-05-01", grade="province"),
    ]
    books = Books(facts, person())
    assert books.gave(Q1) == [("publication.city", 300, "")]
    assert books.gave(Q2) == [("publication.province", 500, "")]


@pytest.mark.section("3")
def test_a_corrected_posting_takes_share_and_quota_from_whoever_was_not_there():
    facts = [fact(on="2024-02-10", by=(1, 2, 3), grade="excellent")]
    others = [person(2), person(3)]
    before = Books(facts, person(1), *others)
    assert [(row.person, row.points) for row in before.ledger[Q1]] == [
        (1, 34),
        (1, 68),
        (2, 33),
        (2, 66),
        (3, 33),
        (3, 66),
    ]
    after = Books(facts, person(1, posted(since="2024-02-11")), *others)
    assert [(row.person, row.points) for row in after.ledger[Q1]] == [(2, 50), (2, 100), (3, 50), (3, 100)]
    gone = after.person(Q1)
    assert (gone.points, gone.excellent, gone.status, gone.quotas[1].done) == (0, 0, "unmet", 0)


@pytest.mark.section("7")
def test_a_period_without_facts_has_results_all_the_same():
    books = Books([], person())
    for period in (*YEAR.quarters, YEAR):
        row = books.person(period)
        assert (row.points, row.year_points, row.adjustment, row.excellent, row.rank) == (0, 0, 0, 0, 1)
        assert books.department(period, COUNTY).average == 0
