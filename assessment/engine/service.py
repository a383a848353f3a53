"""Days in service, departments of a period and exemption (section 2)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from assessment.engine.model import Person, Placement
from shuxiang.periods import Span

ONE_DAY = timedelta(days=1)


class Exemption(NamedTuple):
    reason: str
    effective_days: int
    days: int

    def __str__(self) -> str:
        return f"{self.reason}：在岗 {self.effective_days}/{self.days} 天"


def clip(since: date, until: date, span: Span) -> Span | None:
    first, last = max(since, span.first), min(until, span.last)
    return Span(first, last) if first <= last else None


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same days as disjoint spans in order."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.first):
        if merged and span.first <= merged[-1].last:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return merged


def served(person: Person, span: Span) -> list[tuple[Span, int]]:
    """The parts of a span in service, each with its department."""
    return [
        (part, posting.place)
        for posting in person.postings
        if (part := clip(posting.since, posting.until, span)) is not None
    ]


def service_days(person: Person, span: Span) -> int:
    return sum(part.days for part, _ in served(person, span))


def effective_days_by_department(person: Person, span: Span) -> list[tuple[int, int]]:
    """(department, days in service and on no leave), one row per posting that touches the span."""
    leaves = [(leave.first, leave.last) for leave in merge(Span(*leave) for leave in person.leaves)]
    rows = []
    for part, department in served(person, span):
        away = sum(absent.days for leave in leaves if (absent := clip(*leave, part)) is not None)
        rows.append((department, part.days - away))
    return rows


def effective_days(person: Person, span: Span) -> int:
    return sum(days for _, days in effective_days_by_department(person, span))


def listed(person: Person, span: Span) -> bool:
    return bool(served(person, span))


def place_on(placements: tuple[Placement, ...], day: date) -> int | None:
    return next((placement.place for placement in placements if placement.since <= day <= placement.until), None)


def last_service_day(person: Person, span: Span) -> date | None:
    return max((part.last for part, _ in served(person, span)), default=None)


def department_in(person: Person, span: Span) -> int | None:
    """The department of the last in-service day of the span."""
    day = last_service_day(person, span)
    return None if day is None else place_on(person.postings, day)


def party_group_in(person: Person, span: Span) -> int | None:
    day = last_service_day(person, span)
    return None if day is None else place_on(person.memberships, day)


def department_before(person: Person, span: Span) -> int | None:
    """The department of the last in-service day before the span, else of its first in-service day."""
    before = department_in(person, Span(date.min, span.first - ONE_DAY))
    if before is not None:
        return before
    return min(served(person, span), key=lambda row: row[0].first, default=(None, None))[1]


def exemption(person: Person, span: Span) -> Exemption | None:
    """Why no quota binds the person in the span, or None where quotas bind."""
    effective = effective_days(person, span)
    if effective * 2 >= span.days:
        return None
    if service_days(person, span) * 2 >= span.days:
        reason = "请假"
    elif place_on(person.postings, span.last) is None:
        reason = "离岗"
    elif place_on(person.postings, span.first) is None:
        reason = "新入职"
    else:
        reason = "任职间断"
    return Exemption(reason, effective, span.days)
