import pytest

from assessment.engine.points import countable
from assessment.tests.engine.build import AUDIT_LAW, Q1, Q2, fact, person, posted, shares


def counted(facts, *people):
    """(kind, reference, contributors) of the facts in which somebody counts."""
    teams = {}
    for id, own in shares(facts, *people):
        for share in own:
            teams.setdefault(share.fact, {})[share.place] = id
            assert share.place < share.among
    return [
        (fact.kind, fact.reference, tuple(team[place] for place in range(len(team))))
        for fact, team in sorted(teams.items(), key=lambda row: row[0].reference)
    ]


@pytest.mark.section("3")
def test_speaking_replaces_the_same_persons_attendance_there():
    facts = [
        fact("A-1", "attendance", by=(1,)),
        fact("A-1", "speaking", by=(1,)),
        fact("A-1", "attendance", by=(2,)),
        fact("A-2", "attendance", by=(1,)),
    ]
    assert counted(facts, person(1), person(2)) == [
        ("speaking", "A-1", (1,)),
        ("attendance", "A-1", (2,)),
        ("attendance", "A-2", (1,)),
    ]


@pytest.mark.section("3")
def test_a_submission_numbered_like_an_activity_replaces_nothing():
    facts = [fact("A-1", "attendance", by=(1,)), fact("A-1", "essay", by=(1,))]
    assert counted(facts, person(1)) == [("attendance", "A-1", (1,)), ("essay", "A-1", (1,))]


@pytest.mark.section("3")
@pytest.mark.parametrize(
    ("levels", "kept"),
    [
        (["county"], ["county"]),
        (["city"], ["city"]),
        (["county", "city"], ["city"]),
        (["city", "county"], ["city"]),
        (["city", "province"], ["province"]),
        (["county", "province", "city"], ["province"]),
    ],
)
def test_of_several_levels_in_one_quarter_only_the_highest_counts(levels, kept):
    facts = [fact(f"S-1/{level}", "publication", grade=level) for level in levels]
    assert [row.grade for row in countable(facts)] == kept


@pytest.mark.section("3")
def test_levels_reached_in_different_quarters_all_count():
    facts = [
        fact("S-1/county", "publication", "2024-03-31", grade="county"),
        fact("S-1/city", "publication", "2024-04-01", grade="city"),
    ]
    assert countable(facts) == facts


@pytest.mark.section("3")
def test_publications_of_different_submissions_do_not_touch_each_other():
    facts = [
        fact("S-1/county", "publication", grade="county"),
        fact("S-2/province", "publication", grade="province"),
    ]
    assert countable(facts) == facts


@pytest.mark.section("3")
def test_a_publication_and_its_submission_both_count():
    facts = [fact("S-1", grade="good"), fact("S-1/county", "publication", grade="county")]
    assert countable(facts) == facts


@pytest.mark.section("3")
def test_facts_that_come_once_may_be_read_once():
    assert countable(iter([fact("S-1"), fact("A-1", "attendance")])) == [fact("S-1"), fact("A-1", "attendance")]


@pytest.mark.section("3")
@pytest.mark.parametrize(
    ("since", "until", "contributors"),
    [
        ("2024-01-11", "9999-12-31", (2,)),
        ("2024-01-10", "9999-12-31", (1, 2)),
        ("2020-01-01", "2024-01-10", (1, 2)),
        ("2020-01-01", "2024-01-09", (2,)),
    ],
)
def test_a_contributor_counts_who_is_in_service_on_the_credit_date(since, until, contributors):
    facts = [fact(on="2024-01-10", by=(1, 2))]
    assert counted(facts, person(1, posted(since=since, until=until)), person(2)) == [("essay", "S-1", contributors)]


@pytest.mark.section("3")
@pytest.mark.parametrize(
    ("since", "names", "contributors"),
    [
        ("2024-03-31", Q1, (1, 2)),
        ("2024-04-01", Q1, (2,)),
        ("2024-04-01", Q2, (1, 2)),
    ],
)
def test_for_a_late_work_a_contributor_must_be_listed_in_the_named_quarter(since, names, contributors):
    facts = [fact(on="2024-04-05", by=(1, 2), names=names)]
    assert counted(facts, person(1, posted(since=since)), person(2)) == [("essay", "S-1", contributors)]


@pytest.mark.section("3")
def test_for_a_late_work_a_contributor_must_still_be_in_service_on_the_credit_date():
    facts = [fact(on="2024-04-05", names=Q1)]
    assert counted(facts, person(1, posted(until="2024-04-04"))) == []
    assert counted(facts, person(1, posted(until="2024-04-05"))) == [("essay", "S-1", (1,))]


@pytest.mark.section("3")
@pytest.mark.parametrize(("on", "late"), [("2024-03-30", False), ("2024-03-31", False), ("2024-04-01", True)])
def test_a_work_is_late_after_the_last_day_of_the_quarter_that_it_names(on, late):
    assert fact(on=on, names=Q1).late is late


@pytest.mark.section("3")
def test_naming_its_own_quarter_is_the_same_as_naming_none():
    assert fact(on="2024-04-05", names=Q2) == fact(on="2024-04-05")
    assert fact(on="2024-04-05").late is False


@pytest.mark.section("2")
def test_leave_does_not_stop_anybody_from_earning():
    assert counted([fact()], person(1, leaves=[("2024-01-01", "2024-12-31")])) == [("essay", "S-1", (1,))]


@pytest.mark.section("3")
def test_the_others_keep_their_order_where_a_corrected_posting_removes_a_contributor():
    facts = [fact(on="2024-02-10", by=(3, 1, 2))]
    people = [person(1), person(2), person(3, posted(until="2024-01-31"), posted(AUDIT_LAW, since="2024-03-01"))]
    assert counted(facts, *people) == [("essay", "S-1", (1, 2))]


@pytest.mark.section("3")
def test_a_publications_contributor_who_has_left_no_longer_counts():
    facts = [fact("S-1/city", "publication", "2024-05-20", by=(1, 2), grade="city")]
    assert counted(facts, person(1, posted(until="2024-05-19")), person(2)) == [("publication", "S-1/city", (2,))]


@pytest.mark.section("3")
def test_somebody_unknown_to_the_roster_does_not_count():
    assert counted([fact(by=(1, 9))], person(1)) == [("essay", "S-1", (1,))]


@pytest.mark.section("5.3")
def test_facts_are_put_in_the_order_of_credit_date_and_reference_by_code_point():
    facts = [
        fact("S-9", on="2024-01-10"),
        fact("a-1", on="2024-01-10"),
        fact("S-10", on="2024-01-10"),
        fact("S-11", on="2024-01-09"),
        fact("心-1", on="2024-01-10"),
    ]
    [(_, own)] = shares(facts, person(1))
    assert [share.fact.reference for share in own] == ["S-11", "S-10", "S-9", "a-1", "心-1"]


@pytest.mark.section("9")
def test_people_come_in_the_order_of_their_numbers():
    facts = [fact("S-1", by=(2, 1, 3)), fact("S-2", by=(3,))]
    people = [person(1, number="G2"), person(2, number="G10"), person(3, number="G1"), person(4, number="G0")]
    assert [id for id, _ in shares(facts, *people)] == [3, 2, 1]


@pytest.mark.section("3")
def test_a_fact_that_does_not_count_hides_none_after_it():
    facts = [fact("S-1", on="2024-01-05"), fact("S-2", on="2024-02-05")]
    assert counted(facts, person(1, posted(since="2024-02-01"))) == [("essay", "S-2", (1,))]


@pytest.mark.section("3")
def test_each_collective_has_its_own_people():
    facts = [fact("S-1", by=(1, 2)), fact("S-2", by=(3, 1))]
    assert counted(facts, person(1), person(2), person(3)) == [("essay", "S-1", (1, 2)), ("essay", "S-2", (3, 1))]
