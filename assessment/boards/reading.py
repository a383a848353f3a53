"""阅读率: the share of those listed who handed in a work that counts, or borrowed a book, in the period.

Never points. Who borrowed is nobody's business: only counts leave this module, and none of so few people that it would
tell about one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

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
    """`total` is None where the people are too few for any figure."""

    total: Share | None
    rows: Sequence[Share]

    @property
    def has_lump(self) -> bool:
        return any(row.name == FEW for row in self.rows)


def reading_rate(sheet: Sheet, under: DepartmentResult) -> ReadingRate:
    """By what lies directly in a department: its people as the sheet lists them. One query."""
    people = PersonResult.objects.filter(period=sheet.period).in_scope(sheet.scope)
    if under != sheet.top:
        people = people.filter(department__in=sheet.subtree(under.department_id))
    codes = [str(quarter) for quarter in sheet.period.value.quarters]
    works = Contributor.objects.counted().filter(cadre=OuterRef("cadre"), submission__quarter__in=codes)
    loans = LoanQuarter.objects.filter(cadre=OuterRef("cadre"), quarter__in=codes)
    counts: dict[int | None, list[int]] = {}
    rows = people.order_by().annotate(reads=Exists(works) | Exists(loans)).values("department_id")
    for row in rows.annotate(listed=Count("pk"), reading=Count("pk", filter=Q(reads=True))):
        found = counts.setdefault(sheet.branch(row["department_id"], under.department_id), [0, 0])
        found[0] += row["listed"]
        found[1] += row["reading"]
    total = Share("合计", sum(each[0] for each in counts.values()), sum(each[1] for each in counts.values()))
    if total.listed < FEWEST:
        return ReadingRate(None, ())
    children = [(child.department_id, child.short_name) for child in sheet.children(under.department_id)]
    named = [(name, counts[key]) for key, name in [*children, (None, OWN)] if key in counts]
    return ReadingRate(total, told([Share(name, *found) for name, found in named]))


def told(rows: Sequence[Share]) -> Sequence[Share]:
    """Those of few people as one sum, which takes in the next smallest where it would itself be of few: what is left
    out of a total can be worked out."""
    if len(rows) < 2:
        return ()
    few = [row for row in rows if row.listed < FEWEST]
    rest = sorted((row for row in rows if row.listed >= FEWEST), key=lambda row: row.listed)
    while few and rest and sum(row.listed for row in few) < FEWEST:
        few.append(rest.pop(0))
    kept = [row for row in rows if row not in few]
    if not few:
        return kept
    lump = Share(FEW, sum(row.listed for row in few), sum(row.reading for row in few))
    return [*kept, lump] if kept else ()
