"""What the engine takes and gives. Rows that come by the hundred thousand are named tuples.

`make(Row)` gives a constructor from one plain tuple in the order of the fields, which takes a third of the time of
the named tuple's own; it is for the places that make such rows by the hundred thousand.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeVar

from shuxiang.periods import Quarter

QUARTERLY, ANNUAL = "quarter", "year"
ANY_GRADE = "any"
EXCELLENT = "excellent"
ATTENDING, SPEAKING, PUBLICATION = "attendance", "speaking", "publication"
LEVELS = ("county", "city", "province")

Row = TypeVar("Row", bound=tuple[Any, ...])


def make(row: type[Row]) -> Callable[[tuple[Any, ...]], Row]:
    return partial(tuple.__new__, row)


class Fact(NamedTuple):
    """Something that can earn (section 3): `contributors` are cadre ids in order, all confirmed."""

    kind: str
    reference: str
    title: str
    date: date
    quarter: Quarter
    grade: str
    contributors: tuple[int, ...]

    @property
    def late(self) -> bool:
        return self.date > self.quarter.span.last


class Share(NamedTuple):
    """A contributor's part in a fact: the place (from 0) among those who count (section 3), and the
    department that it credits (section 5)."""

    fact: Fact
    place: int
    among: int
    department: int


class Placement(NamedTuple):
    """A posting or a 党小组 membership: `place` is the department's or the group's id."""

    since: date
    until: date
    place: int


class Person(NamedTuple):
    id: int
    number: str
    name: str
    postings: tuple[Placement, ...]
    leaves: tuple[tuple[date, date], ...] = ()
    memberships: tuple[Placement, ...] = ()


class Department(NamedTuple):
    id: int
    parent: int | None
    path: str
    agency: int


@dataclass(frozen=True)
class Organization:
    """`departments` in tree order, the root first; `party_groups` are names by id."""

    people: Mapping[int, Person]
    departments: tuple[Department, ...]
    party_groups: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A point rule (section 4); points and caps in cents."""

    code: str
    kind: str
    grade: str
    points: int
    quarter_cap: int | None = None
    year_cap: int | None = None

    def matches(self, fact: Fact) -> bool:
        return self.kind == fact.kind and self.grade in (ANY_GRADE, fact.grade)


@dataclass(frozen=True, slots=True)
class Quota:
    kind: str
    name: str
    cycle: str
    required: int


@dataclass(frozen=True)
class Scheme:
    version: int
    quotas: tuple[Quota, ...]
    rules: tuple[Rule, ...]
    late_factor: Decimal = Decimal("0.50")


class Entry(NamedTuple):
    """A ledger line (section 5); points in cents."""

    person: int
    department: int
    date: date
    kind: str
    reference: str
    title: str
    grade: str
    rule: str
    points: int
    note: str


class Adjustment(NamedTuple):
    """A posted correction of a sealed quarter (section 8)."""

    person: int
    rule: str
    points: int
    corrects: Quarter
    posted: Quarter


class QuotaResult(NamedTuple):
    name: str
    due: int
    done: int


class PersonResult(NamedTuple):
    """`days` are the effective days in each department, one pair per posting."""

    person: int
    department: int
    party_group: int | None
    service_days: int
    effective_days: int
    days: tuple[tuple[int, int], ...]
    quotas: tuple[QuotaResult, ...]
    excellent: int
    points: int
    adjustment: int
    year_points: int
    status: str
    rank: int | None
    note: str


@dataclass(frozen=True, slots=True)
class DepartmentResult:
    """`person_days` are the effective days posted in the subtree; `average` in cents, None without person-days."""

    department: int
    listed: int
    assessed: int
    met: int
    excellent: int
    points: int
    person_days: int
    person_periods: int
    average: int | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class PartyGroupResult:
    name: str
    listed: int
    assessed: int
    met: int
    points: int


@dataclass(frozen=True)
class Results:
    """To be asked for in this order, each once: the later follow from the earlier."""

    people: Iterator[PersonResult]
    departments: Iterator[DepartmentResult]
    party_groups: Iterator[PartyGroupResult]
