"""Which facts and contributors count (section 3), and the ledger entries they give (sections 4 and 5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from assessment.engine.model import (
    ANY_GRADE,
    ATTENDING,
    LEVELS,
    PUBLICATION,
    SPEAKING,
    Entry,
    Fact,
    Person,
    Rule,
    Scheme,
    Share,
    make,
)
from assessment.engine.rounding import scale
from assessment.engine.service import place_on, serve
from shuxiang.periods import Quarter

make_share, make_entry = make(Share), make(Entry)
QUARTER_CAPPED, YEAR_CAPPED = "季度封顶", "年度封顶"

# What each rule, by its code, gave to whom.
Given = Mapping[str, Mapping[int, int]]
Claims = Mapping[int, Sequence[Fact]]
PersonShares = tuple[int, list[Share]]


def countable(facts: Iterable[Fact]) -> list[Fact]:
    """Without what another fact replaces: attendance of a speaker, lower levels of one quarter's publications."""
    facts = list(facts)
    speakers = {(fact.reference, fact.contributors) for fact in facts if fact.kind == SPEAKING}
    highest: dict[tuple[str, Quarter], int] = {}
    for fact in facts:
        if fact.kind == PUBLICATION:
            key = published_work(fact)
            highest[key] = max(highest.get(key, 0), LEVELS.index(fact.grade))
    return [
        fact
        for fact in facts
        if not (fact.kind == ATTENDING and (fact.reference, fact.contributors) in speakers)
        and not (fact.kind == PUBLICATION and LEVELS.index(fact.grade) < highest[published_work(fact)])
    ]


def published_work(fact: Fact) -> tuple[str, Quarter]:
    return fact.reference.removesuffix(f"/{fact.grade}"), fact.quarter


def credited(person: Person, fact: Fact) -> int | None:
    """The department a contributor credits: of the credit date, for a late fact that in the named quarter (section 5).

    None for who does not count: not in service on the credit date or, for a late work, not listed in the quarter.
    """
    _, _, _, day, quarter, _, _ = fact
    place = place_on(person.postings, day)
    if place is None or day <= quarter.span.last:
        return place
    return serve(person, quarter.span).department


def claims_by_quarter(facts: Iterable[Fact]) -> dict[Quarter, Claims]:
    """Everybody's facts among those that count, in the order (credit date, reference)."""
    by_day: dict[date, list[Fact]] = defaultdict(list)
    for fact in countable(facts):
        by_day[fact.date].append(fact)
    found: dict[Quarter, dict[int, list[Fact]]] = {}
    last = None
    for day in sorted(by_day):
        for fact in sorted(by_day[day], key=attrgetter("reference")):
            if fact.quarter is not last:
                last = fact.quarter
                claims = found.setdefault(last, defaultdict(list))
            for id in fact.contributors:
                claims[id].append(fact)
    return dict(found)


def shares_of(claims: Claims, people: Mapping[int, Person]) -> Iterator[PersonShares]:
    """Those who count in what they claim, in the order of 工号."""
    teams: dict[tuple[str, str, date], list[int]] = {}
    for person in sorted(people.values(), key=attrgetter("number")):
        shares = []
        for fact in claims.get(person.id, ()):
            department = credited(person, fact)
            if department is None:
                continue
            if len(fact.contributors) == 1:
                shares.append(make_share((fact, 0, 1, department)))
                continue
            collective = fact.kind, fact.reference, fact.date
            if collective not in teams:
                teams[collective] = counting(fact, people)
            team = teams[collective]
            shares.append(make_share((fact, team.index(person.id), len(team), department)))
        if shares:
            yield person.id, shares


def counting(fact: Fact, people: Mapping[int, Person]) -> list[int]:
    """Those of the contributors who count, in their order."""
    return [id for id in fact.contributors if id in people and credited(people[id], fact) is not None]


def parts_of(cents: int, count: int) -> list[int]:
    """Equal parts that sum to `cents`; what is left over goes to the first."""
    part = cents // count
    return [cents - part * (count - 1)] + [part] * (count - 1)


def worth(rule: Rule, fact: Fact, scheme: Scheme) -> int:
    halved = fact.late and rule.grade == ANY_GRADE
    return scale(rule.points, scheme.late_factor) if halved else rule.points


def cut(cents: int, cap: int, given: int) -> tuple[int, bool]:
    """What is left of `cents` under the cap, and whether the cap cut it."""
    left = max(cap - given, 0)
    return (left, True) if cents > left else (cents, False)


class Line(NamedTuple):
    """What a rule gives to facts that are alike: a part for each contributor. `given` is what it gave to whom in the
    year's earlier quarters."""

    code: str
    quarter_cap: int | None
    year_cap: int | None
    parts: list[int]
    given: Mapping[int, int]


def entries_of(counted: Iterable[PersonShares], scheme: Scheme, given: Given) -> Iterator[list[Entry]]:
    """The entries of one quarter: a list for each person who has any, in the order of `counted`."""
    lines: dict[tuple[str, str, bool, int], list[Line]] = {}
    for person, shares in counted:
        gained: dict[str, int] = {}
        entries = []
        for fact, place, count, department in shares:
            kind, reference, title, day, _, grade, _ = fact
            alike = kind, grade, fact.late, count
            if alike not in lines:
                lines[alike] = lines_of(fact, count, scheme, given)
            for code, quarter_cap, year_cap, parts, given_of_rule in lines[alike]:
                cents, note, before = parts[place], "", gained.get(code, 0)
                if quarter_cap is not None:
                    cents, was_cut = cut(cents, quarter_cap, before)
                    note = QUARTER_CAPPED if was_cut else note
                if year_cap is not None:
                    cents, was_cut = cut(cents, year_cap, given_of_rule.get(person, 0) + before)
                    note = YEAR_CAPPED if was_cut else note
                gained[code] = before + cents
                entries.append(make_entry((person, department, day, kind, reference, title, grade, code, cents, note)))
        if entries:
            yield entries


def lines_of(fact: Fact, count: int, scheme: Scheme, given: Given) -> list[Line]:
    return [
        Line(
            rule.code, rule.quarter_cap, rule.year_cap,
            parts_of(worth(rule, fact, scheme), count), given.get(rule.code, {}),
        )
        for rule in scheme.rules
        if rule.matches(fact)
    ]  # fmt: skip
