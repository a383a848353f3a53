"""Results of a period per person, department and 党小组 (section 7)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from assessment.engine.model import (
    EXCELLENT,
    Department,
    DepartmentResult,
    Entry,
    Organization,
    PartyGroupResult,
    Person,
    PersonResult,
    QuotaResult,
)
from assessment.engine.quotas import EXEMPT, MET
from assessment.engine.ranking import rank
from assessment.engine.rounding import divide
from assessment.engine.service import (
    department_before,
    department_in,
    effective_days,
    effective_days_by_department,
    exemption,
    party_group_in,
    service_days,
)
from shuxiang.periods import Span


class Standing(NamedTuple):
    """What quotas say of one person in a period; `not_due` names annual quotas still open."""

    quotas: tuple[QuotaResult, ...]
    status: str
    not_due: tuple[str, ...] = ()


class Sums(NamedTuple):
    """Points in cents and excellent works per person."""

    points: Mapping[int, int]
    adjustments: Mapping[int, int]
    year_points: Mapping[int, int]
    excellent: Mapping[int, int]


def person_results(
    organization: Organization, span: Span, standing: Callable[[Person], Standing], sums: Sums
) -> tuple[PersonResult, ...]:
    """One row per listed cadre, by department in tree order, then 工号."""
    order = {department.id: place for place, department in enumerate(organization.departments)}
    paths = {department.id: department.path for department in organization.departments}
    agencies = {department.id: department.agency for department in organization.departments}
    rows = []
    for person in organization.people.values():
        department = department_in(person, span)
        if department is not None:
            rows.append((order[department], person.number, person, department, standing(person)))
    rows.sort(key=lambda row: row[:2])
    ranks = rank_in_agencies(
        (agencies[department], person.id, sums.points.get(person.id, 0))
        for _, _, person, department, own in rows
        if own.status != EXEMPT
    )
    return tuple(
        PersonResult(
            person=person.id,
            department=department,
            party_group=party_group_in(person, span),
            service_days=service_days(person, span),
            effective_days=effective_days(person, span),
            quotas=own.quotas,
            excellent=sums.excellent.get(person.id, 0),
            points=sums.points.get(person.id, 0),
            adjustment=sums.adjustments.get(person.id, 0),
            year_points=sums.year_points.get(person.id, 0),
            status=own.status,
            rank=ranks.get(person.id),
            note=note_of(person, span, department, own, paths),
        )
        for _, _, person, department, own in rows
    )


def rank_in_agencies(rows: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """Ranks by person from (agency, person, points) rows, agency by agency."""
    by_agency: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for agency, person, points in rows:
        by_agency[agency].append((person, points))
    return {person: place for scores in by_agency.values() for person, place in rank(scores).items()}


def note_of(person: Person, span: Span, department: int, own: Standing, paths: Mapping[int, str]) -> str:
    """备注: exemption with its numbers, transfer in, annual quotas not due yet (section 9)."""
    exempt = exemption(person, span)
    before = department_before(person, span)
    parts = [str(exempt)] if exempt else []
    if before is not None and before != department:
        parts.append(f"由{paths[before]}调入")
    parts += [f"{name}未到期" for name in own.not_due]
    return "；".join(parts)


def lines_of(departments: Iterable[Department]) -> dict[int, tuple[int, ...]]:
    """Each department with its ancestors, itself first; parents come before children."""
    lines: dict[int, tuple[int, ...]] = {}
    for department in departments:
        above = () if department.parent is None else lines[department.parent]
        lines[department.id] = (department.id, *above)
    return lines


def department_results(
    organization: Organization, span: Span, people: Iterable[PersonResult], entries: Iterable[Entry]
) -> tuple[DepartmentResult, ...]:
    """Rows in tree order for departments with somebody, an entry or an effective day; the root last, always."""
    lines = lines_of(organization.departments)
    headcount, assessed, met, points, excellent, days = (Counter[int]() for _ in range(6))
    touched: set[int] = set()
    for result in people:
        for id in lines[result.department]:
            headcount[id] += 1
            assessed[id] += result.status != EXEMPT
            met[id] += result.status == MET
        for department, effective in effective_days_by_department(organization.people[result.person], span):
            for id in lines[department]:
                days[id] += effective
    credited: dict[tuple[str, str], set[int]] = defaultdict(set)
    for entry in entries:
        line = lines[entry.department]
        touched.update(line)
        for id in line:
            points[id] += entry.points
        if entry.grade == EXCELLENT:
            credited[entry.kind, entry.reference].update(line)
    for ids in credited.values():
        excellent.update(ids)
    averages = {id: divide(points[id] * span.days, days[id]) for id in days if days[id]}
    ranks = rank_siblings(organization.departments, span, days, averages)
    below = [department for department in organization.departments if department.parent is not None]
    root = [department for department in organization.departments if department.parent is None]
    return tuple(
        DepartmentResult(
            department=department.id,
            listed=headcount[department.id],
            assessed=assessed[department.id],
            met=met[department.id],
            excellent=excellent[department.id],
            points=points[department.id],
            person_days=days[department.id],
            person_periods=divide(100 * days[department.id], span.days),
            average=averages.get(department.id),
            rank=ranks.get(department.id),
        )
        for department in below + root
        if department.parent is None or headcount[department.id] or department.id in touched or days[department.id]
    )


def rank_siblings(
    departments: Iterable[Department], span: Span, days: Mapping[int, int], averages: Mapping[int, int]
) -> dict[int, int]:
    """Ranks by rounded average among siblings with at least half a person-period; one alone is not ranked."""
    siblings: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for department in departments:
        if department.parent is not None and days.get(department.id, 0) * 2 >= span.days:
            siblings[department.parent].append((department.id, averages[department.id]))
    return {id: place for scores in siblings.values() if len(scores) > 1 for id, place in rank(scores).items()}


def party_group_results(organization: Organization, people: Iterable[PersonResult]) -> tuple[PartyGroupResult, ...]:
    """One row per 党小组 with listed members, by name."""
    members: dict[str, list[PersonResult]] = defaultdict(list)
    for result in people:
        if result.party_group is not None:
            members[organization.party_groups[result.party_group]].append(result)
    return tuple(
        PartyGroupResult(
            name=name,
            listed=len(rows),
            assessed=sum(row.status != EXEMPT for row in rows),
            met=sum(row.status == MET for row in rows),
            points=sum(row.points for row in rows),
        )
        for name, rows in sorted(members.items())
    )
