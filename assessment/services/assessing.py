"""Assessing a period: read, compute, then replace entries and results in one short transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assessment.engine.assess import by_quarter, quarter_entries, quarter_results, year_results
from assessment.engine.model import Entry, Organization, Results
from assessment.engine.points import count_facts
from assessment.facts import load_facts, load_organization
from assessment.models import Period, Scheme
from assessment.services.fingerprint import fingerprint
from assessment.services.ledger import load_adjustments, load_entries, write_entries, write_results
from assessment.services.schemes import for_engine, schemes_in_force, snapshot
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import Quarter, shanghai_date

ATTEMPTS = 5


class CannotAssess(Exception):
    """The period cannot be assessed; str() is a Chinese sentence that says why and what to do."""


@dataclass(frozen=True)
class Assessment:
    """Entries of each unsealed quarter and results of each period to write; `schemes` by quarter."""

    organization: Organization
    schemes: Mapping[Quarter, Scheme]
    entries: Mapping[Quarter, Sequence[Entry]]
    results: Mapping[PeriodValue, Results]


def assess(*, period: PeriodValue, now: datetime) -> list[Period]:
    """Brings a period, and the unsealed quarters before it in its year, up to date.

    Facts that change while it computes make it start over, so what it writes equals a fresh run.
    Returns the periods written; raises CannotAssess where the period is sealed or nobody is there.
    """
    if period.span.first > shanghai_date(now):
        raise CannotAssess(f"{period} 还没有开始，请核对考核期。")
    members = periods_to_assess(period)
    for _ in range(ATTEMPTS):
        before = fingerprint()
        sealed = sealed_periods(members)
        if period in sealed:
            raise CannotAssess(f"{period} 已封存，结果不能再变；之后的变动会以“以前期调整”进入以后的季度。")
        assessment = compute(period, sealed)
        with transaction.atomic():
            Period.objects.bulk_create([Period(code=str(each)) for each in members], ignore_conflicts=True)
            locked = list(Period.objects.select_for_update().filter(code__in=map(str, members)))
            if fingerprint() == before and sealed_periods(members) == sealed:
                return write(assessment, locked, before, now)
    raise CannotAssess("计算期间数据一直在变动，请稍后再算。")


def periods_to_assess(period: PeriodValue) -> tuple[PeriodValue, ...]:
    """The period, after everything that is brought up to date before it."""
    return (*period.earlier_in_year, period) if isinstance(period, Quarter) else (*period.quarters, period)


def sealed_periods(members: Iterable[PeriodValue]) -> set[PeriodValue]:
    return {row.value for row in Period.objects.filter(code__in=map(str, members), state=Period.State.SEALED)}


def compute(period: PeriodValue, sealed: set[PeriodValue]) -> Assessment:
    """Reads everything and runs the engine; writes nothing. The number of queries is constant."""
    quarters = [each for each in periods_to_assess(period) if isinstance(each, Quarter)]
    organization = load_organization()
    if not organization.people:
        raise CannotAssess("还没有任职的干部，请先导入花名册（manage.py import_roster）。")
    schemes = schemes_in_force(quarters)
    for_quarter = {quarter: for_engine(schemes[quarter]) for quarter in quarters}
    counted = by_quarter(count_facts(load_facts(quarters), organization.people))
    adjustments = load_adjustments(period.year)
    ledger: dict[Quarter, Sequence[Entry]] = dict(load_entries(each for each in quarters if each in sealed))
    entries: dict[Quarter, Sequence[Entry]] = {}
    results: dict[PeriodValue, Results] = {}
    for quarter in quarters:
        if quarter in sealed:
            continue
        scheme = for_quarter[quarter]
        entries[quarter] = ledger[quarter] = quarter_entries(
            quarter, organization, scheme, counted.get(quarter, ()), ledger, adjustments
        )
        results[quarter] = quarter_results(quarter, organization, scheme, counted, ledger, adjustments)
    if not isinstance(period, Quarter):
        results[period] = year_results(period, organization, for_quarter, counted, ledger, adjustments)
    return Assessment(organization, schemes, entries, results)


def write(assessment: Assessment, periods: Iterable[Period], facts: str, now: datetime) -> list[Period]:
    """Replaces what the assessment computed. To be called inside a transaction."""
    by_code = {period.code: period for period in periods}
    root = assessment.organization.departments[0]
    written = []
    for value, results in assessment.results.items():
        period = by_code[str(value)]
        schemes = [assessment.schemes[quarter] for quarter in value.quarters]
        period.scheme = schemes[-1]
        period.scheme_snapshot = snapshot(schemes)
        period.agency = root.path
        period.fingerprint = facts
        period.assessed_at = now
        period.save(update_fields=["scheme", "scheme_snapshot", "agency", "fingerprint", "assessed_at"])
        if isinstance(value, Quarter):
            write_entries(period, schemes[-1].version, assessment.entries[value], assessment.organization)
        write_results(period, results, assessment.organization)
        written.append(period)
    return written
