"""What holds for any facts: an invented office is drawn with its people, their postings and leaves, and its facts."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.engine.assess import Book, quarter_entries, quarter_results, year_results
from assessment.engine.model import LEVELS, Entry, Fact, Organization, Person, Placement, Rule
from assessment.engine.points import Claims, claims_by_quarter, parts_of
from assessment.tests.engine.build import DEFAULT, FIRST_GROUP, GROUPS, SECOND_GROUP, TREE, YEAR, sheet
from shuxiang.periods import Quarter

drawn = settings(max_examples=80, deadline=None, database=None)

TIGHT = replace(
    DEFAULT,
    version=2,
    rules=tuple(
        Rule(rule.code, rule.kind, rule.grade, rule.points + 1, rule.points + 30, rule.points * 2)
        for rule in DEFAULT.rules
    ),
)
SCHEMES = {quarter: TIGHT if quarter.number > 2 else DEFAULT for quarter in YEAR.quarters}
PEOPLE = range(1, 5)


def days_after(first, last):
    """Days counted from New Year 2024."""
    return st.integers(first, last).map(lambda number: date(2024, 1, 1) + timedelta(days=number))


days_around, days_of_year = days_after(-60, 400), days_after(0, 365)
places = st.sampled_from([department.id for department in TREE])
groups = st.sampled_from([FIRST_GROUP, SECOND_GROUP])


@st.composite
def placements(draw, place):
    """All the time in one place, or up to three stretches that do not overlap, with gaps."""
    bounds = sorted(draw(st.just([date.min, date.max]) | st.lists(days_around, min_size=2, max_size=6, unique=True)))
    stretches = zip(bounds[::2], bounds[1::2], strict=False)
    return tuple(Placement(since, until, draw(place)) for since, until in stretches)


@st.composite
def persons(draw, id):
    leaves = draw(st.lists(st.tuples(days_around, days_around).map(sorted).map(tuple), max_size=3))
    return Person(id, f"G{id}", f"干部{id}", draw(placements(places)), tuple(leaves), draw(placements(groups)))


@st.composite
def works(draw, number):
    """A submission, late where it can be, and its publications."""
    credit = draw(days_of_year | days_after(91, 100) | days_after(182, 191))
    quarter = Quarter.of(credit)
    if quarter.number > 1 and (credit - quarter.span.first).days < 10 and draw(st.booleans()):
        quarter = quarter.previous
    kind = draw(st.sampled_from(["essay", "recitation", "recommendation", "creation", "idea"]))
    by = tuple(draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True)))
    grade = draw(st.sampled_from(["", "pass", "good", "excellent"]))
    found = [Fact(kind, f"S-{number}", "作品", credit, quarter, grade, by)]
    for level in draw(st.lists(st.sampled_from(LEVELS), max_size=2, unique=True)):
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
    facts = [fact for number in range(8) for fact in draw(works(number))]
    facts += [fact for number in range(2) for fact in draw(activities(number))]
    return Case(Organization(people, TREE, GROUPS), facts)


class Books(NamedTuple):
    """Facts claimed, what they give and the ledger of the year, each quarter's entries sorted."""

    organization: Organization
    claims: dict[Quarter, Claims]
    books: dict[Quarter, Book]
    ledger: dict[Quarter, list[Entry]]

    def assess(self, quarter):
        self.books[quarter] = Book()
        claims = self.claims.get(quarter, {})
        found = quarter_entries(quarter, self.organization, SCHEMES[quarter], claims, self.books)
        self.ledger[quarter] = sorted(row for own in found for row in own)

    def results(self, period):
        if period == YEAR:
            return sheet(year_results(YEAR, self.organization, SCHEMES, self.books))
        return sheet(quarter_results(period, self.organization, SCHEMES[period], self.books))

    def all_results(self):
        return [self.results(period) for period in (*YEAR.quarters, YEAR)]


def books_of(organization, facts):
    books = Books(organization, claims_by_quarter(facts), {}, {})
    for quarter in YEAR.quarters:
        books.assess(quarter)
    return books


@pytest.mark.section("7")
@drawn
@given(cases(), st.randoms(use_true_random=False))
def test_equal_facts_in_any_order_give_equal_entries_and_results(case, random):
    facts, people = list(case.facts), list(case.organization.people.items())
    random.shuffle(facts)
    random.shuffle(people)
    shuffled = books_of(replace(case.organization, people=dict(people)), facts)
    books = books_of(*case)
    assert shuffled.ledger == books.ledger
    assert shuffled.all_results() == books.all_results()


@pytest.mark.section("7")
@drawn
@given(cases(), st.lists(st.sampled_from(YEAR.quarters), max_size=10))
def test_computing_quarters_again_over_a_full_ledger_changes_nothing(case, quarters):
    books, again = books_of(*case), books_of(*case)
    for quarter in quarters:
        again.assess(quarter)
    assert again.ledger == books.ledger
    assert again.all_results() == books.all_results()


@pytest.mark.section("7")
@drawn
@given(cases())
def test_a_quarter_computed_before_the_later_ones_are_known_equals_that_of_the_whole_year(case):
    whole = books_of(*case)
    for quarter in YEAR.quarters:
        so_far = books_of(case.organization, [fact for fact in case.facts if fact.quarter <= quarter])
        assert so_far.ledger[quarter] == whole.ledger[quarter]
        assert so_far.results(quarter) == whole.results(quarter)


@pytest.mark.section("7")
@drawn
@given(cases(), st.sampled_from(PEOPLE))
def test_a_persons_entries_depend_only_on_facts_that_name_this_person(case, id):
    alone = books_of(case.organization, [fact for fact in case.facts if id in fact.contributors])
    among_all = books_of(*case)
    for quarter in YEAR.quarters:
        mine = [entry for entry in among_all.ledger[quarter] if entry.person == id]
        assert [entry for entry in alone.ledger[quarter] if entry.person == id] == mine


@pytest.mark.section("5.2")
@drawn
@given(st.integers(0, 100_000), st.integers(1, 40))
def test_shares_sum_to_the_whole_and_differ_only_for_the_first(cents, count):
    parts = parts_of(cents, count)
    assert sum(parts) == cents
    assert parts[1:] == [cents // count] * (count - 1)
    assert 0 <= parts[0] - cents // count < count


@pytest.mark.section("5.3")
@drawn
@given(cases())
def test_nobody_gets_more_of_a_rule_than_its_caps(case):
    in_year: Counter[tuple[int, str]] = Counter()
    for quarter, entries in books_of(*case).ledger.items():
        in_quarter: Counter[tuple[int, str]] = Counter()
        for entry in entries:
            in_quarter[entry.person, entry.rule] += entry.points
        for rule in SCHEMES[quarter].rules:
            for key in ((id, rule.code) for id in PEOPLE):
                assert rule.quarter_cap is None or in_quarter[key] <= rule.quarter_cap
                assert rule.year_cap is None or in_quarter[key] <= max(rule.year_cap - in_year[key], 0)
        in_year += in_quarter


@pytest.mark.section("7")
@drawn
@given(cases())
def test_points_of_departments_add_up_to_the_root_and_that_is_the_sum_of_the_entries(case):
    books = books_of(*case)
    for period in (*YEAR.quarters, YEAR):
        entries = [entry for quarter in period.quarters for entry in books.ledger[quarter]]
        results = books.results(period)
        points = {row.department: row.points for row in results.departments}
        for department in TREE:
            own = sum(entry.points for entry in entries if entry.department == department.id)
            below = sum(points.get(child.id, 0) for child in TREE if child.parent == department.id)
            assert points.get(department.id, 0) == own + below
        root = results.departments[-1]
        assert root.points == sum(entry.points for entry in entries) == sum(row.points for row in results.people)
        assert root.listed == len(results.people)
        assert root.person_days == sum(row.effective_days for row in results.people)
