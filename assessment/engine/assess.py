"""Assessing a quarter or a year: facts and organization in, entries and results out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assessment.engine.model import EXCELLENT, QUARTERLY, Adjustment, Counted, Entry, Organization, Results, Scheme
from assessment.engine.points import entries_of
from assessment.engine.quotas import (
    Tally,
    not_due_yet,
    quarter_quotas,
    quarter_status,
    tally,
    tally_excellent,
    works_of,
    year_quotas,
    year_status,
)
from assessment.engine.results import Earned, Standing, Sums, department_results, party_group_results, person_results
from assessment.engine.service import Service, serve
from shuxiang.periods import Quarter, Span, Year

Ledger = Mapping[Quarter, Sequence[Entry]]


def by_quarter(counted: Iterable[Counted]) -> dict[Quarter, list[Counted]]:
    found: dict[Quarter, list[Counted]] = defaultdict(list)
    last = None
    for row in counted:
        quarter = row.fact.quarter
        if quarter is not last:
            rows, last = found[quarter], quarter
        rows.append(row)
    return found


def quarter_entries(
    quarter: Quarter,
    organization: Organization,
    scheme: Scheme,
    counted: Iterable[Counted],
    ledger: Ledger,
    adjustments: Iterable[Adjustment] = (),
) -> list[Entry]:
    """The entries of a quarter; `ledger` holds those of the year's earlier quarters, which its caps need."""
    given: Counter[tuple[int, str]] = Counter()
    for earlier in quarter.earlier_in_year:
        for entry in ledger[earlier]:
            given[entry.person, entry.rule] += entry.points
    for row in adjustments:
        if row.corrects in quarter.earlier_in_year:
            given[row.person, row.rule] += row.points
    return entries_of(counted, scheme, given)


def add_up(entries: Iterable[Entry]) -> Earned:
    """One walk over the entries for all that is summed from them."""
    people: dict[int, int] = {}
    departments: dict[int, int] = {}
    excellent = []
    for entry in entries:
        person, department, _, _, _, _, grade, _, cents, _ = entry
        people[person] = people.get(person, 0) + cents
        departments[department] = departments.get(department, 0) + cents
        if grade == EXCELLENT:
            excellent.append(entry)
    return Earned(people, departments, excellent)


def total_adjustments(adjustments: Iterable[Adjustment]) -> Counter[int]:
    points: Counter[int] = Counter()
    for row in adjustments:
        points[row.person] += row.points
    return points


def results_of(
    organization: Organization,
    span: Span,
    standing: Callable[[Service], Standing],
    sums: Sums,
    earned: Earned,
) -> Results:
    rows = person_results(organization, span, standing, sums)
    return Results(
        people=rows,
        departments=department_results(organization, span, rows, earned),
        party_groups=party_group_results(organization, rows),
    )


def quarter_results(
    quarter: Quarter,
    organization: Organization,
    scheme: Scheme,
    counted: Mapping[Quarter, Sequence[Counted]],
    ledger: Ledger,
    adjustments: Sequence[Adjustment] = (),
) -> Results:
    """`counted` and `ledger` hold the year's quarters up to this one."""
    so_far = (*quarter.earlier_in_year, quarter)
    bound = {quota.kind for quota in scheme.quotas}
    done = tally(counted.get(quarter, ()), bound)
    done_in_year = sum((tally(counted.get(each, ()), bound) for each in quarter.earlier_in_year), done)
    works = [works_of(done if quota.cycle == QUARTERLY else done_in_year, quota.kind) for quota in scheme.quotas]
    year_to_date = None if quarter.ytd == quarter.span else quarter.ytd
    known: dict[tuple[Any, ...], Standing] = {}

    def standing(service: Service) -> Standing:
        """Alike for all who are bound alike and have done as much."""
        to_date = serve(service.person, year_to_date) if year_to_date else service
        id = service.person.id
        alike = (service.exempt, to_date.exempt, *[each.get(id, 0) for each in works])
        found = known.get(alike)
        if found is None:
            quotas = quarter_quotas(service, to_date, scheme, done, done_in_year)
            status = quarter_status(service, scheme, done)
            found = known[alike] = Standing(quotas, status, tuple(not_due_yet(quarter, scheme, quotas)))
        return found

    earned = add_up(ledger[quarter])
    year_points = Counter(earned.people)
    for each in quarter.earlier_in_year:
        year_points.update(add_up(ledger[each]).people)
    year_points.update(total_adjustments(row for row in adjustments if row.corrects in so_far))
    sums = Sums(
        points=earned.people,
        adjustments=total_adjustments(row for row in adjustments if row.posted == quarter),
        year_points=year_points,
        excellent=tally_excellent(counted.get(quarter, ())),
    )
    return results_of(organization, quarter.span, standing, sums, earned)


def year_results(
    year: Year,
    organization: Organization,
    schemes: Mapping[Quarter, Scheme],
    counted: Mapping[Quarter, Sequence[Counted]],
    ledger: Ledger,
    adjustments: Sequence[Adjustment] = (),
) -> Results:
    """A year judges the current facts; its points are those of the four quarters' ledgers."""
    bound = {quota.kind for scheme in schemes.values() for quota in scheme.quotas}
    done = {quarter: tally(counted.get(quarter, ()), bound) for quarter in year.quarters}
    done_in_year = sum(done.values(), Tally())
    entries = [entry for quarter in year.quarters for entry in ledger[quarter]]
    corrections = total_adjustments(row for row in adjustments if row.corrects in year.quarters)

    def standing(service: Service) -> Standing:
        person, exempt = service.person, service.exempt
        return Standing(
            year_quotas(person, exempt, schemes, done_in_year),
            year_status(person, exempt, schemes, done, done_in_year),
        )

    earned = add_up(entries)
    year_points = Counter(earned.people)
    year_points.update(corrections)
    sums = Sums(
        points=earned.people,
        adjustments=corrections,
        year_points=year_points,
        excellent=sum((tally_excellent(counted.get(quarter, ())) for quarter in year.quarters), Counter()),
    )
    return results_of(organization, year.span, standing, sums, earned)
