"""Assessing a period: read the facts, then work out and replace entries and results in one transaction."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from assessment.bulk import Table, collector_at_rest, insert_rows, is_streaming
from assessment.engine.assess import Book, counted, quarter_entries, quarter_results, year_results
from assessment.engine.earned import Earned
from assessment.engine.model import Adjustment, Organization
from assessment.engine.points import Claims, claims_by_quarter
from assessment.facts import load_facts, load_organization
from assessment.models import Period, Scheme
from assessment.services.fingerprint import fingerprint
from assessment.services.ledger import (
    load_adjustments,
    load_earned,
    prepare_entries,
    prepare_results,
    remove_rows,
)
from assessment.services.schemes import for_engine, schemes_in_force, snapshot
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import Quarter, shanghai_date

ATTEMPTS = 5
READING, WRITING, STREAMING = "读取数据", "写入结果", "计算并写入结果"
# Told what is being done (in Chinese), and how many steps of how many are behind.
Progress = Callable[[str, int, int], None]


class CannotAssess(Exception):
    """The period cannot be assessed; str() is a Chinese sentence that says why and what to do."""


@dataclass(frozen=True)
class Sources:
    """What an assessment is worked out from.

    `quarters` are those whose facts and caps play a part, `written` the periods that get a sheet; `sealed` holds the
    ledger of those that stay as they are.
    """

    quarters: list[Quarter]
    written: list[PeriodValue]
    organization: Organization
    schemes: Mapping[Quarter, Scheme]
    claims: Mapping[Quarter, Claims]
    adjustments: list[Adjustment]
    sealed: Mapping[Quarter, Earned]


@collector_at_rest()
def assess(
    *,
    period: PeriodValue,
    now: datetime,
    progress: Progress = lambda *step: None,
    when_written: Callable[[], None] = lambda: None,
) -> list[Period]:
    """Brings a period, and the unsealed quarters before it in its year, up to date.

    Facts that change while it computes make it start over, so what it writes equals a fresh run.
    `when_written` is called in the transaction that writes, and is undone with it.
    Returns the periods written; raises CannotAssess where the period is sealed or nobody is there.
    """
    check_begun(period, now)
    for _ in range(ATTEMPTS):
        rows = attempt(period, now, progress, when_written)
        if rows is not None:
            return rows
    raise CannotAssess("计算期间数据一直在变动，请稍后再算。")


def attempt(
    period: PeriodValue, now: datetime, progress: Progress, when_written: Callable[[], None]
) -> list[Period] | None:
    """None, and nothing written, where the facts changed meanwhile."""
    members = periods_to_assess(period)
    before = fingerprint()
    sealed = sealed_periods(members)
    check_unsealed(period, sealed)
    written = [each for each in begun(members, now) if each not in sealed]
    progress(READING, 0, len(written) + 2)
    sources = read(members, written, sealed)
    tables = take_in(sources, progress)
    try:
        with transaction.atomic():
            rows = lock_periods(written)
            # Where others cannot write any more, what has not changed by now stays so.
            if sealed_periods(members) == sealed and (is_streaming() or fingerprint() == before):
                write(rows, sources, tables, before, now)
                when_written()
                if not is_streaming() or fingerprint() == before:
                    return rows
            transaction.set_rollback(True)
    except IntegrityError:
        # A department, say, that went away while rows that name it were being written.
        if fingerprint() == before:
            raise
    return None


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


def read(members: Sequence[PeriodValue], written: list[PeriodValue], sealed: set[PeriodValue]) -> Sources:
    """The number of queries is constant."""
    quarters = [each for each in members if isinstance(each, Quarter)]
    organization = load_organization()
    if not organization.people:
        raise CannotAssess("还没有任职的干部，请先导入花名册。")
    return Sources(
        quarters,
        written,
        organization,
        schemes=schemes_in_force(quarters),
        claims=claims_by_quarter(load_facts(quarters)),
        adjustments=load_adjustments(quarters[0].year),
        sealed=load_earned(each for each in quarters if each in sealed),
    )


def take_in(sources: Sources, progress: Progress) -> Iterable[Table]:
    """Everything to write: made up where writing keeps others waiting, else made while it is written.

    What is told inside a transaction reaches nobody before its end.
    """
    steps = len(sources.written) + 2
    if is_streaming():
        progress(STREAMING, steps - 1, steps)
        return tables_of(sources)
    tables = list(tables_of(sources, lambda period, step: progress(f"计算 {period}", step, steps)))
    progress(WRITING, steps - 1, steps)
    return tables


def tables_of(
    sources: Sources, on_period: Callable[[PeriodValue, int], None] = lambda period, step: None
) -> Iterator[Table]:
    """Period by period: a quarter's entries, then its results, which follow from them as do the next quarter's caps.

    So the rows of one table must have been taken before the next is asked for.
    """
    organization, adjustments = sources.organization, sources.adjustments
    schemes = {quarter: for_engine(scheme) for quarter, scheme in sources.schemes.items()}
    books = {quarter: Book(earned=sources.sealed.get(quarter, Earned())) for quarter in sources.quarters}
    for quarter in sources.quarters:
        claims, scheme = sources.claims.get(quarter, {}), schemes[quarter]
        if quarter in sources.sealed:
            exhaust(counted(claims, organization, books[quarter].done))
            continue
        entries = quarter_entries(quarter, organization, scheme, claims, books, adjustments)
        if quarter not in sources.written:
            exhaust(entries)
            continue
        on_period(quarter, sources.written.index(quarter) + 1)
        yield prepare_entries(str(quarter), scheme.version, entries, organization)
        found = quarter_results(quarter, organization, scheme, books, adjustments)
        yield from prepare_results(str(quarter), found, organization)
    year = sources.written[-1]
    if not isinstance(year, Quarter):
        on_period(year, len(sources.written))
        found = year_results(year, organization, schemes, books, adjustments)
        yield from prepare_results(str(year), found, organization)


def exhaust(rows: Iterable[object]) -> None:
    deque(rows, maxlen=0)


def lock_periods(periods: Sequence[PeriodValue]) -> list[Period]:
    """Their rows, locked in one order by all. To be called inside a transaction."""
    codes = [str(each) for each in periods]
    Period.objects.bulk_create([Period(code=code) for code in codes], ignore_conflicts=True)
    rows = Period.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("code")
    return sorted(rows, key=lambda row: codes.index(row.code))


def write(periods: Iterable[Period], sources: Sources, tables: Iterable[Table], facts: str, now: datetime) -> None:
    """Replaces what stands of `periods`. To be called inside a transaction."""
    for period in periods:
        schemes = [sources.schemes[quarter] for quarter in period.value.quarters]
        period.scheme = schemes[-1]
        period.scheme_snapshot = snapshot(schemes)
        period.agency = sources.organization.departments[0].path
        period.fingerprint = facts
        period.assessed_at = now
        period.save(update_fields=["scheme", "scheme_snapshot", "agency", "fingerprint", "assessed_at"])
        remove_rows(period)
    for table in tables:
        insert_rows(table)
