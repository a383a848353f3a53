"""Assessing a period: read, compute, then replace entries and results in one short transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assessment.bulk import Prepared, collector_at_rest
from assessment.engine.assess import by_quarter, quarter_entries, quarter_results, year_results
from assessment.engine.model import Entry
from assessment.engine.points import count_facts
from assessment.facts import load_facts, load_organization
from assessment.models import Period, Scheme
from assessment.services.fingerprint import fingerprint
from assessment.services.ledger import (
    load_adjustments,
    load_entries,
    prepare_entries,
    prepare_results,
    replace_entries,
    replace_results,
)
from assessment.services.schemes import for_engine, schemes_in_force, snapshot
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import Quarter, shanghai_date

ATTEMPTS = 5
READING, WRITING = "读取数据", "写入结果"
# Told what is being done (in Chinese), and how many steps of how many are behind.
Progress = Callable[[str, int, int], None]


class CannotAssess(Exception):
    """The period cannot be assessed; str() is a Chinese sentence that says why and what to do."""


@dataclass(frozen=True)
class Assessment:
    """The rows of each period to write, entries for unsealed quarters only; `schemes` by quarter, `agency` the root."""

    agency: str
    schemes: Mapping[Quarter, Scheme]
    entries: Mapping[Quarter, Prepared]
    results: Mapping[PeriodValue, Sequence[Prepared]]


@collector_at_rest()
def assess(
    *,
    period: PeriodValue,
    now: datetime,
    progress: Progress = lambda *step: None,
    before_writing: Callable[[], None] = lambda: None,
) -> list[Period]:
    """Brings a period, and the unsealed quarters before it in its year, up to date.

    Facts that change while it computes make it start over, so what it writes equals a fresh run.
    `before_writing` is called first in the transaction that writes, and is undone with it.
    Returns the periods written; raises CannotAssess where the period is sealed or nobody is there.
    """
    check_begun(period, now)
    members = begun(periods_to_assess(period), now)
    for _ in range(ATTEMPTS):
        before = fingerprint()
        sealed = sealed_periods(members)
        check_unsealed(period, sealed)
        assessment = compute(period, sealed, progress)
        steps = len(assessment.results) + 2
        progress(WRITING, steps - 1, steps)
        with transaction.atomic():
            before_writing()
            Period.objects.bulk_create([Period(code=str(each)) for each in members], ignore_conflicts=True)
            locked = list(Period.objects.select_for_update().filter(code__in=map(str, members)))
            if fingerprint() == before and sealed_periods(members) == sealed:
                return write(assessment, locked, before, now)
            transaction.set_rollback(True)
    raise CannotAssess("计算期间数据一直在变动，请稍后再算。")


def begun(periods: Iterable[PeriodValue], now: datetime) -> list[PeriodValue]:
    """A year needs all its quarters, but a quarter that is still to come has no sheet of its own."""
    return [period for period in periods if period.span.first <= shanghai_date(now)]


def check_begun(period: PeriodValue, now: datetime) -> None:
    if not begun([period], now):
        raise CannotAssess(f"{period} 还没有开始，请核对考核期。")


def check_unsealed(period: PeriodValue, sealed: set[PeriodValue]) -> None:
    if period in sealed:
        raise CannotAssess(f"{period} 已封存，结果不能再变；之后的变动会以“以前期调整”进入以后的季度。")


def periods_to_assess(period: PeriodValue) -> tuple[PeriodValue, ...]:
    """The period, after everything that is brought up to date before it."""
    return (*period.earlier_in_year, period) if isinstance(period, Quarter) else (*period.quarters, period)


def sealed_periods(members: Iterable[PeriodValue]) -> set[PeriodValue]:
    return {row.value for row in Period.objects.filter(code__in=map(str, members), state=Period.State.SEALED)}


def compute(period: PeriodValue, sealed: set[PeriodValue], progress: Progress) -> Assessment:
    """Reads everything, runs the engine and prepares the rows; writes nothing. The number of queries is constant."""
    members = periods_to_assess(period)
    quarters = [each for each in members if isinstance(each, Quarter)]
    steps = sum(each not in sealed for each in members) + 2
    progress(READING, 0, steps)
    organization = load_organization()
    if not organization.people:
        raise CannotAssess("还没有任职的干部，请先导入花名册。")
    schemes = schemes_in_force(quarters)
    for_quarter = {quarter: for_engine(schemes[quarter]) for quarter in quarters}
    counted = by_quarter(count_facts(load_facts(quarters), organization.people))
    adjustments = load_adjustments(period.year)
    ledger: dict[Quarter, Sequence[Entry]] = dict(load_entries(each for each in quarters if each in sealed))
    entries: dict[Quarter, Prepared] = {}
    results: dict[PeriodValue, Sequence[Prepared]] = {}
    for quarter in quarters:
        if quarter in sealed:
            continue
        progress(f"计算 {quarter}", len(results) + 1, steps)
        scheme = for_quarter[quarter]
        ledger[quarter] = quarter_entries(quarter, organization, scheme, counted.get(quarter, ()), ledger, adjustments)
        found = quarter_results(quarter, organization, scheme, counted, ledger, adjustments)
        entries[quarter] = prepare_entries(str(quarter), scheme.version, ledger[quarter], organization)
        results[quarter] = prepare_results(str(quarter), found, organization)
    if not isinstance(period, Quarter):
        progress(f"计算 {period}", len(results) + 1, steps)
        found = year_results(period, organization, for_quarter, counted, ledger, adjustments)
        results[period] = prepare_results(str(period), found, organization)
    return Assessment(organization.departments[0].path, schemes, entries, results)


def write(assessment: Assessment, periods: Iterable[Period], facts: str, now: datetime) -> list[Period]:
    """Replaces what the assessment computed for `periods`. To be called inside a transaction."""
    by_code = {period.code: period for period in periods}
    written = []
    for value, tables in assessment.results.items():
        if (period := by_code.get(str(value))) is None:
            continue
        schemes = [assessment.schemes[quarter] for quarter in value.quarters]
        period.scheme = schemes[-1]
        period.scheme_snapshot = snapshot(schemes)
        period.agency = assessment.agency
        period.fingerprint = facts
        period.assessed_at = now
        period.save(update_fields=["scheme", "scheme_snapshot", "agency", "fingerprint", "assessed_at"])
        if isinstance(value, Quarter):
            replace_entries(period, assessment.entries[value])
        replace_results(period, tables)
        written.append(period)
    return written
