"""Quotas, exemption from them and the status that follows (section 6)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assessment.engine.model import ANNUAL, EXCELLENT, QUARTERLY, Person, QuotaResult, Scheme, Share
from assessment.engine.service import Service, serve
from shuxiang.periods import Quarter

EXEMPT, MET, UNMET = "exempt", "met", "unmet"

# A person's counted works by kind.
Tally = Mapping[str, int]


@dataclass(frozen=True)
class Done:
    """What people did in a quarter: counted facts by kind, and those of them rated 优秀; nothing of who did nothing."""

    works: dict[int, Tally] = field(default_factory=dict)
    excellent: dict[int, int] = field(default_factory=dict)

    def add(self, person: int, shares: Iterable[Share]) -> None:
        works: dict[str, int] = {}
        excellent = 0
        for share in shares:
            kind, _, _, _, _, grade, _ = share.fact
            works[kind] = works.get(kind, 0) + 1
            if grade == EXCELLENT:
                excellent += 1
        self.works[person] = works
        self.excellent[person] = excellent


def tally(person: int, quarters: Iterable[Done]) -> Tally:
    """A person's works of several quarters."""
    works: Counter[str] = Counter()
    for done in quarters:
        works.update(done.works.get(person, {}))
    return works


def quarter_quotas(
    service: Service, to_date: Service, scheme: Scheme, done: Tally, done_in_year: Tally
) -> tuple[QuotaResult, ...]:
    """`service` and `done` are of the quarter, `to_date` and `done_in_year` from 1 January to its end."""
    return tuple(
        [
            QuotaResult(quota.name, 0 if service.exempt else quota.required, done.get(quota.kind, 0))
            if quota.cycle == QUARTERLY
            else QuotaResult(quota.name, 0 if to_date.exempt else quota.required, done_in_year.get(quota.kind, 0))
            for quota in scheme.quotas
        ]
    )


def quarter_met(scheme: Scheme, done: Tally) -> bool:
    """Whether every quarterly quota is met; an annual one never makes a quarter fail."""
    return all(done.get(quota.kind, 0) >= quota.required for quota in scheme.quotas if quota.cycle == QUARTERLY)


def quarter_status(service: Service, scheme: Scheme, done: Tally) -> str:
    if service.exempt:
        return EXEMPT
    return MET if quarter_met(scheme, done) else UNMET


def bound_quarters(person: Person, quarters: Iterable[Quarter]) -> list[Quarter]:
    """The quarters in which the person is listed and not exempt; who is not listed is exempt."""
    return [quarter for quarter in quarters if not serve(person, quarter.span).exempt]


def year_quotas(
    person: Person, exempt: bool, schemes: Mapping[Quarter, Scheme], done_in_year: Tally
) -> tuple[QuotaResult, ...]:
    """The last quarter's scheme names the quotas; a quarterly one sums what each quarter's own scheme asks."""
    quarters = sorted(schemes)
    bound = [] if exempt else bound_quarters(person, quarters)
    rows = []
    for quota in schemes[quarters[-1]].quotas:
        if quota.cycle == ANNUAL:
            due = 0 if exempt else quota.required
        else:
            due = sum(
                own.required
                for quarter in bound
                for own in schemes[quarter].quotas
                if own.kind == quota.kind and own.cycle == QUARTERLY
            )
        rows.append(QuotaResult(quota.name, due, done_in_year.get(quota.kind, 0)))
    return tuple(rows)


def year_status(
    person: Person, exempt: bool, schemes: Mapping[Quarter, Scheme], done: Mapping[Quarter, Tally], done_in_year: Tally
) -> str:
    if exempt:
        return EXEMPT
    quarters = sorted(schemes)
    met = all(quarter_met(schemes[quarter], done[quarter]) for quarter in bound_quarters(person, quarters)) and all(
        done_in_year.get(quota.kind, 0) >= quota.required
        for quota in schemes[quarters[-1]].quotas
        if quota.cycle == ANNUAL
    )
    return MET if met else UNMET


def not_due_yet(quarter: Quarter, scheme: Scheme, quotas: Sequence[QuotaResult]) -> list[str]:
    """Names of the annual quotas that are unmet before the fourth quarter."""
    return [
        result.name
        for quota, result in zip(scheme.quotas, quotas, strict=True)
        if quota.cycle == ANNUAL and quarter.number < 4 and result.done < result.due
    ]
