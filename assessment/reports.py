"""Typed rows of an assessed period, for screens and the workbook alike.

Everything comes from the period's own snapshot: names, paths, order and scheme as they were when it
was assessed (assessment rules, section 9).
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, Q, When

from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult
from organization.models import Scope
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import Quarter, shanghai_date

CHUNK = 2000


class NotAssessed(LookupError):
    """There is nothing to report yet; str() is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class Report:
    """An assessed period as a scope may see it. `ranks` tells whether the reader may see ranks.

    `unit` is the name of the scope's top as it was then; the figures are those of the whole sheet.
    """

    period: Period
    ranks: bool
    scope: Scope
    unit: str

    @property
    def scheme(self) -> dict[str, Any]:
        return self.period.scheme_snapshot

    @property
    def quota_names(self) -> list[str]:
        return [quota["name"] for quota in self.scheme["quotas"]]

    @property
    def is_year(self) -> bool:
        return not isinstance(self.period.value, Quarter)

    @property
    def made_on(self) -> date:
        """The day of the assessment that the figures come from, so that the sheet never changes by itself."""
        assert self.period.assessed_at is not None
        return shanghai_date(self.period.assessed_at)

    @property
    def digest(self) -> str:
        return "未封存"

    def stale_after(self) -> list[str]:
        """Earlier quarters of the year that were assessed later, on other facts: their caps run into this one."""
        value = self.period.value
        earlier = value.earlier_in_year if isinstance(value, Quarter) else ()
        return newer_than(self.period, earlier)

    def people(self) -> Iterator[PersonResult]:
        rows = PersonResult.objects.filter(period=self.period).in_scope(self.scope)
        return rows.order_by("position").iterator(CHUNK)

    def departments(self) -> Iterator[DepartmentResult]:
        """In tree order; the total comes last: the root, or the top of a smaller scope."""
        rows = DepartmentResult.objects.filter(period=self.period).in_scope(self.scope)
        totals_last = Case(When(total_of(self.scope), then=1), default=0)
        return rows.order_by(totals_last, "position").iterator(CHUNK)

    def totals(self, row: DepartmentResult) -> bool:
        return row.is_root if self.scope.everybody else row.department_id == self.scope.top

    def party_groups(self) -> Iterator[PartyGroupResult]:
        """党小组 reach across agencies: only who sees everybody sees them."""
        rows = PartyGroupResult.objects.filter(period=self.period)
        return (rows if self.scope.everybody else rows.none()).order_by("position").iterator(CHUNK)

    def entries(self) -> Iterator[Entry]:
        """All lines of the period in the order of the sheet: 工号, 日期, 依据, 规则."""
        quarters = [str(quarter) for quarter in self.period.value.quarters]
        return heapq.merge(*(self.entries_of(code) for code in quarters), key=sheet_key)

    def entries_of(self, code: str) -> Iterator[Entry]:
        return Entry.objects.filter(period=code).on_sheet(self.period, self.scope).order_by("position").iterator(CHUNK)


def total_of(scope: Scope) -> Q:
    """The department whose row is the total of a scope's sheet."""
    return Q(is_root=True) if scope.everybody else Q(department=scope.top)


def sheet_key(entry: Entry) -> tuple[str, date, str, str]:
    return entry.employee_number, entry.date, basis(entry), entry.rule_code


def basis(entry: Entry) -> str:
    """依据: reference, one space, title."""
    return f"{entry.reference} {entry.title}"


def rate(met: int, assessed: int) -> Decimal | None:
    """达标率, rounded to four places; None where nobody is assessed."""
    return (Decimal(met) / assessed).quantize(Decimal("0.0001"), ROUND_HALF_UP) if assessed else None


def report_on(value: PeriodValue, *, ranks: bool, scope: Scope) -> Report:
    """The report of a period; raises NotAssessed, for a year also when a quarter was assessed on newer facts."""
    period = Period.objects.filter(code=str(value), assessed_at__isnull=False).first()
    if period is None:
        raise NotAssessed(f"{value} 还没有计算，请先运行 manage.py assess {value}，或由办公室在考核页计算。")
    if changed := newer_than(period, value.quarters):
        raise NotAssessed(
            f"{'、'.join(changed)} 在 {value} 之后又计算过，请先重新运行 manage.py assess {value}，"
            "或由办公室在考核页重新计算，再导出。"
        )
    return Report(period, ranks, scope, unit_of(period, scope))


def unit_of(period: Period, scope: Scope) -> str:
    """The name that stands over the sheet: the whole tree's, or that of the scope's top, as it was then."""
    if scope.everybody:
        return period.agency
    tops = DepartmentResult.objects.filter(period=period, department=scope.top).values_list(
        "department_path", flat=True
    )
    return next(iter(tops), period.agency)


def state_of(value: PeriodValue) -> list[tuple[str, datetime | None]]:
    """When the period and its quarters were assessed last, as it stands now."""
    codes = {str(value), *(str(quarter) for quarter in value.quarters)}
    return list(Period.objects.filter(code__in=codes).order_by("code").values_list("code", "assessed_at"))


def newer_than(period: Period, quarters: Iterable[Quarter]) -> list[str]:
    """Quarters that were assessed after the period, on other facts."""
    found = Period.objects.filter(code__in=[str(quarter) for quarter in quarters]).order_by("code")
    return [quarter.code for quarter in found if quarter.outdates(period)]
