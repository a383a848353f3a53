"""Which facts and contributors count (section 3), and the ledger entries they give (sections 4 and 5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from assessment.engine.model import (
    ANY_GRADE,
    ATTENDING,
    LEVELS,
    PUBLICATION,
    SPEAKING,
    Counted,
    Entry,
    Fact,
    Person,
    Rule,
    Scheme,
    make,
)
from assessment.engine.rounding import scale
from assessment.engine.service import place_on, serve
from shuxiang.periods import Quarter

make_counted, make_entry = make(Counted), make(Entry)
QUARTER_CAPPED, YEAR_CAPPED = "季度封顶", "年度封顶"

Given = Mapping[tuple[int, str], int]


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
    place = place_on(person.postings, fact.date)
    if place is None or not fact.late:
        return place
    return serve(person, fact.quarter.span).department


def count_facts(facts: Iterable[Fact], people: Mapping[int, Person]) -> list[Counted]:
    """The facts that count with the contributors that count, in the order (credit date, reference)."""
    by_day: dict[date, list[Fact]] = defaultdict(list)
    for fact in countable(facts):
        by_day[fact.date].append(fact)
    return [
        counted_of(fact, people) for day in sorted(by_day) for fact in sorted(by_day[day], key=attrgetter("reference"))
    ]


def counted_of(fact: Fact, people: Mapping[int, Person]) -> Counted:
    contributors, places = fact.contributors, []
    for id in contributors:
        person = people.get(id)
        places.append(None if person is None else credited(person, fact))
    if None not in places:
        return make_counted((fact, contributors, tuple(places)))
    found = [(id, place) for id, place in zip(contributors, places, strict=True) if place is not None]
    return make_counted((fact, tuple([id for id, _ in found]), tuple([place for _, place in found])))


def shares(cents: int, count: int) -> list[int]:
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
    """What a rule gives to a fact: a part for each contributor; and what it gave to whom in the quarter so far."""

    rule: Rule
    parts: list[int]
    gained: dict[int, int]


def entries_of(counted: Iterable[Counted], scheme: Scheme, given: Given) -> list[Entry]:
    """The entries of one quarter's counted facts, which come in the order (credit date, reference).

    `given` is what each (person, rule) already got in the year's earlier quarters.
    """
    gained: dict[str, dict[int, int]] = {rule.code: {} for rule in scheme.rules}
    lines: dict[tuple[str, str, bool, int], list[Line]] = {}
    entries = []
    for fact, contributors, departments in counted:
        if not contributors:
            continue
        kind, reference, title, day, _, grade, _ = fact
        alike = kind, grade, fact.late, len(contributors)
        if alike not in lines:
            lines[alike] = [
                Line(rule, shares(worth(rule, fact, scheme), len(contributors)), gained[rule.code])
                for rule in scheme.rules
                if rule.matches(fact)
            ]
        for rule, parts, got in lines[alike]:
            code, quarter_cap, year_cap = rule.code, rule.quarter_cap, rule.year_cap
            for id, department, cents in zip(contributors, departments, parts, strict=True):
                before, note = got.get(id, 0), ""
                if quarter_cap is not None:
                    cents, was_cut = cut(cents, quarter_cap, before)
                    note = QUARTER_CAPPED if was_cut else note
                if year_cap is not None:
                    cents, was_cut = cut(cents, year_cap, given.get((id, code), 0) + before)
                    note = YEAR_CAPPED if was_cut else note
                got[id] = before + cents
                entries.append(make_entry((id, department, day, kind, reference, title, grade, code, cents, note)))
    return entries
