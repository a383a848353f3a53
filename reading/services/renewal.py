"""The renewal gauge of a year, read from the copies, and the lists behind its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Min, Prefetch

from organization.models import Cadre
from organization.roles import LIBRARIANS, Role
from reading.kinds import Source
from reading.models import Book, Copy
from reading.renewal import Renewal, Stay, renewal_of
from reading.services.queue import policy_now

READERS = (*LIBRARIANS, Role.LEADER)


def may_read(person: Cadre) -> bool:
    return person.has_role(*READERS)


class Part(NamedTuple):
    """One number of the gauge: its word in the address, what people call it, its titles."""

    code: str
    name: str
    titles: frozenset[int]


@dataclass(frozen=True)
class Gauge:
    """A year's account up to `until`, with its parts in the order of the account."""

    renewal: Renewal
    until: date

    def parts(self) -> list[Part]:
        found = self.renewal
        sources = [Part(source.value, f"{source.label}新增", found.from_source(source)) for source in Source]
        return [
            Part("base", "年初在藏", found.base),
            Part("new", "本年新增", frozenset(found.new)),
            *sources,
            Part("gone", "本年减少", found.gone),
            Part("closing", "期末在藏", found.closing),
        ]

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts() if part.code == code), None)


def stays(until: date) -> Iterable[Stay]:
    """Of the days that copies have now: one found again, or restored, has never been away."""
    rows = Copy.objects.filter(acquired_on__lte=until).order_by("pk")
    return (Stay(*row) for row in rows.values_list("book_id", "acquired_on", "left_on", "source").iterator(5000))


def gauge_of(*, year: int, today: date) -> Gauge:
    """A year that runs still is told up to today."""
    until = min(today, date(year, 12, 31))
    return Gauge(renewal_of(stays(until), year=year, until=until, percent=policy_now().renewal_target), until)


def years_told(today: date) -> list[int]:
    """The newest first, from the year in which the first copy came."""
    first = Copy.objects.filter(acquired_on__lte=today).aggregate(first=Min("acquired_on"))["first"]
    return list(range(today.year, (first or today).year - 1, -1))


def in_order(titles: frozenset[int]) -> list[int]:
    """Their keys by title. Filtered here: a database takes only so many keys in a condition."""
    ordered = Book.objects.order_by("sort_key", "pk")
    return [key for key in ordered.values_list("pk", flat=True) if key in titles]


def listed(keys: Iterable[int]) -> list[Book]:
    """The books of a page in the order given, their copies at hand as `copies.all()`."""
    asked = list(keys)
    copies = Prefetch("copies", Copy.objects.order_by("acquired_on", "pk"))
    found = Book.objects.select_related("area").prefetch_related(copies).in_bulk(asked)
    return [found[key] for key in asked]
