"""A period's sheet as one reader may look into it: the departments in sight, as the tree was then."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.utils import timezone

from assessment.boards.figures import Figures, figures_of
from assessment.models import DepartmentResult, Period
from organization.models import Scope
from shuxiang.periods import Quarter, Year, spoken

CENT = Decimal("0.01")


def choices_of(periods: Iterable[Period], today: date) -> list[tuple[str, str, str]]:
    """(code, heading, state) of the periods that a page offers."""
    return [(period.code, period.value.heading, period.stands(today)) for period in periods]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of departments; `is_own` are the people of a department that has others below it: 本级."""

    row: DepartmentResult
    figures: Figures
    level: int
    is_own: bool = False


@dataclass(frozen=True)
class Sheet:
    """`departments` are the rows in sight, in tree order; the root, where it is in sight, comes last.

    `quarters` are the assessed quarters of the period by code: a quarter itself, or those of a year.
    """

    period: Period
    scope: Scope
    departments: Sequence[DepartmentResult]
    quarters: Mapping[str, Period]

    @property
    def label(self) -> str:
        return self.period.value.heading

    def stands(self, today: date) -> str:
        """`2026 年第三季度进行中，10 月 28 日 09:30 计算。`"""
        assert self.period.assessed_at is not None
        at = timezone.localtime(self.period.assessed_at)
        return f"{self.label}{self.period.stands(today)}，{spoken(at.date())} {at:%H:%M} 计算。"

    @property
    def is_year(self) -> bool:
        return not isinstance(self.period.value, Quarter)

    @property
    def leaves_time(self) -> bool:
        """Whether annual tasks are not due yet: before the fourth quarter."""
        value = self.period.value
        return isinstance(value, Quarter) and value != Year(value.year).quarters[-1]

    @property
    def newer_quarters(self) -> list[str]:
        """Quarters of a year that were assessed after it on other facts: their lines may not add up to its figures."""
        return [code for code, quarter in self.quarters.items() if quarter.outdates(self.period)]

    @property
    def quarter_codes(self) -> list[str]:
        return list(self.quarters)

    @cached_property
    def by_id(self) -> dict[int, DepartmentResult]:
        return {row.department_id: row for row in self.departments}

    @cached_property
    def top(self) -> DepartmentResult | None:
        """The total: the root's row, or that of the scope's topmost department."""
        if self.scope.everybody:
            return next((row for row in self.departments if row.is_root), None)
        return self.by_id.get(self.scope.top or 0)

    @cached_property
    def lines(self) -> list[Line]:
        """Every department but the total, each before what lies in it.

        One whose place in the tree is out of sight, as it came from elsewhere since, stands first: no total holds it.
        """
        strays = [row for row in self.departments if row.parent_id not in self.by_id and row != self.top]
        found = [line for stray in strays for line in (Line(stray, figures_of(stray), 0), *self._lines_in(stray, 1))]
        return found + list(self._lines_in(self.top, 0)) if self.top else found

    def _lines_in(self, department: DepartmentResult, level: int) -> Iterator[Line]:
        children = [child for child in self.children(department.department_id) if child != self.top]
        for child in children:
            yield Line(child, figures_of(child), level)
            yield from self._lines_in(child, level + 1)
        if children and (own := self.own_people(department)):
            yield Line(department, own, level, is_own=True)

    @property
    def has_levels(self) -> bool:
        return any(line.level for line in self.lines)

    @property
    def has_own_people(self) -> bool:
        return any(line.is_own for line in self.lines)

    @property
    def total(self) -> Figures | None:
        return figures_of(self.top) if self.top else None

    @cached_property
    def parents(self) -> dict[int, int | None]:
        return {row.department_id: row.parent_id for row in self.departments}

    @cached_property
    def below(self) -> Mapping[int | None, list[DepartmentResult]]:
        found = defaultdict(list)
        for row in self.departments:
            found[row.parent_id].append(row)
        return found

    def children(self, department: int) -> list[DepartmentResult]:
        return self.below.get(department, [])

    def own_figures(self, under: DepartmentResult) -> Figures:
        """What a department's figures hold beyond its children's: the people posted in itself."""
        children = self.children(under.department_id)
        points = under.points - sum((child.points for child in children), Decimal(0))
        days = under.person_days - sum(child.person_days for child in children)
        whole = self.period.value.span.days
        return Figures(
            listed=under.listed - sum(child.listed for child in children),
            assessed=under.assessed - sum(child.assessed for child in children),
            met=under.met - sum(child.met for child in children),
            points=points,
            periods=(Decimal(days) / whole).quantize(CENT, ROUND_HALF_UP),
            average=(points * whole / days).quantize(CENT, ROUND_HALF_UP) if days else None,
        )

    def own_people(self, under: DepartmentResult) -> Figures | None:
        """The same where there is anything: somebody listed, points or days."""
        own = self.own_figures(under)
        return own if own.listed or own.points or own.periods else None

    def line(self, department: int) -> list[DepartmentResult]:
        """The department and what stands above it in sight, topmost first."""
        found: list[DepartmentResult] = []
        current: int | None = department
        while current is not None and current in self.by_id:
            found.append(self.by_id[current])
            current = self.parents[current]
        return found[::-1]

    def subtree(self, department: int) -> frozenset[int]:
        return frozenset(id for id in self.by_id if department in self._above(id))

    def branch(self, department: int, under: int) -> int | None:
        """Which child of `under` a department belongs to: None for `under` itself and outside of it."""
        line = self._above(department)
        return line[line.index(under) - 1] if under in line and line[0] != under else None

    def _above(self, department: int) -> list[int]:
        """The department, then everything above it."""
        found = []
        current: int | None = department
        while current is not None:
            found.append(current)
            current = self.parents.get(current)
        return found


def sheet_of(period: Period, scope: Scope, known: Mapping[str, Period]) -> Sheet:
    """One query; `known` are the assessed periods by code, at least this one and its quarters."""
    rows = DepartmentResult.objects.filter(period=period).in_scope(scope).order_by("position")
    quarters = {str(quarter): known[str(quarter)] for quarter in period.value.quarters if str(quarter) in known}
    return Sheet(period, scope, list(rows), quarters)
