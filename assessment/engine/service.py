"""Days in service, departments of a period and exemption (section 2)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from assessment.engine.model import Person, Placement, make
from shuxiang.periods import Span

Days = tuple[date, date]


class Stay(NamedTuple):
    """The part of a span that one posting covers, and how many of its days are on no leave."""

    first: date
    last: date
    department: int
    effective_days: int


class Service(NamedTuple):
    """What postings and leaves say of one person in one span: worked out once, asked often."""

    person: Person
    span: Span
    stays: tuple[Stay, ...]
    service_days: int
    effective_days: int
    exempt: bool

    @property
    def last_stay(self) -> Stay | None:
        """That of the last in-service day."""
        if len(self.stays) == 1:
            return self.stays[0]
        return max(self.stays, key=lambda stay: stay.last, default=None)

    @property
    def department(self) -> int | None:
        """The department of the last in-service day of the span."""
        stay = self.last_stay
        return None if stay is None else stay.department

    @property
    def party_group(self) -> int | None:
        """The 党小组 of the last in-service day of the span."""
        if not self.person.memberships:
            return None
        stay = self.last_stay
        return None if stay is None else place_on(self.person.memberships, stay.last)


make_stay, make_service = make(Stay), make(Service)


class Exemption(NamedTuple):
    reason: str
    effective_days: int
    days: int

    def __str__(self) -> str:
        return f"{self.reason}：在岗 {self.effective_days}/{self.days} 天"


def days_between(first: date, last: date) -> int:
    """Both ends included; none where the end lies before."""
    return max((last - first).days + 1, 0)


def merge(spans: Iterable[Days]) -> list[Days]:
    """The same days as disjoint spans in order."""
    merged: list[Days] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def serve(person: Person, span: Span) -> Service:
    leaves = merge(person.leaves) if person.leaves else ()
    begin, end = span.first, span.last
    stays = []
    service_days = effective_days = 0
    for since, until, department in person.postings:
        first = since if since > begin else begin
        last = until if until < end else end
        if first > last:
            continue
        days = effective = (last - first).days + 1
        for left, back in leaves:
            effective -= days_between(max(left, first), min(back, last))
        stays.append(make_stay((first, last, department, effective)))
        service_days += days
        effective_days += effective
    return make_service((person, span, tuple(stays), service_days, effective_days, effective_days * 2 < span.days))


def place_on(placements: tuple[Placement, ...], day: date) -> int | None:
    for since, until, place in placements:
        if since <= day <= until:
            return place
    return None


def department_before(service: Service) -> int | None:
    """The department of the last in-service day before the span, else of its first in-service day."""
    first = service.span.first
    before = [posting for posting in service.person.postings if posting.since < first]
    if before:
        return max(before).place
    return min(service.stays).department if service.stays else None


def exemption(service: Service) -> Exemption | None:
    """Why no quota binds the person in the span, or None where quotas bind."""
    if not service.exempt:
        return None
    span, postings = service.span, service.person.postings
    if service.service_days * 2 >= span.days:
        reason = "请假"
    elif place_on(postings, span.last) is None:
        reason = "离岗"
    elif place_on(postings, span.first) is None:
        reason = "新入职"
    else:
        reason = "任职间断"
    return Exemption(reason, service.effective_days, span.days)
