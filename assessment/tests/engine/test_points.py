import pytest

from assessment.engine.model import Entry, Rule
from assessment.engine.points import credited, cut, entries_of, parts_of
from assessment.tests.engine.build import (
    AUDIT_LAW,
    AUDIT_OFFICE,
    DEFAULT,
    FINANCE_OFFICE,
    Q1,
    day,
    fact,
    person,
    posted,
    scheme,
    shares,
)


def entries(facts, *people, by_scheme=DEFAULT, given=None):
    """Person by person."""
    found = entries_of(shares(facts, *(people or [person(1), person(2), person(3)])), by_scheme, given or {})
    return [row for own in found for row in own]


def earned(facts, *people, by_scheme=DEFAULT, given=None):
    """(person, rule, points) of each entry."""
    return [(row.person, row.rule, row.points) for row in entries(facts, *people, by_scheme=by_scheme, given=given)]


def capped(facts, *people, by_scheme=DEFAULT, given=None):
    """(points, note) of each entry."""
    return [(row.points, row.note) for row in entries(facts, *people, by_scheme=by_scheme, given=given)]


@pytest.mark.section("4")
@pytest.mark.parametrize(
    ("kind", "grade", "expected"),
    [
        ("essay", "", [("essay.base", 100)]),
        ("essay", "pass", [("essay.base", 100)]),
        ("essay", "good", [("essay.base", 100), ("essay.good", 100)]),
        ("essay", "excellent", [("essay.base", 100), ("essay.excellent", 200)]),
        ("recitation", "pass", [("recitation.base", 200)]),
        ("recitation", "good", [("recitation.base", 200), ("recitation.good", 100)]),
        ("recitation", "excellent", [("recitation.base", 200), ("recitation.excellent", 200)]),
        ("recommendation", "pass", [("recommendation.base", 100)]),
        ("recommendation", "good", [("recommendation.base", 100), ("recommendation.good", 50)]),
        ("recommendation", "excellent", [("recommendation.base", 100), ("recommendation.excellent", 100)]),
        ("creation", "", []),
        ("creation", "good", []),
        ("creation", "excellent", [("creation.excellent", 100)]),
        ("idea", "", [("idea.adopted", 300)]),
        ("idea", "excellent", [("idea.adopted", 300)]),
        ("attendance", "", [("activity.attend", 50)]),
        ("speaking", "", [("activity.speak", 100)]),
        ("plan", "", [("plan.completed", 100)]),
        ("publication", "county", [("publication.county", 200)]),
        ("publication", "city", [("publication.city", 300)]),
        ("publication", "province", [("publication.province", 500)]),
    ],
)
def test_a_fact_earns_by_every_rule_that_matches_its_kind_and_grade(kind, grade, expected):
    assert earned([fact(kind=kind, grade=grade)]) == [(1, rule, points) for rule, points in expected]


@pytest.mark.section("4")
def test_a_kind_without_a_rule_earns_nothing():
    assert earned([fact(kind="essay")], by_scheme=scheme(Rule("plan.completed", "plan", "any", 100))) == []


@pytest.mark.section("4")
def test_a_rule_that_does_not_match_does_not_hide_those_after_it():
    rules = scheme(
        Rule("essay.good", "essay", "good", 100),
        Rule("essay.excellent", "essay", "excellent", 200),
        Rule("essay.base", "essay", "any", 300),
    )
    assert earned([fact(grade="excellent")], by_scheme=rules) == [(1, "essay.excellent", 200), (1, "essay.base", 300)]


@pytest.mark.section("5")
def test_there_is_one_entry_for_each_fact_rule_and_counting_contributor():
    facts = [fact("S-1", on="2024-01-10", by=(1, 2), grade="good"), fact("A-1", "attendance", "2024-01-09", by=(2,))]
    assert entries(facts, person(1, posted(AUDIT_LAW)), person(2, posted(FINANCE_OFFICE))) == [
        Entry(1, AUDIT_LAW, day("2024-01-10"), "essay", "S-1", "题目S-1", "good", "essay.base", 50, ""),
        Entry(1, AUDIT_LAW, day("2024-01-10"), "essay", "S-1", "题目S-1", "good", "essay.good", 50, ""),
        Entry(2, FINANCE_OFFICE, day("2024-01-09"), "attendance", "A-1", "题目A-1", "", "activity.attend", 50, ""),
        Entry(2, FINANCE_OFFICE, day("2024-01-10"), "essay", "S-1", "题目S-1", "good", "essay.base", 50, ""),
        Entry(2, FINANCE_OFFICE, day("2024-01-10"), "essay", "S-1", "题目S-1", "good", "essay.good", 50, ""),
    ]


@pytest.mark.section("5")
def test_a_fact_without_a_counting_contributor_gives_no_entry_and_leaves_those_after_it():
    facts = [fact("S-1", on="2024-01-10", by=(9,)), fact("A-2", "attendance", on="2024-01-11")]
    assert earned(facts) == [(1, "activity.attend", 50)]


@pytest.mark.section("5.1")
def test_a_late_base_rule_gives_half_and_its_bonus_stays_whole():
    late = fact(on="2024-04-05", grade="excellent", names=Q1)
    assert earned([late]) == [(1, "essay.base", 50), (1, "essay.excellent", 200)]
    on_time = fact(on="2024-03-31", grade="excellent")
    assert earned([on_time]) == [(1, "essay.base", 100), (1, "essay.excellent", 200)]


@pytest.mark.section("5.1")
@pytest.mark.parametrize(("points", "factor", "given"), [(25, "0.50", 13), (24, "0.50", 12), (100, "0.33", 33)])
def test_late_points_are_rounded_half_up(points, factor, given):
    rules = scheme(Rule("essay.base", "essay", "any", points), late_factor=factor)
    assert earned([fact(on="2024-04-05", names=Q1)], by_scheme=rules) == [(1, "essay.base", given)]


@pytest.mark.section("5.1")
def test_late_points_are_rounded_before_they_are_shared():
    rules = scheme(Rule("essay.base", "essay", "any", 25))
    late = fact(on="2024-04-05", by=(1, 2, 3), names=Q1)
    assert earned([late], by_scheme=rules) == [(1, "essay.base", 5), (2, "essay.base", 4), (3, "essay.base", 4)]


@pytest.mark.section("5.2")
@pytest.mark.parametrize(
    ("cents", "count", "parts"),
    [
        (100, 1, [100]),
        (100, 2, [50, 50]),
        (100, 3, [34, 33, 33]),
        (200, 3, [68, 66, 66]),
        (50, 4, [14, 12, 12, 12]),
        (500, 7, [74, 71, 71, 71, 71, 71, 71]),
        (1, 2, [1, 0]),
        (0, 3, [0, 0, 0]),
    ],
)
def test_shares_are_whole_cents_and_the_first_gets_what_is_left_over(cents, count, parts):
    assert parts_of(cents, count) == parts


@pytest.mark.section("5.2")
def test_the_cents_left_over_go_to_the_first_who_counts():
    facts = [fact(on="2024-02-10", by=(3, 2, 1, 4))]
    people = [person(1), person(2), person(3, posted(until="2024-02-09")), person(4)]
    assert earned(facts, *people) == [(1, "essay.base", 33), (2, "essay.base", 34), (4, "essay.base", 33)]


@pytest.mark.section("5.3")
def test_a_quarter_cap_cuts_in_the_order_of_date_and_reference():
    rules = scheme(Rule("essay.base", "essay", "any", 100, quarter_cap=150))
    facts = [fact("S-9", on="2024-01-10"), fact("S-8", on="2024-02-01"), fact("S-10", on="2024-01-10")]
    rows = [(row.reference, row.points, row.note) for row in entries(facts, by_scheme=rules)]
    assert rows == [("S-10", 100, ""), ("S-9", 50, "季度封顶"), ("S-8", 0, "季度封顶")]


@pytest.mark.section("5.3")
def test_reaching_a_cap_exactly_cuts_nothing():
    rules = scheme(Rule("essay.base", "essay", "any", 100, quarter_cap=200, year_cap=300))
    facts = [fact("S-1"), fact("S-2"), fact("S-3")]
    assert capped(facts, by_scheme=rules, given={"essay.base": {1: 100}}) == [(100, ""), (100, ""), (0, "季度封顶")]


@pytest.mark.section("5.3")
@pytest.mark.parametrize(
    ("earlier", "points", "note"),
    [
        (0, 200, ""),
        (200, 200, ""),
        (201, 199, "年度封顶"),
        (399, 1, "年度封顶"),
        (400, 0, "年度封顶"),
        (450, 0, "年度封顶"),
    ],
)
def test_a_year_cap_leaves_what_the_earlier_quarters_did_not_use(earlier, points, note):
    given = {"recitation.base": {1: earlier, 2: 9999}, "essay.base": {1: 9999}}
    assert capped([fact(kind="recitation")], given=given) == [(points, note)]


@pytest.mark.section("5.3")
def test_a_year_cap_counts_the_preceding_entries_of_the_quarter_too():
    facts = [fact(f"A-{number}", "attendance") for number in range(1, 5)]
    rows = capped(facts, given={"activity.attend": {1: 275}})
    assert rows == [(50, ""), (50, ""), (25, "年度封顶"), (0, "年度封顶")]


@pytest.mark.section("5.3")
@pytest.mark.parametrize(
    ("quarter_cap", "year_cap", "points", "note"),
    [
        (200, 400, 200, "季度封顶"),
        (200, 200, 200, "季度封顶"),
        (200, 199, 199, "年度封顶"),
        (300, 100, 100, "年度封顶"),
        (None, 300, 300, ""),
        (300, None, 300, ""),
        (None, None, 300, ""),
        (0, 0, 0, "季度封顶"),
    ],
)
def test_where_both_caps_cut_the_note_is_of_the_one_that_cut_last(quarter_cap, year_cap, points, note):
    rules = scheme(Rule("essay.base", "essay", "any", 300, quarter_cap, year_cap))
    assert capped([fact()], by_scheme=rules) == [(points, note)]


@pytest.mark.section("5.3")
def test_a_cap_is_each_cadres_own_and_each_rules_own():
    facts = [
        fact("S-1", by=(1,), grade="good"),
        fact("S-2", by=(2,), grade="good"),
        fact("S-3", by=(1,), grade="good"),
    ]
    assert earned(facts) == [
        (1, "essay.base", 100),
        (1, "essay.good", 100),
        (1, "essay.base", 0),
        (1, "essay.good", 100),
        (2, "essay.base", 100),
        (2, "essay.good", 100),
    ]


@pytest.mark.section("5.3")
def test_a_cap_cuts_the_share_not_the_work():
    facts = [fact(f"S-{number}", by=(1, 2)) for number in range(1, 4)]
    assert capped(facts) == [(50, ""), (50, ""), (0, "季度封顶")] * 2


@pytest.mark.section("5.3")
@pytest.mark.parametrize(
    ("cents", "cap", "given", "left", "was_cut"),
    [
        (100, 150, 50, 100, False),
        (100, 150, 51, 99, True),
        (0, 150, 150, 0, False),
        (100, 150, 200, 0, True),
    ],
)
def test_a_cut_says_what_is_left_and_whether_it_took_anything(cents, cap, given, left, was_cut):
    assert cut(cents, cap, given) == (left, was_cut)


@pytest.mark.section("5")
def test_entries_of_nothing_stay():
    rules = scheme(Rule("essay.base", "essay", "any", 1))
    assert capped([fact(by=(1, 2))], by_scheme=rules) == [(1, ""), (0, "")]


MOVER = person(
    1,
    posted(AUDIT_OFFICE, until="2024-02-14"),
    posted(FINANCE_OFFICE, "2024-02-15", "2024-04-03"),
    posted(AUDIT_LAW, "2024-04-04"),
)


@pytest.mark.section("5.4")
@pytest.mark.parametrize(
    ("on", "department"),
    [
        ("2024-02-14", AUDIT_OFFICE),
        ("2024-02-15", FINANCE_OFFICE),
        ("2024-04-03", FINANCE_OFFICE),
        ("2024-04-04", AUDIT_LAW),
    ],
)
def test_an_entry_credits_the_department_of_the_credit_date(on, department):
    assert [row.department for row in entries([fact(on=on)], MOVER)] == [department]


@pytest.mark.section("5.4")
def test_an_entry_of_a_late_fact_credits_the_department_in_the_named_quarter():
    late = fact(on="2024-04-05", grade="good", names=Q1)
    assert [row.department for row in entries([late], MOVER)] == [FINANCE_OFFICE, FINANCE_OFFICE]
    assert credited(MOVER, late) == FINANCE_OFFICE


@pytest.mark.section("5.4")
def test_of_a_collective_work_each_share_credits_the_department_of_its_own_contributor():
    rows = entries([fact(on="2024-03-01", by=(1, 2))], MOVER, person(2, posted(AUDIT_LAW)))
    assert [(row.person, row.department) for row in rows] == [(1, FINANCE_OFFICE), (2, AUDIT_LAW)]
