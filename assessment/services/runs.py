"""Asking for an assessment, and which periods need one."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from activities.models import Activity
from assessment.models import AssessmentRun, Period, Scheme
from assessment.services.assessing import check_begun, check_unsealed, sealed_periods
from assessment.services.fingerprint import fingerprint
from organization.models import Cadre, Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import Quarter, Year, parse_period, shanghai_date
from submissions.models import Submission


def request_run(*, period: PeriodValue, by: Cadre | None) -> AssessmentRun:
    """A run that waits for the worker; the pending one where there is one. `by` is None for the portal itself.

    A run at work still compares the facts before it ends, so it may be joined. One that is just ending no longer
    counts as pending: a new one follows it. Raises NotAllowed and CannotAssess.
    """
    if by is not None and not by.has_role(Role.OFFICE):
        raise NotAllowed("只有办公室可以计算考核期。")
    check_begun(period, timezone.now())
    check_unsealed(period, sealed_periods([period]))
    return AssessmentRun.objects.pending_or_new(period_code=str(period), defaults={"requested_by": by})


def request_stale_runs(now: datetime) -> list[AssessmentRun]:
    """A run for every unsealed period whose facts have changed since it was assessed."""
    facts = fingerprint()
    fresh = set(Period.objects.filter(fingerprint=facts).values_list("code", flat=True))
    sealed = set(Period.objects.filter(state=Period.State.SEALED).values_list("code", flat=True))
    return [
        request_run(period=period, by=None)
        for period in periods_on_record(now)
        if str(period) not in sealed and not fresh.issuperset(unsealed_members(period, sealed))
    ]


def unsealed_members(period: PeriodValue, sealed: set[str]) -> set[str]:
    earlier = period.earlier_in_year if isinstance(period, Quarter) else period.quarters
    return {str(each) for each in (*earlier, period)} - sealed


def periods_on_record(now: datetime) -> Iterator[PeriodValue]:
    """Per year one period that brings all of it up to date: the year itself once it is over or was
    assessed, else its last unsealed quarter that has begun. Where nobody serves yet, and for years that
    no scheme covers, a run could only fail: there is none."""
    first_scheme = Scheme.objects.aggregate(first=Min("effective_from"))["first"]
    if first_scheme is None or not Posting.objects.exists():
        return
    today = shanghai_date(now)
    named = Submission.objects.counted().order_by().values_list("quarter", flat=True).distinct()
    assessed = set(Period.objects.filter(assessed_at__isnull=False).values_list("code", flat=True))
    years = {today.year, *(parse_period(code).year for code in (*named, *assessed))}
    years.update(day.year for day in Activity.objects.held().filter(date__lte=today).dates("date", "year"))
    sealed = sealed_periods([quarter for year in years for quarter in Year(year).quarters])
    for year in sorted(year for year in years if f"{year}Q1" >= first_scheme):
        whole = Year(year)
        if year < today.year or str(whole) in assessed:
            yield whole
            continue
        begun = [quarter for quarter in whole.quarters if quarter.span.first <= today and quarter not in sealed]
        if begun:
            yield begun[-1]
