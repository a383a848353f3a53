"""The renewal gauge (更新率): titles new in a year against titles in stock on its 1 January. Pure.

A year is kept like an account book. What was in stock on 1 January is what 31 December left behind: a copy that came in
on 1 January is this year's, one that left on 1 January had still been there. So every coming and every leaving belongs
to exactly one year, and opening + new - gone = closing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Stay:
    """One copy's days in stock: from `came` on, until the day before `left`."""

    title: int
    came: date
    left: date | None
    source: str


@dataclass(frozen=True)
class Renewal:
    """`new` has the source of the copy by which a title came in first; `percent` is the target."""

    year: int
    percent: int
    base: frozenset[int]
    new: dict[int, str]
    closing: frozenset[int]

    @property
    def gone(self) -> frozenset[int]:
        """Titles whose last copy left in the year, those bought and lost in it among them."""
        return (self.base | self.new.keys()) - self.closing

    @property
    def target(self) -> int:
        """In titles."""
        return -(-self.percent * len(self.base) // 100)

    @property
    def shortfall(self) -> int:
        return max(0, self.target - len(self.new))

    @property
    def rate(self) -> Decimal | None:
        """As a quotient."""
        return Decimal(len(self.new)) / len(self.base) if self.base else None

    @property
    def shown_rate(self) -> str:
        """`30.0%`, half a tenth rounded up; a dash where there was nothing to renew."""
        if self.rate is None:
            return "—"
        return f"{(self.rate * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"

    def from_source(self, source: str) -> frozenset[int]:
        return frozenset(title for title, came_by in self.new.items() if came_by == source)


def renewal_of(stays: Iterable[Stay], *, year: int, until: date, percent: int) -> Renewal:
    """The account of a year up to the evening of `until`, a day of it. Of two copies that came on one day the first
    counts for the source."""
    first = date(year, 1, 1)
    base: set[int] = set()
    closing: set[int] = set()
    came: dict[int, tuple[date, str]] = {}
    for stay in stays:
        if stay.came > until:
            continue
        if stay.left is None or stay.left > until:
            closing.add(stay.title)
        if stay.came >= first:
            known = came.get(stay.title)
            if known is None or stay.came < known[0]:
                came[stay.title] = (stay.came, stay.source)
        elif stay.left is None or stay.left >= first:
            base.add(stay.title)
    new = {title: source for title, (_, source) in came.items() if title not in base}
    return Renewal(year, percent, frozenset(base), new, frozenset(closing))
