"""Where a period stands: assessed on which facts, and what would keep it from being sealed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from assessment.models import Period
from assessment.services.fingerprint import fingerprint
from organization.models import Cadre, Scope
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import Quarter
from submissions.models import Contributor, Submission
from submissions.states import CAN_STILL_COUNT, State


@dataclass(frozen=True, slots=True)
class Blocks:
    """Works of the period that nobody has decided on, and people named on works who have not confirmed."""

    unreviewed: int
    unconfirmed: int

    def __bool__(self) -> bool:
        return bool(self.unreviewed or self.unconfirmed)


def blocks_of(value: PeriodValue, viewer: Cadre, scope: Scope) -> Blocks:
    """One query."""
    works = Submission.objects.in_sight(viewer, scope).filter(quarter__in=[str(quarter) for quarter in value.quarters])
    named = Q(contributors__state=Contributor.State.NAMED, state__in=CAN_STILL_COUNT)
    found = works.aggregate(
        unreviewed=Count("pk", filter=Q(state=State.PENDING), distinct=True),
        unconfirmed=Count("contributors", filter=named, distinct=True),
    )
    return Blocks(**found)


def facts_changed(period: Period) -> bool:
    """Whether anything that may count has changed since the assessment. A sealed period stays. One query."""
    return period.state != Period.State.SEALED and period.fingerprint != fingerprint()


def assessed_later(value: PeriodValue, periods: Mapping[str, Period]) -> list[str]:
    """Quarters of the year that were assessed after the period on other facts, and run into its figures."""
    period = periods[str(value)]
    inside: Iterable[Quarter] = value.earlier_in_year if isinstance(value, Quarter) else value.quarters
    known = [periods[str(quarter)] for quarter in inside if str(quarter) in periods]
    return [each.code for each in known if each.outdates(period)]
