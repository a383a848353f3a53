"""How a department's average comes about: whose points and whose days, so that the sums add up in sight."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from assessment.boards.figures import Figures, figures_of
from assessment.boards.ledger import Evidence, ledger_lines
from assessment.boards.sheet import Sheet
from assessment.engine.model import Person, Placement
from assessment.engine.service import serve
from assessment.models import DepartmentResult, Entry, PersonResult
from assessment.services.personal import LedgerLine
from organization.models import Posting

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Member:
    """Somebody who is listed in the department, was posted there, or has points that were credited to it.

    `result` is None for a person whom the reader does not see; `days` and `lines` are those of this department.
    """

    cadre: int
    number: str
    name: str
    result: PersonResult | None
    is_listed: bool
    days: int
    lines: Sequence[LedgerLine]

    @property
    def points(self) -> Decimal:
        return sum((line.entry.points for line in self.lines), ZERO)

    @property
    def elsewhere(self) -> Decimal:
        """Points of the period that were credited to another department."""
        return self.result.points - self.points if self.result and self.is_listed else ZERO


@dataclass(frozen=True)
class Breakdown:
    row: DepartmentResult
    children: Sequence[DepartmentResult]
    own: Figures
    own_days: int
    members: Sequence[Member]

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.row)

    @property
    def days_since_changed(self) -> int:
        """Days that the assessment counted and today's postings and leaves no longer give, or the other way round."""
        return self.own_days - sum(member.days for member in self.members)

    def matching(self, words: str) -> Sequence[Member]:
        wanted = words.casefold()
        return [
            member for member in self.members if wanted in member.name.casefold() or wanted in member.number.casefold()
        ]


def breakdown(sheet: Sheet, row: DepartmentResult, evidence: Evidence) -> Breakdown:
    """Three queries."""
    entries = Entry.objects.normal().filter(period__in=sheet.quarter_codes, department=row.department_id)
    lines: dict[int, list[LedgerLine]] = defaultdict(list)
    for line in ledger_lines(entries, sheet, evidence):
        lines[line.entry.cadre_id].append(line)
    posted = posted_people(sheet, row.department_id)
    days = {id: serve(person, sheet.period.value.span).effective_days for id, person in posted.items()}
    results = PersonResult.objects.filter(period=sheet.period).in_scope(sheet.scope)
    involved = {
        result.cadre_id: result
        for result in results.filter(Q(department=row.department_id) | Q(cadre__in={*lines, *posted})).order_by(
            "position"
        )
    }
    names = {id: (person.number, person.name) for id, person in posted.items()}
    names |= {id: (each[0].entry.employee_number, each[0].entry.name) for id, each in lines.items()}
    names |= {id: (result.employee_number, result.name) for id, result in involved.items()}
    listed = {id for id, result in involved.items() if result.department_id == row.department_id}
    others = {id for id in names.keys() - listed if id in lines or days.get(id)}
    members = [
        Member(id, *names[id], involved.get(id), id in listed, days.get(id, 0), lines.get(id, ()))
        for id in [*(id for id in involved if id in listed), *sorted(others, key=names.__getitem__)]
    ]
    children = sheet.children(row.department_id)
    own_days = row.person_days - sum(child.person_days for child in children)
    return Breakdown(row, children, sheet.own_figures(row), own_days, members)


def posted_people(sheet: Sheet, department: int) -> dict[int, Person]:
    """Who was posted in the department during the period, with those postings and all leaves; one query."""
    span = sheet.period.value.span
    postings = Posting.objects.filter(Q(until__isnull=True) | Q(until__gte=span.first), since__lte=span.last)
    rows = postings.filter(department=department).values_list(
        "cadre_id", "cadre__employee_number", "cadre__name", "since", "until",
        "cadre__leaves__since", "cadre__leaves__until",
    )  # fmt: skip
    who: dict[int, tuple[str, str]] = {}
    spans: dict[int, set[Placement]] = defaultdict(set)
    leaves: dict[int, set[tuple[date, date]]] = defaultdict(set)
    for cadre, number, name, since, until, away_since, away_until in rows:
        who[cadre] = (number, name)
        spans[cadre].add(Placement(since, until or date.max, department))
        if away_since:
            leaves[cadre].add((away_since, away_until or date.max))
    return {id: Person(id, *who[id], tuple(spans[id]), tuple(leaves[id])) for id in who}
