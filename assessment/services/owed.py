"""What a person owes in a year: quota by quota, from the last assessment, else from the scheme in force.

An assessed period says itself what was due in it. A quarter that has begun but was not assessed yet takes
its quotas from its scheme and its exemption from the postings and leaves of today.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import IntegerField, Value

from assessment.engine.model import ANNUAL, QUARTERLY, Person, Placement
from assessment.engine.service import Exemption, exemption, serve
from assessment.kinds import BY_LABEL, FactKind
from assessment.models import Period, PersonResult, Quota, Scheme
from assessment.services.personal import Standing
from organization.models import Cadre, Leave, Posting
from shuxiang.periods import Quarter, Span, Year


@dataclass(frozen=True, slots=True)
class Duty:
    """One quota in one quarter, or in the whole year where `quarter` is None.

    `counted` is what the last assessment found, `fixed` that nothing can change it any more;
    `last` is the last day, `grace` the last on which a late work is still taken.
    """

    kind: str
    name: str
    quarter: Quarter | None
    due: int
    counted: int
    fixed: bool
    last: date
    grace: date


@dataclass(frozen=True, slots=True)
class Bound:
    """What binds a person in a quarter or a year (`quarter` None): duties, or the reason why there are none."""

    quarter: Quarter | None
    duties: Sequence[Duty] = ()
    exempt: Exemption | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """A scheme as far as duties go; `quotas` are (kind, cycle, required)."""

    since: str
    grace_days: int
    late_factor: Decimal
    quotas: list[tuple[str, str, int]]


class Grounds:
    """What duties rest on where no assessment tells them; read once, when first asked for."""

    def __init__(self, cadre: Cadre, terms: list[Terms] | None = None, person: Person | None = None) -> None:
        """With `terms` and `person` where they were read for many at once."""
        self.cadre = cadre
        self._terms, self._person = terms, person

    @cached_property
    def terms(self) -> list[Terms]:
        return known_terms() if self._terms is None else self._terms

    @cached_property
    def person(self) -> Person:
        return presence_of(self.cadre) if self._person is None else self._person


def duties_of(grounds: Grounds, year: int, today: date, standings: Mapping[str, Standing]) -> list[Bound]:
    """The year first, then its quarters that have begun; at most two queries for any number of years, and none where
    all was assessed."""
    begun = [quarter for quarter in Year(year).quarters if quarter.span.first <= today]
    if not begun:
        return []
    bounds = [quarter_bound(quarter, standings.get(str(quarter)), grounds) for quarter in begun]
    return [year_bound(Year(year), begun[-1], standings, grounds), *bounds]


def known_terms() -> list[Terms]:
    """All schemes, the latest first, in one query."""
    found: dict[str, Terms] = {}
    rows = Scheme.objects.latest_first().order_by("-effective_from", "quotas__position", "quotas__id")
    names = ("effective_from", "grace_days", "late_factor", "quotas__kind", "quotas__cycle", "quotas__required")
    for since, grace_days, late_factor, kind, cycle, required in rows.values_list(*names):
        quotas = found.setdefault(since, Terms(since, grace_days, late_factor, [])).quotas
        if kind is not None:
            quotas.append((kind, cycle, required))
    return list(found.values())


def terms_in(quarter: Quarter, terms: Sequence[Terms]) -> Terms | None:
    return next((each for each in terms if each.since <= str(quarter)), None)


def presence_of(cadre: Cadre) -> Person:
    return presences_of([cadre])[cadre.pk]


def presences_of(people: Sequence[Cadre]) -> dict[int, Person]:
    """Postings and leaves as the engine takes them, by person, in one query."""
    leaves = Leave.objects.filter(cadre__in=people).order_by()
    found: dict[int, list[tuple[date, date | None, int | None]]] = {cadre.pk: [] for cadre in people}
    rows = (
        Posting.objects.filter(cadre__in=people)
        .order_by()
        .values_list("cadre_id", "since", "until", "department_id")
        .union(leaves.values_list("cadre_id", "since", "until", Value(None, IntegerField())), all=True)
    )
    for cadre_id, since, until, place in rows:
        found[cadre_id].append((since, until, place))
    return {cadre.pk: person_of(cadre, found[cadre.pk]) for cadre in people}


def person_of(cadre: Cadre, rows: Sequence[tuple[date, date | None, int | None]]) -> Person:
    postings = sorted(Placement(since, until or date.max, place) for since, until, place in rows if place is not None)
    away = [(since, until or date.max) for since, until, place in rows if place is None]
    return Person(cadre.pk, cadre.employee_number, cadre.name, tuple(postings), tuple(away))


def quarter_bound(quarter: Quarter, standing: Standing | None, grounds: Grounds) -> Bound:
    if standing is not None:
        if standing.result.status == PersonResult.Status.EXEMPT:
            return Bound(quarter, exempt=exemption_in(standing))
        return Bound(quarter, duties_in(standing, Quota.Cycle.QUARTER, quarter, quarter.span.last))
    found, service = terms_in(quarter, grounds.terms), serve(grounds.person, quarter.span)
    if found is None or not service.stays:
        return Bound(quarter)
    exempt = exemption(service)
    return Bound(quarter, () if exempt else planned(found, QUARTERLY, quarter, quarter.span.last), exempt)


def year_bound(year: Year, latest: Quarter, standings: Mapping[str, Standing], grounds: Grounds) -> Bound:
    """The annual quotas as the year's own sheet has them, else as the latest quarter's has."""
    whole = standings.get(str(year))
    if whole is not None and whole.result.status == PersonResult.Status.EXEMPT:
        return Bound(None, exempt=exemption_in(whole))
    standing = whole or standings.get(str(latest))
    if standing is not None:
        return Bound(None, duties_in(standing, Quota.Cycle.YEAR, None, year.span.last))
    found, service = terms_in(latest, grounds.terms), serve(grounds.person, Span(year.span.first, latest.span.last))
    if found is None or not service.stays:
        return Bound(None)
    exempt = exemption(service)
    return Bound(None, () if exempt else planned(found, ANNUAL, None, year.span.last), exempt)


def duties_in(standing: Standing, cycle: Quota.Cycle, quarter: Quarter | None, last: date) -> list[Duty]:
    """What an assessed period says was due; kinds that no longer exist are left out."""
    fixed = standing.period.state != Period.State.OPEN
    grace = last + timedelta(days=standing.period.scheme_snapshot.get("grace_days", 0))
    return [
        Duty(BY_LABEL[line.name].value, line.name, quarter, line.due, line.done, fixed, last, grace)
        for line in standing.quotas
        if line.due and line.cycle == cycle.label and line.name in BY_LABEL
    ]


def planned(terms: Terms, cycle: str, quarter: Quarter | None, last: date) -> list[Duty]:
    grace = last + timedelta(days=terms.grace_days)
    return [
        Duty(kind, FactKind(kind).label, quarter, required, 0, False, last, grace)
        for kind, every, required in terms.quotas
        if every == cycle
    ]


def exemption_in(standing: Standing) -> Exemption:
    """The exemption with its numbers, out of the note of an assessed period."""
    result, span = standing.result, standing.period.value.span
    reason = re.match(r"([^：；]+)：在岗 ", result.note)
    return Exemption(reason[1] if reason else "免考核", result.effective_days, span.days)
