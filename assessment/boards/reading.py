"""阅读率: the share of those listed who handed in a work that counts, or borrowed a book, in the period.

Never points. Who borrowed is nobody's business: only counts leave this module, and none of so few people that it would
tell about one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef, Q

from assessment.boards.figures import NOTHING, percent
from assessment.boards.sheet import Sheet
from assessment.models import DepartmentResult, PersonResult
from reading.models import LoanQuarter
from submissions.models import Contributor

# Of fewer people no share is told by itself.
FEWEST = 5
OWN, FEW = "本级", "人数少的合计"


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    listed: int
    reading: int

    @property
    def value(self) -> Decimal | None:
        return percent(self.reading, self.listed)

    @property
    def shown(self) -> str:
        return NOTHING if self.value is None else f"{self.value}%"

    @property
    def width(self) -> int:
        """Of a bar a hundred wide."""
        return round(self.value or 0)


@dataclass(frozen=True, slots=True)
class ReadingRate:
    """`total` is None where the people are too few for any figure; `is_lumped` where a page above has them in a sum."""

    total: Share | None
    rows: Sequence[Share]
    is_lumped: bool = False

    @property
    def has_lump(self) -> bool:
        return any(row.name == FEW for row in self.rows)


# (listed, reading) by the department in which people are listed.
Counts = Mapping[int, tuple[int, int]]


def reading_rate(sheet: Sheet, under: DepartmentResult) -> ReadingRate:
    """By what lies directly in a department: its people as the sheet lists them. One query."""
    people = PersonResult.objects.filter(period=sheet.period).in_scope(sheet.scope)
    codes = [str(quarter) for quarter in sheet.period.value.quarters]
    works = Contributor.objects.counted().filter(cadre=OuterRef("cadre"), submission__quarter__in=codes)
    loans = LoanQuarter.objects.filter(cadre=OuterRef("cadre"), quarter__in=codes)
    rows = people.order_by().annotate(reads=Exists(works) | Exists(loans)).values("department_id")
    found = rows.annotate(listed=Count("pk"), reading=Count("pk", filter=Q(reads=True)))
    return rate_of(sheet, under, {row["department_id"]: (row["listed"], row["reading"]) for row in found})


def rate_of(sheet: Sheet, under: DepartmentResult, counts: Counts) -> ReadingRate:
    parts = list(parts_of(sheet, under, counts).values())
    total = Share("合计", sum(part.listed for part in parts), sum(part.reading for part in parts))
    if total.listed < FEWEST:
        return ReadingRate(None, ())
    if not is_told_above(sheet, under, counts):
        return ReadingRate(None, (), is_lumped=True)
    return ReadingRate(total, told(parts))


def is_told_above(sheet: Sheet, under: DepartmentResult, counts: Counts) -> bool:
    """Whether each page above tells what leads here by itself: what is only in its sums could be taken out of them."""
    line = sheet.line(under.department_id)
    if line[0] != sheet.top:
        return False
    for above, child in pairwise(line):
        parts = parts_of(sheet, above, counts)
        keys = list(parts)
        if child.department_id not in [keys[number] for number in apart(list(parts.values()))]:
            return False
    return True


def parts_of(sheet: Sheet, under: DepartmentResult, counts: Counts) -> dict[int | None, Share]:
    """By child; None for the people of the department itself. The top holds everybody in sight, wherever listed."""
    inside = None if under == sheet.top else sheet.subtree(under.department_id)
    found: dict[int | None, list[tuple[int, int]]] = {}
    for department, count in counts.items():
        if inside is None or department in inside:
            found.setdefault(sheet.branch(department, under.department_id), []).append(count)
    children = [(child.department_id, child.short_name) for child in sheet.children(under.department_id)]
    return {
        key: Share(name, sum(listed for listed, _ in found[key]), sum(reading for _, reading in found[key]))
        for key, name in [*children, (None, OWN)]
        if key in found
    }


def apart(rows: Sequence[Share]) -> list[int]:
    """The places of those told by themselves. Those of few people are not, nor is the next smallest where they would
    be few together: what is left out of a total can be worked out."""
    order = sorted(range(len(rows)), key=lambda place: rows[place].listed)
    people = 0
    while order and (rows[order[0]].listed < FEWEST or 0 < people < FEWEST):
        people += rows[order.pop(0)].listed
    return sorted(order)


def told(rows: Sequence[Share]) -> Sequence[Share]:
    """Those of few people as one sum."""
    places = apart(rows)
    if len(rows) < 2 or not places:
        return ()
    kept = [rows[place] for place in places]
    few = [row for place, row in enumerate(rows) if place not in places]
    if not few:
        return kept
    return [*kept, Share(FEW, sum(row.listed for row in few), sum(row.reading for row in few))]
