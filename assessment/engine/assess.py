"""Assessing a quarter or a year: facts and organization in, entries and results out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessment.engine.earned import Earned, add_to, total
from assessment.engine.model import (
    QUARTERLY,
    Adjustment,
    Entry,
    Organization,
    Results,
    Scheme,
)
from assessment.engine.points import Claims, PersonShares, entries_of, shares_of
from assessment.engine.quotas import (
    Done,
    not_due_yet,
    quarter_quotas,
    quarter_status,
    tally,
    year_quotas,
    year_status,
)
from assessment.engine.results import (
    Roll,
    Standing,
    Sums,
    department_results,
    party_group_results,
    person_results,
)
from assessment.engine.service import Service, serve
from shuxiang.periods import Quarter, Span, Year


@dataclass(frozen=True)
class Book:
    """What a quarter's facts say that people did, and what the entries in its ledger add up to."""

    done: Done = field(default_factory=Done)
    earned: Earned = field(default_factory=Earned)


Books = Mapping[Quarter, Book]


def quarter_entries(
    quarter: Quarter,
    organization: Organization,
    scheme: Scheme,
    claims: Claims,
    books: Books,
    adjustments: Iterable[Adjustment] = (),
) -> Iterator[list[Entry]]:
    """The entries of a quarter, a list for each person in the order of 工号, in the order (credit date, reference).

    When all were asked for, the quarter's own book, empty before, holds what they add up to. `books` holds the year's
    earlier quarters too, which the caps need.
    """
    given = total(books[earlier].earned for earlier in quarter.earlier_in_year).rules
    for row in adjustments:
        if row.corrects in quarter.earlier_in_year:
            add_to(given.setdefault(row.rule, {}), {row.person: row.points})
    book = books[quarter]
    for entries in entries_of(counted(claims, organization, book.done), scheme, given):
        book.earned.add(entries)
        yield entries


def counted(claims: Claims, organization: Organization, done: Done) -> Iterator[PersonShares]:
    """Who counts in what; when all were asked for, `done` holds it."""
    for person, shares in shares_of(claims, organization.people):
        done.add(person, shares)
        yield person, shares


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
    roll = Roll()
    return Results(
        people=person_results(organization, span, standing, sums, roll),
        departments=department_results(organization, span, roll, earned),
        party_groups=party_group_results(organization, roll),
    )


def quarter_results(
    quarter: Quarter,
    organization: Organization,
    scheme: Scheme,
    books: Books,
    adjustments: Sequence[Adjustment] = (),
) -> Results:
    """`books` holds the year's quarters up to this one."""
    so_far = (*quarter.earlier_in_year, quarter)
    book, to_date = books[quarter], [books[each].done for each in so_far]
    kinds = [(quota.kind, quota.cycle == QUARTERLY) for quota in scheme.quotas]
    known: dict[tuple[Any, ...], Standing] = {}

    def standing(service: Service) -> Standing:
        """Alike for all who are bound alike and have done as much."""
        id = service.person.id
        done = done_in_year = book.done.works.get(id, {})
        served = service
        if len(so_far) > 1:
            served, done_in_year = serve(service.person, quarter.ytd), tally(id, to_date)
        alike = (
            service.exempt, served.exempt,
            *[(done if quarterly else done_in_year).get(kind, 0) for kind, quarterly in kinds],
        )  # fmt: skip
        found = known.get(alike)
        if found is None:
            quotas = quarter_quotas(service, served, scheme, done, done_in_year)
            status = quarter_status(service, scheme, done)
            found = known[alike] = Standing(quotas, status, tuple(not_due_yet(quarter, scheme, quotas)))
        return found

    year_points = dict(book.earned.people)
    for earlier in quarter.earlier_in_year:
        add_to(year_points, books[earlier].earned.people)
    add_to(year_points, total_adjustments(row for row in adjustments if row.corrects in so_far))
    sums = Sums(
        points=book.earned.people,
        adjustments=total_adjustments(row for row in adjustments if row.posted == quarter),
        year_points=year_points,
        excellent=book.done.excellent,
    )
    return results_of(organization, quarter.span, standing, sums, book.earned)


def year_results(
    year: Year,
    organization: Organization,
    schemes: Mapping[Quarter, Scheme],
    books: Books,
    adjustments: Sequence[Adjustment] = (),
) -> Results:
    """A year judges the current facts; its points are those of the four quarters' ledgers."""
    done = {quarter: books[quarter].done for quarter in year.quarters}

    def standing(service: Service) -> Standing:
        person, exempt = service.person, service.exempt
        by_quarter = {quarter: each.works.get(person.id, {}) for quarter, each in done.items()}
        in_year = tally(person.id, done.values())
        return Standing(
            year_quotas(person, exempt, schemes, in_year), year_status(person, exempt, schemes, by_quarter, in_year)
        )

    earned = total(books[quarter].earned for quarter in year.quarters)
    corrections = total_adjustments(row for row in adjustments if row.corrects in year.quarters)
    year_points = dict(earned.people)
    add_to(year_points, corrections)
    excellent: dict[int, int] = {}
    for each in done.values():
        add_to(excellent, each.excellent)
    sums = Sums(points=earned.people, adjustments=corrections, year_points=year_points, excellent=excellent)
    return results_of(organization, year.span, standing, sums, earned)
