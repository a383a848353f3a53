"""Commitment gauges: what the programme promised in numbers a year, beside what was held and what is arranged.

An activity counts in the year of its first day, wherever a series had put it, once for each commitment whose category
and label it bears; a cancelled one counts nowhere. An agency counts what its own departments and the root host.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import compress
from typing import NamedTuple

from django.db import models

from activities.kinds import Tag
from activities.models import Activity, Commitment, Series
from activities.recurrence import Days, occurrences_of_year, periods_of
from activities.services.given import rule_of
from activities.services.workdays import days_in
from activities.states import ActivityState
from organization.models import Tree
from shuxiang.periods import Quarter, Span, Year

DAY = timedelta(days=1)


class Standing(models.TextChoices):
    """How a commitment stands on a day."""

    MET = "met", "达到"
    ON_TIME = "on_time", "按期"
    UNRECORDED = "unrecorded", "待登记"
    TO_ARRANGE = "to_arrange", "要安排"
    TOO_LATE = "too_late", "来不及"
    UNMET = "unmet", "没有达到"
    OPEN = "open", "未定次数"


class Counted(NamedTuple):
    """An activity as gauges see it; `last` is its last day."""

    id: int
    title: str
    category: str
    day: date
    last: date
    state: str
    labels: frozenset[str]
    host: int | None
    series: int | None
    occurrence: str

    @property
    def stands(self) -> bool:
        return self.state != ActivityState.CANCELLED


class Part(NamedTuple):
    """A piece of a year by whose end so many must be there: of a rhythm in the piece itself, else since 1 January."""

    code: str
    label: str
    span: Span
    need: int


@dataclass(frozen=True)
class Gauge:
    commitment: Commitment
    year: int
    today: date
    parts: Sequence[Part]
    counted: Sequence[Counted]

    @cached_property
    def planned(self) -> int:
        """0 where nothing says how many."""
        return self.commitment.target or sum(part.need for part in self.parts)

    @cached_property
    def held(self) -> list[Counted]:
        return [each for each in self.counted if each.state == ActivityState.HELD]

    @cached_property
    def coming(self) -> list[Counted]:
        return [each for each in self.counted if each.state == ActivityState.SCHEDULED and each.last >= self.today]

    @cached_property
    def unrecorded(self) -> list[Counted]:
        """Their day has passed, and nobody has said yet that they were held."""
        return [each for each in self.counted if each.state == ActivityState.SCHEDULED and each.last < self.today]

    @property
    def has_rhythm(self) -> bool:
        return self.commitment.target is None

    @property
    def end(self) -> date:
        return date(self.year, 12, 31)

    def lack(self, part: Part) -> int:
        """How many are missing of what the part needs, whatever is held, arranged or still to be recorded."""
        there = sum(self.falls_in(each, part) for each in self.counted) if self.has_rhythm else len(self.counted)
        return max(part.need - there, 0)

    def falls_in(self, each: Counted, part: Part) -> bool:
        """April's activity of a series that was moved into May stays April's."""
        known = any(other.code == each.occurrence for other in self.parts)
        return each.occurrence == part.code if known else each.day in part.span

    @cached_property
    def missing(self) -> list[Part]:
        """Months, quarters or the year in which something lacks; of a number a year there are no such parts."""
        return [part for part in self.parts if self.lack(part)] if self.has_rhythm else []

    @cached_property
    def short(self) -> int:
        """How many more must be arranged."""
        return max(self.planned - len(self.counted), 0)

    @property
    def room(self) -> int:
        """How many can still be: one in each part that lacks one and is not over, or one a day."""
        if self.has_rhythm:
            return sum(self.lack(part) for part in self.missing if part.span.last >= self.today)
        return max((self.end - max(self.today, date(self.year, 1, 1))).days + 1, 0)

    @cached_property
    def standing(self) -> Standing:
        if not self.planned:
            return Standing.OPEN
        if len(self.held) >= self.planned:
            return Standing.MET
        if not self.short:
            enough = len(self.held) + len(self.coming) >= self.planned
            return Standing.ON_TIME if enough else Standing.UNRECORDED
        if self.today > self.end:
            return Standing.UNMET
        return Standing.TO_ARRANGE if self.short <= self.room else Standing.TOO_LATE


def gauges(year: int, agency: int, tree: Tree, today: date) -> list[Gauge]:
    """All commitments in use; four queries."""
    own = own_departments(agency, tree)
    commitments, series = list(Commitment.objects.in_use()), list(Series.objects.order_by("pk"))
    rows = counted_in([year])
    days = days_in(Year(year).span)
    return [gauge_of(each, series, rows, year, own, today, days) for each in commitments]


def own_departments(agency: int, tree: Tree) -> set[int | None]:
    """The agency's own, without those of agencies below it, and None, by which the root hosts."""
    return {None, *(department for department in tree.nodes if tree.agency(department) == agency)}


def counted_in(years: Iterable[int]) -> list[Counted]:
    """All activities whose first day lies in the years, the earliest first; cancelled ones too."""
    days = models.Q()
    for year in years:
        days |= models.Q(date__range=(date(year, 1, 1), date(year, 12, 31)))
    rows = Activity.objects.filter(days).order_by("date", "pk").values_list(
        "pk", "title", "category", "date", "until", "state", *Tag.values, "department", "series", "occurrence",
    )  # fmt: skip
    return [
        Counted(
            pk, title, category, day, until or day, state,
            frozenset(compress(Tag.values, (office, branch, union))), host, made_by, which,
        )
        for pk, title, category, day, until, state, office, branch, union, host, made_by, which in rows
    ]  # fmt: skip


def gauge_of(
    commitment: Commitment,
    series: Iterable[Series],
    rows: Iterable[Counted],
    year: int,
    hosts: Collection[int | None],
    today: date,
    days: Days,
) -> Gauge:
    own = [each for each in rows if each.day.year == year and each.host in hosts]
    counted = [each for each in own if each.stands and concerns(commitment, each.category, each.labels)]
    if commitment.target:
        parts = equal_parts(year, commitment.target)
    else:
        yielding = [each for each in series if each.department_id in hosts and is_promised(commitment, each)]
        parts = rhythm(year, yielding, own, days)
    return Gauge(commitment, year, today, parts, counted)


def concerns(commitment: Commitment, category: str, labels: Collection[str]) -> bool:
    return (not commitment.category or category == commitment.category) and (
        not commitment.tag or commitment.tag in labels
    )


def is_promised(commitment: Commitment, series: Series) -> bool:
    labels = [name for name in Tag.values if getattr(series, name)]
    return concerns(commitment, series.category, labels)


def equal_parts(year: int, number: int) -> list[Part]:
    """Of two a year, one must be there by the middle of the year, both by its end."""
    first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return [
        Part(
            f"{year}:{place}/{number}", f"第 {place} 次", Span(first, first + (days * place // number - 1) * DAY), place
        )
        for place in range(1, number + 1)
    ]


def rhythm(year: int, series: Iterable[Series], rows: Iterable[Counted], days: Days) -> list[Part]:
    """What the series yield: each part of the year whose day lies between their first and last, and those for which
    they have made an activity, whatever became of it. A paused series yields no others than it has."""
    made: dict[int, set[str]] = {}
    for row in rows:
        if row.series is not None:
            made.setdefault(row.series, set()).add(row.occurrence)
    found: dict[str, Part] = {}
    for each in series:
        rule, keys = rule_of(each), made.get(each.pk, set())
        if not each.is_paused:
            last = each.until or date.max
            keys = keys | {one.key for one in occurrences_of_year(rule, year, days) if each.since <= one.first <= last}
        for code, span in periods_of(rule, year):
            if code in keys:
                before = found.get(code, Part(code, label_of(code), span, 0))
                found[code] = before._replace(need=before.need + 1)
    return sorted(found.values(), key=lambda part: (part.span.last, part.span.first))


def label_of(code: str) -> str:
    """`3 月`, `第一季度`, `2026 年`."""
    year, rest = int(code[:4]), code[4:]
    if rest.startswith("-"):
        return f"{int(rest[1:])} 月"
    return Quarter(year, int(rest[1:])).name if rest else f"{year} 年"
