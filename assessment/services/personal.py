"""A person's own year for the screen: what was owed and done, and every line of the ledger with its reason.

Everything comes from the periods' snapshots, like `reports` (assessment rules, sections 5 to 7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models.functions import Coalesce

from assessment.kinds import ANY_GRADE, GRADES
from assessment.models import Entry, Period, PersonResult
from organization.models import Cadre
from organization.roles import Role
from shuxiang.periods import Quarter, Year, parse_period
from submissions.kinds import Grade

QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
ADJUSTMENTS = "以前期调整"
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """`state` is one of done, owed, later (未到期) and exempt; `missed` names the quarters that fail a year."""

    name: str
    cycle: str
    due: int
    done: int
    state: str
    missed: Sequence[str] = ()

    @property
    def missing(self) -> int:
        return self.due - self.done


@dataclass(frozen=True)
class Standing:
    """One assessed period of one person. `rank` is None where there is none or the viewer may not see it."""

    result: PersonResult
    label: str
    rank: int | None
    quotas: Sequence[QuotaLine]

    @property
    def period(self) -> Period:
        return self.result.period

    @property
    def is_quarter(self) -> bool:
        return isinstance(self.period.value, Quarter)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    entry: Entry
    rule: str
    explanation: str


@dataclass(frozen=True)
class LedgerGroup:
    """A quarter, newest line first, or the year's adjustments; `standing` where the quarter was assessed."""

    label: str
    standing: Standing | None
    lines: Sequence[LedgerLine]

    @property
    def points(self) -> Decimal:
        return sum((line.entry.points for line in self.lines), ZERO)


@dataclass(frozen=True)
class OwnYear:
    """`latest` is the latest assessed quarter, `whole` the year itself where it was assessed."""

    year: int
    latest: Standing | None
    whole: Standing | None
    groups: Sequence[LedgerGroup]

    @property
    def points(self) -> Decimal:
        return sum((group.points for group in self.groups), ZERO)

    @property
    def has_lines(self) -> bool:
        return any(group.lines for group in self.groups)


def years_on_record(cadre: Cadre) -> list[int]:
    """Years in which the person has a result or an entry, newest first."""
    results = PersonResult.objects.filter(cadre=cadre).order_by().values_list("period_id")
    entries = Entry.objects.filter(cadre=cadre).order_by().values_list(Coalesce("corrects_id", "period_id"))
    return sorted({parse_period(code).year for (code,) in results.union(entries)}, reverse=True)


def own_year(cadre: Cadre, year: int) -> OwnYear:
    """The year as the person may see it; three queries."""
    ranks = cadre.has_role(Role.OFFICE, Role.LEADER)
    codes = [str(Year(year)), *map(str, Year(year).quarters)]
    results = PersonResult.objects.filter(cadre=cadre, period__in=codes).select_related("period")
    standings = {result.period_id: standing(result, ranks) for result in results}
    entries = Entry.objects.filter(cadre=cadre).select_related("period").order_by("-date", "position")
    normal = list(entries.normal().filter(period__in=codes))
    groups = []
    for quarter in reversed(Year(year).quarters):
        lines = [ledger_line(entry) for entry in normal if entry.period_id == str(quarter)]
        if lines or str(quarter) in standings:
            groups.append(LedgerGroup(QUARTERS[quarter.number - 1], standings.get(str(quarter)), lines))
    adjusted = [ledger_line(entry) for entry in entries.adjustments_of_year(year).filter(corrects__in=codes)]
    if adjusted:
        groups.append(LedgerGroup(ADJUSTMENTS, None, adjusted))
    whole = standings.pop(str(year), None)
    latest = standings[max(standings)] if standings else None
    return OwnYear(year, latest, whole and with_missed_quarters(whole, standings), groups)


def standing(result: PersonResult, ranks: bool) -> Standing:
    period, value = result.period, result.period.value
    visible = ranks or period.scheme_snapshot.get("ranks_for_everybody", False)
    label = f"{value.year} 年{QUARTERS[value.number - 1] if isinstance(value, Quarter) else '全年'}"
    cycles = {quota["name"]: quota["cycle"] for quota in period.scheme_snapshot.get("quotas", ())}
    quotas = [
        QuotaLine(name, cycles.get(name, ""), due, done, quota_state(result, name, due, done))
        for name, due, done in result.quotas
    ]
    return Standing(result, label, result.rank if visible else None, quotas)


def with_missed_quarters(whole: Standing, quarters: Mapping[str, Standing]) -> Standing:
    """A year can fail by a single quarter although its sum is enough (section 6): then that quarter is named."""
    if whole.result.status != PersonResult.Status.UNMET:
        return whole
    owed = [
        (quota.name, QUARTERS[int(code[-1]) - 1])
        for code, each in sorted(quarters.items())
        for quota in each.quotas
        if quota.state == "owed"
    ]
    quotas = [
        replace(quota, missed=[label for name, label in owed if name == quota.name]) if quota.state == "done" else quota
        for quota in whole.quotas
    ]
    return replace(whole, quotas=quotas)


def quota_state(result: PersonResult, name: str, due: int, done: int) -> str:
    if due == 0:
        return "exempt"
    if done >= due:
        return "done"
    return "later" if f"{name}未到期" in result.note.split("；") else "owed"


def ledger_line(entry: Entry) -> LedgerLine:
    scheme = entry.period.scheme_snapshot
    rule = next((rule for rule in scheme.get("rules", ()) if rule["code"] == entry.rule_code), None)
    if entry.kind == Entry.Kind.ADJUSTMENT:
        explanation = f"更正 {entry.corrects_id}，记入 {entry.period_id}：{entry.cause}"
    elif rule is None:
        explanation = entry.note
    else:
        explanation = "，".join(reasons(entry, rule, Decimal(scheme["late_factor"])))
    return LedgerLine(entry, rule_name(rule), explanation)


def rule_name(rule: dict[str, Any] | None) -> str:
    """`基础分 1.00`, `评为优秀 2.00`, `市级刊发 3.00`; empty where the snapshot does not know the rule."""
    if rule is None:
        return ""
    grade = rule["grade"]
    if grade == GRADES[ANY_GRADE]:
        return f"基础分 {rule['points']}"
    return f"{f'评为{grade}' if grade in Grade.labels else f'{grade}刊发'} {rule['points']}"


def reasons(entry: Entry, rule: dict[str, Any], late_factor: Decimal) -> list[str]:
    """Why the line differs from the rule's points: late, shared, capped (section 5)."""
    full, found = Decimal(rule["points"]), []
    if Quarter.of(entry.date) != entry.period.value:
        found.append("补报")
        if rule["grade"] == GRADES[ANY_GRADE]:
            full = (full * late_factor).quantize(ZERO, ROUND_HALF_UP)
            found = [f"补报，按 {late_factor} 计"]
    if entry.note:
        found.append(entry.note)
    elif entry.points < full:
        found.append("多人均分")
    return found
