"""A person's own year for the screen: what was owed and done, and every line of the ledger with its reason.

Everything comes from the periods' snapshots, like `reports` (assessment rules, sections 5 to 7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from activities.models import Activity
from assessment.engine.points import YEAR_CAPPED
from assessment.kinds import ANY_GRADE, GRADES, FactKind
from assessment.models import Entry, Period, PersonResult
from organization.models import Cadre
from organization.roles import Role
from reading.models import Plan
from shuxiang.periods import Quarter, Year, parse_period, parse_quarter, shanghai_date
from submissions.kinds import Grade, Kind

ADJUSTMENTS = "以前期调整"
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """`state` is one of done, owed, later (未到期) and exempt; `missed` names the quarters that fail a year.

    `waiting` is what was handed in and may still be counted, where that is known.
    """

    name: str
    cycle: str
    due: int
    done: int
    state: str
    missed: Sequence[str] = ()
    waiting: int = 0

    @property
    def missing(self) -> int:
        return max(self.due - self.done - self.waiting, 0)


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

    @property
    def is_under_way(self) -> bool:
        """The period had not ended when it was assessed: what is missing can still come."""
        assert self.period.assessed_at is not None
        return shanghai_date(self.period.assessed_at) <= self.period.value.span.last

    @property
    def status(self) -> str:
        """The class of the stamp, without its prefix."""
        unmet = self.result.status == PersonResult.Status.UNMET
        return "warn" if unmet and self.is_under_way else self.result.status

    @property
    def word(self) -> str:
        return "进行中" if self.status == "warn" else self.result.get_status_display()


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """`work`, `plan` and `activity` are ids of what is behind it where the reader may open one."""

    entry: Entry
    rule: str
    explanation: str
    work: int | None = None
    plan: int | None = None
    activity: int | None = None


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
    """`latest` is the latest assessed quarter, `whole` the year itself where it was assessed; `standings` by period."""

    year: int
    standings: Mapping[str, Standing]
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


def own_year(
    cadre: Cadre, year: int, works: Mapping[str, int], standings: Mapping[str, "Standing"] | None = None
) -> OwnYear:
    """The year as the person may see it, in four queries; `works` are ids of works that may be opened, by reference.

    One query less where the `standings` of the year, and perhaps of others, are known already.
    """
    codes = codes_of(year)
    known = standings_in(cadre, year) if standings is None else standings
    standings = {code: known[code] for code in codes if code in known}
    entries = (
        Entry.objects.filter(cadre=cadre)
        .of_year(codes)
        .annotate(
            plan=plan_behind(Plan.objects.of(cadre)), activity=activity_behind(Activity.objects.in_sight_of(cadre))
        )
    )
    ordered: Any = entries.select_related("period").order_by("-date", "position")
    lines = [replace(ledger_line(entry, works), plan=entry.plan, activity=entry.activity) for entry in ordered]
    groups = []
    for quarter in reversed(Year(year).quarters):
        own = [line for line in lines if line.entry.corrects_id is None and line.entry.period_id == str(quarter)]
        if own or str(quarter) in standings:
            groups.append(LedgerGroup(quarter.name, standings.get(str(quarter)), own))
    if adjusted := [line for line in lines if line.entry.corrects_id is not None]:
        groups.append(LedgerGroup(ADJUSTMENTS, None, adjusted))
    quarters = {code: each for code, each in standings.items() if each.is_quarter}
    whole = standings.get(str(year))
    latest = quarters[max(quarters)] if quarters else None
    return OwnYear(year, standings, latest, whole and with_missed_quarters(whole, quarters), groups)


def codes_of(year: int) -> list[str]:
    return [str(Year(year)), *map(str, Year(year).quarters)]


def standings_in(cadre: Cadre, *years: int) -> dict[str, Standing]:
    """The person's assessed quarters of the years and the years themselves, by code; one query."""
    ranks = cadre.has_role(Role.OFFICE, Role.LEADER)
    codes = [code for year in years for code in codes_of(year)]
    results = PersonResult.objects.filter(cadre=cadre, period__in=codes).select_related("period")
    return {result.period_id: standing(result, ranks) for result in results}


def standings_of(people: Iterable[Cadre], *years: int) -> dict[int, dict[str, Standing]]:
    """The same for many, by person, without ranks; one query."""
    codes = [code for year in years for code in codes_of(year)]
    found: dict[int, dict[str, Standing]] = {}
    for result in PersonResult.objects.filter(cadre__in=people, period__in=codes).select_related("period"):
        found.setdefault(result.cadre_id, {})[result.period_id] = standing(result, ranks=False)
    return found


def standing(result: PersonResult, ranks: bool) -> Standing:
    period, value = result.period, result.period.value
    visible = ranks or period.scheme_snapshot.get("ranks_for_everybody", False)
    cycles = {quota["name"]: quota["cycle"] for quota in period.scheme_snapshot.get("quotas", ())}
    quotas = [
        QuotaLine(name, cycles.get(name, ""), due, done, quota_state(result, name, due, done))
        for name, due, done in result.quotas
    ]
    return Standing(result, value.heading, result.rank if visible else None, quotas)


def standing_on_sheet(result: PersonResult) -> Standing:
    """A row of the sheet for office and leaders; a year with the quarters that fail it, by one query more."""
    value, found = result.period.value, standing(result, ranks=True)
    if isinstance(value, Quarter):
        return found
    quarters = PersonResult.objects.filter(cadre=result.cadre_id, period__in=[str(each) for each in value.quarters])
    return with_missed_quarters(
        found, {each.period_id: standing(each, ranks=True) for each in quarters.select_related("period")}
    )


def with_missed_quarters(whole: Standing, quarters: Mapping[str, Standing]) -> Standing:
    """A year can fail by a single quarter although its sum is enough (section 6): then that quarter is named."""
    if whole.result.status != PersonResult.Status.UNMET:
        return whole
    owed = [
        (quota.name, parse_quarter(code).name)
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


def ledger_line(entry: Entry, works: Mapping[str, int] | None = None) -> LedgerLine:
    scheme = entry.period.scheme_snapshot
    rule = next((rule for rule in scheme.get("rules", ()) if rule["code"] == entry.rule_code), None)
    if entry.kind == Entry.Kind.ADJUSTMENT:
        explanation = f"更正 {entry.corrects_id}，记入 {entry.period_id}：{entry.cause}"
    elif rule is None:
        explanation = entry.note
    else:
        explanation = "，".join(reasons(entry, rule, Decimal(scheme["late_factor"])))
    return LedgerLine(entry, rule_name(rule), explanation, work_behind(entry, works or {}))


def work_behind(entry: Entry, works: Mapping[str, int]) -> int | None:
    """A publication's reference is its work's with the level behind a stroke (assessment rules, section 3)."""
    if entry.fact_kind == FactKind.PUBLICATION:
        return works.get(entry.reference.rpartition("/")[0])
    return works.get(entry.reference) if entry.fact_kind in Kind.values else None


def plan_behind(plans: QuerySet[Plan]) -> Case:
    """The key of the plan behind an entry, where it is one of `plans`."""
    found = plans.filter(reference=OuterRef("reference")).order_by().values("pk")[:1]
    return Case(
        When(fact_kind=FactKind.PLAN, then=Subquery(found)), default=Value(None), output_field=BigIntegerField()
    )


def activity_behind(activities: QuerySet[Activity]) -> Case:
    """The key of the activity behind an entry, where it is one of `activities`."""
    found = activities.filter(reference=OuterRef("reference")).order_by().values("pk")[:1]
    taking_part = (FactKind.ATTENDANCE, FactKind.SPEAKING)
    return Case(
        When(fact_kind__in=taking_part, then=Subquery(found)), default=Value(None), output_field=BigIntegerField()
    )


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
        found.append(capped(entry, rule))
    elif entry.points < full:
        found.append("多人均分")
    return found


def capped(entry: Entry, rule: dict[str, Any]) -> str:
    """Which cap cut the line, and what it left; the note alone where the snapshot has no such cap."""
    cap, span = (rule["year_cap"], "全年") if entry.note == YEAR_CAPPED else (rule["quarter_cap"], "每季度")
    left = f"只剩 {entry.points} 分" if entry.points else "已经得满"
    return entry.note if cap is None else f"{entry.note}：这一项{span}最多 {cap} 分，{left}"
