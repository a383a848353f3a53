"""Results of a period per person, department and 党小组 (section 7)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from assessment.engine.earned import Earned
from assessment.engine.model import (
    Department,
    DepartmentResult,
    Entry,
    Organization,
    PartyGroupResult,
    PersonResult,
    QuotaResult,
    make,
)
from assessment.engine.quotas import EXEMPT, MET
from assessment.engine.ranking import rank
from assessment.engine.rounding import divide
from assessment.engine.service import Service, department_before, exemption, serve
from shuxiang.periods import Span

make_result = make(PersonResult)


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


@dataclass(frozen=True)
class Roll:
    """The results of people counted by their departments' ids, and the members of each 党小组 by its id."""

    listed: Counter[int] = field(default_factory=Counter)
    exempt: Counter[int] = field(default_factory=Counter)
    met: Counter[int] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    groups: defaultdict[int, list[PersonResult]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: PersonResult) -> None:
        _, department, group, _, _, days, _, _, _, _, _, status, _, _ = row
        self.listed[department] += 1
        if status == EXEMPT:
            self.exempt[department] += 1
        elif status == MET:
            self.met[department] += 1
        for place, effective in days:
            self.days[place] += effective
        if group is not None:
            self.groups[group].append(row)


def person_results(
    organization: Organization, span: Span, standing: Callable[[Service], Standing], sums: Sums, roll: Roll
) -> Iterator[PersonResult]:
    """One row per listed cadre, by department in tree order, then 工号; when all were asked for, `roll` holds them."""
    order = {department.id: place for place, department in enumerate(organization.departments)}
    departments = {department.id: department for department in organization.departments}
    rows = []
    for person in organization.people.values():
        service = serve(person, span)
        department = service.department
        if department is not None:
            rows.append((order[department], person.number, person.id, department, service, standing(service)))
    rows.sort(key=itemgetter(0, 1))
    points, adjustments, year_points, excellent = sums
    scores: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for _, _, id, department, _, own in rows:
        if own.status != EXEMPT:
            scores[departments[department].agency].append((id, points.get(id, 0)))
    ranks = {id: place for agency in scores.values() for id, place in rank(agency).items()}
    for _, _, id, department, service, own in rows:
        row = make_result(
            (
                id,
                department,
                service.party_group,
                service.service_days,
                service.effective_days,
                tuple([(stay.department, stay.effective_days) for stay in service.stays]),
                own.quotas,
                excellent.get(id, 0),
                points.get(id, 0),
                adjustments.get(id, 0),
                year_points.get(id, 0),
                own.status,
                ranks.get(id),
                note_of(service, department, own, departments),
            )
        )
        roll.add(row)
        yield row


def note_of(service: Service, department: int, own: Standing, departments: Mapping[int, Department]) -> str:
    """备注: exemption with its numbers, transfer in, annual quotas not due yet (section 9)."""
    parts = [f"{name}未到期" for name in own.not_due]
    if len(service.person.postings) > 1:
        before = department_before(service)
        if before is not None and before != department:
            parts.insert(0, f"由{departments[before].path}调入")
    if service.exempt:
        parts.insert(0, str(exemption(service)))
    return "；".join(parts)


def over_subtrees(departments: Sequence[Department], own: Mapping[int, int]) -> Counter[int]:
    """Each department's sum over its whole subtree; parents come before children."""
    sums = Counter(own)
    for department in reversed(departments):
        if department.parent is not None:
            sums[department.parent] += sums[department.id]
    return sums


def excellent_facts(departments: Sequence[Department], excellent: Iterable[Entry]) -> Counter[int]:
    """Distinct facts rated 优秀 with an entry that credits the subtree."""
    parents = {department.id: department.parent for department in departments}
    credited: dict[tuple[str, str], set[int]] = defaultdict(set)
    for entry in excellent:
        line = credited[entry.kind, entry.reference]
        id: int | None = entry.department
        while id is not None and id not in line:
            line.add(id)
            id = parents[id]
    return Counter(id for line in credited.values() for id in line)


def department_results(
    organization: Organization, span: Span, roll: Roll, earned: Earned
) -> Iterator[DepartmentResult]:
    """Rows in tree order for departments with somebody, an entry or an effective day; the root last, always."""
    tree = organization.departments
    listed, exempt, met = (over_subtrees(tree, own) for own in (roll.listed, roll.exempt, roll.met))
    credits = over_subtrees(tree, Counter(earned.departments.keys()))
    days, points = over_subtrees(tree, roll.days), over_subtrees(tree, earned.departments)
    excellent = excellent_facts(tree, earned.excellent)
    averages = {id: divide(points[id] * span.days, days[id]) for id in days if days[id]}
    ranks = rank_siblings(tree, span, days, averages)
    below = [department for department in tree if department.parent is not None]
    root = [department for department in tree if department.parent is None]
    for department in below + root:
        id = department.id
        if department.parent is None or listed[id] or credits[id] or days[id]:
            yield DepartmentResult(
                department=id,
                listed=listed[id],
                assessed=listed[id] - exempt[id],
                met=met[id],
                excellent=excellent[id],
                points=points[id],
                person_days=days[id],
                person_periods=divide(100 * days[id], span.days),
                average=averages.get(id),
                rank=ranks.get(id),
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


def party_group_results(organization: Organization, roll: Roll) -> Iterator[PartyGroupResult]:
    """One row per 党小组 with listed members, by name."""
    members: dict[str, list[PersonResult]] = defaultdict(list)
    for id, rows in roll.groups.items():
        members[organization.party_groups[id]] += rows
    for name, rows in sorted(members.items()):
        yield PartyGroupResult(
            name=name,
            listed=len(rows),
            assessed=sum(row.status != EXEMPT for row in rows),
            met=sum(row.status == MET for row in rows),
            points=sum(row.points for row in rows),
        )
