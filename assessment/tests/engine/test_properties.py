"""What holds for any facts: an invented office is drawn with its people, their postings and leaves, and its facts."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.engine.assess import by_quarter, quarter_entries, quarter_results, year_results
from assessment.engine.model import Entry, Fact, Organization, Person, Placement, Results, Rule
from assessment.engine.points import count_facts, shares
from assessment.tests.engine.build import DEFAULT, FIRST_GROUP, GROUPS, SECOND_GROUP, TREE, YEAR
from shuxiang.periods import Quarter

drawn = settings(max_examples=60, deadline=None, database=None)

TIGHT = replace(
    DEFAULT,
    version=2,
    rules=tuple(
        Rule(rule.code, rule.kind, rule.grade, rule.points + 1, rule.points + 30, rule.points * 2) for rule in DEFAULT.rules
    ),
)
SCHEMES = {quarter: TIGHT if quarter.number > 2 else DEFAULT for quarter in YEAR.quarters}
PEOPLE = range(1, 6)

days = st.integers(-60, 400).map(lambda number: date(2024, 1, 1) + timedelta(days=number))
days_of_year = st.integers(0, 365).map(lambda number: date(2024, 1, 1) + timedelta(days=number))
places = st.sampled_from([department.id for department in TREE])


@st.composite
def placements(draw, place):
    """Up to three stretches that do not overlap; some have a gap between them."""
    bounds = sorted(draw(st.lists(days, min_size=1, max_size=6, unique=True)))
    if len(bounds) % 2:
        bounds.append(date.max)
    stretches = zip(bounds[::2], bounds[1::2], strict=True)
    return tuple(Placement(since, until, draw(place)) for since, until in stretches)


@st.composite
def persons(draw, id):
    leaves = draw(st.lists(st.tuples(days, days).map(sorted).map(tuple), max_size=3))
    groups = draw(placements(st.sampled_from([FIRST_GROUP, SECOND_GROUP])))
    return Person(id, f"G{id}", f"干部{id}", draw(placements(places)), tuple(leaves), groups)


@st.composite
def works(draw, number):
    """A submission, perhaps late, and its publications."""
    credit = draw(days_of_year)
    quarter = Quarter.of(credit)
    if quarter.number > 1 and (credit - quarter.span.first).days < 10 and draw(st.booleans()):
        quarter = quarter.previous
    kind = draw(st.sampled_from(["essay", "recitation", "recommendation", "creation", "idea"]))
    by = tuple(draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True)))
    grade = draw(st.sampled_from(["", "pass", "good", "excellent"]))
    found = [Fact(kind, f"S-{number}", "作品", credit, quarter, grade, by)]
    for level in draw(st.sets(st.sampled_from(["county", "city", "province"]))):
        day = draw(days_of_year)
        found.append(Fact("publication", f"S-{number}/{level}", "刊发", day, Quarter.of(day), level, by))
    return found


@st.composite
def activities(draw, number):
    day = draw(days_of_year)
    presence = st.tuples(st.sampled_from(["attendance", "speaking"]), st.sampled_from(PEOPLE))
    return [
        Fact(kind, f"A-{number}", "活动", day, Quarter.of(day), "", (person,))
        for kind, person in sorted(draw(st.sets(presence, max_size=6)))
    ]


class Case(NamedTuple):
    organization: Organization
    facts: list[Fact]


@st.composite
def cases(draw):
    people = {id: draw(persons(id)) for id in PEOPLE}
    facts = [fact for number in range(draw(st.integers(0, 8))) for fact in draw(works(number))]
    facts += [fact for number in range(draw(st.integers(0, 4))) for fact in draw(activities(number))]
    return Case(Organization(people, TREE, GROUPS), facts)


def ledger_of(organization, facts):
    counted = by_quarter(count_facts(facts, organization.people))
    ledger: dict[Quarter, list[Entry]] = {}
    for quarter in YEAR.quarters:
        rows = quarter_entries(quarter, organization, SCHEMES[quarter], counted.get(quarter, ()), ledger)
        ledger[quarter] = sorted(rows)
    return ledger


def results_of(organization, facts) -> list[Results]:
    counted = by_quarter(count_facts(facts, organization.people))
    ledger = ledger_of(organization, facts)
    quarters = [quarter_results(quarter, organization, SCHEMES[quarter], counted, ledger) for quarter in YEAR.quarters]
    return [*quarters, year_results(YEAR, organization, SCHEMES, counted, ledger)]


@pytest.mark.section("7")
@drawn
@given(cases(), st.randoms(use_true_random=False))
def test_equal_facts_in_any_order_give_equal_entries_and_results(case, random):
    facts, people = list(case.facts), list(case.organization.people.items())
    random.shuffle(facts)
    random.shuffle(people)
    shuffled = replace(case.organization, people=dict(people))
    assert ledger_of(shuffled, facts) == ledger_of(case.organization, case.facts)
    assert results_of(shuffled, facts) == results_of(case.organization, case.facts)


@pytest.mark.section("7")
@drawn
@given(cases())
def test_computing_again_gives_the_same(case):
    assert ledger_of(*swapped(case)) == ledger_of(*swapped(case))
    assert results_of(*swapped(case)) == results_of(*swapped(case))


def swapped(case):
    return case.organization, case.facts


@pytest.mark.section("7")
@drawn
@given(cases())
def test_a_quarter_computed_before_the_later_ones_are_known_equals_that_of_the_whole_year(case):
    whole, whole_results = ledger_of(case.organization, case.facts), results_of(case.organization, case.facts)
    for place, quarter in enumerate(YEAR.quarters):
        known = [fact for fact in case.facts if fact.quarter <= quarter]
        assert ledger_of(case.organization, known)[quarter] == whole[quarter]
        assert results_of(case.organization, known)[place] == whole_results[place]


@pytest.mark.section("7")
@drawn
@given(cases(), st.sampled_from(PEOPLE))
def test_a_persons_entries_depend_only_on_facts_that_name_this_person(case, id):
    own = [fact for fact in case.facts if id in fact.contributors]
    alone, among_all = ledger_of(case.organization, own), ledger_of(case.organization, case.facts)
    for quarter in YEAR.quarters:
        mine = [entry for entry in among_all[quarter] if entry.person == id]
        assert [entry for entry in alone[quarter] if entry.person == id] == mine


@pytest.mark.section("5.2")
@drawn
@given(st.integers(0, 100_000), st.integers(1, 40))
def test_shares_sum_to_the_whole_and_differ_only_for_the_first(cents, count):
    parts = shares(cents, count)
    assert sum(parts) == cents
    assert parts[1:] == [cents // count] * (count - 1)
    assert 0 <= parts[0] - cents // count < count


@pytest.mark.section("5.3")
@drawn
@given(cases())
def test_nobody_gets_more_of_a_rule_than_its_caps(case):
    in_year: Counter[tuple[int, str]] = Counter()
    for quarter, entries in ledger_of(case.organization, case.facts).items():
        in_quarter: Counter[tuple[int, str]] = Counter()
        for entry in entries:
            in_quarter[entry.person, entry.rule] += entry.points
        in_year += in_quarter
        for rule in SCHEMES[quarter].rules:
            for id in PEOPLE:
                assert rule.quarter_cap is None or in_quarter[id, rule.code] <= rule.quarter_cap
                assert rule.year_cap is None or in_year[id, rule.code] <= rule.year_cap


@pytest.mark.section("7")
@drawn
@given(cases())
def test_points_of_departments_add_up_to_the_root_and_that_is_the_sum_of_the_entries(case):
    ledger = ledger_of(case.organization, case.facts)
    periods = [*ledger.values(), [entry for entries in ledger.values() for entry in entries]]
    for entries, results in zip(periods, results_of(case.organization, case.facts), strict=True):
        points = {row.department: row.points for row in results.departments}
        for department in TREE:
            own = sum(entry.points for entry in entries if entry.department == department.id)
            below = sum(points.get(child.id, 0) for child in TREE if child.parent == department.id)
            assert points.get(department.id, 0) == own + below
        root = results.departments[-1]
        assert root.points == sum(entry.points for entry in entries)
        assert root.listed == len(results.people)
        assert root.person_days == sum(row.effective_days for row in results.people)
