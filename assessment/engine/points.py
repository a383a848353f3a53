"""Which facts and contributors count (section 3), and the ledger entries they give (sections 4 and 5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

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
)
from assessment.engine.rounding import scale
from assessment.engine.service import department_in, listed, place_on
from shuxiang.periods import Quarter

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


def counts(person: Person | None, fact: Fact) -> bool:
    """In service on the credit date and, for a late work, listed in the named quarter."""
    if person is None or place_on(person.postings, fact.date) is None:
        return False
    return not fact.late or listed(person, fact.quarter.span)


def count_facts(facts: Iterable[Fact], people: Mapping[int, Person]) -> list[Counted]:
    """The facts that count with the contributors that count, in the order (credit date, reference)."""
    return [
        Counted(fact, tuple(id for id in fact.contributors if counts(people.get(id), fact)))
        for fact in sorted(countable(facts), key=lambda fact: (fact.date, fact.reference))
    ]


def shares(cents: int, count: int) -> list[int]:
    """Equal parts that sum to `cents`; what is left over goes to the first."""
    part = cents // count
    return [cents - part * (count - 1)] + [part] * (count - 1)


def worth(rule: Rule, fact: Fact, scheme: Scheme) -> int:
    halved = fact.late and rule.grade == ANY_GRADE
    return scale(rule.points, scheme.late_factor) if halved else rule.points


def credited(person: Person, fact: Fact) -> int:
    """The department an entry credits: of the credit date, for a late fact that in the named quarter."""
    place = department_in(person, fact.quarter.span) if fact.late else place_on(person.postings, fact.date)
    assert place is not None, "a counting contributor is in service"
    return place


def cut(cents: int, cap: int | None, given: int) -> tuple[int, bool]:
    """What is left of `cents` under the cap, and whether the cap cut it."""
    if cap is None:
        return cents, False
    left = max(cap - given, 0)
    return min(cents, left), cents > left


def entries_of(counted: Iterable[Counted], people: Mapping[int, Person], scheme: Scheme, given: Given) -> list[Entry]:
    """The entries of one quarter's counted facts, which come in the order (credit date, reference).

    `given` is what each (person, rule) already got in the year's earlier quarters.
    """
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in scheme.rules:
        rules[rule.kind].append(rule)
    in_quarter: dict[tuple[int, str], int] = defaultdict(int)
    entries = []
    for fact, contributors in counted:
        if not contributors:
            continue
        places = [credited(people[id], fact) for id in contributors]
        for rule in rules[fact.kind]:
            if not rule.matches(fact):
                continue
            parts = shares(worth(rule, fact, scheme), len(contributors))
            for id, place, part in zip(contributors, places, parts, strict=True):
                key = (id, rule.code)
                cents, by_quarter = cut(part, rule.quarter_cap, in_quarter[key])
                cents, by_year = cut(cents, rule.year_cap, given.get(key, 0) + in_quarter[key])
                in_quarter[key] += cents
                note = YEAR_CAPPED if by_year else QUARTER_CAPPED if by_quarter else ""
                entries.append(
                    Entry(
                        id, place, fact.date, fact.kind, fact.reference, fact.title, fact.grade, rule.code, cents, note
                    )
                )
    return entries
