"""Facts pulled from the floors below: one query per kind of fact (assessment rules, section 3)."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from activities.models import Activity, Attendance
from assessment.engine.model import Department, Fact, Organization, Person, Placement, make
from assessment.kinds import FactKind
from organization.models import Cadre, Leave, PartyGroup, PartyMembership, Posting, Tree
from reading.models import Plan
from shuxiang.periods import Quarter
from submissions.models import Contributor, Publication

# Rows fetched at a time where few columns make them small.
CHUNK = 20_000

make_fact, make_person, make_placement = make(Fact), make(Person), make(Placement)
Spans = dict[int, list[Placement]]


def load_organization() -> Organization:
    """Everybody with a posting, however long ago, and the tree; five queries."""
    postings = placements(Posting.objects.values_list("cadre_id", "since", "until", "department_id"))
    memberships = placements(PartyMembership.objects.values_list("cadre_id", "since", "until", "party_group_id"))
    leaves: dict[int, list[tuple[date, date]]] = {}
    for cadre_id, since, until in Leave.objects.values_list("cadre_id", "since", "until"):
        leaves.setdefault(cadre_id, []).append((since, until or date.max))
    people = {
        id: make_person(
            (id, number, name, tuple(postings[id]), tuple(leaves.get(id, ())), tuple(memberships.get(id, ())))
        )
        for id, number, name in Cadre.objects.values_list("id", "employee_number", "name")
        if id in postings
    }
    tree = Tree.load()
    departments = tuple(
        Department(node.id, node.parent, tree.paths[node.id], tree.agency(node.id)) for node in tree.ordered
    )
    return Organization(people, departments, dict(PartyGroup.objects.values_list("id", "name")))


def placements(rows: Iterable[tuple[int, date, date | None, int]]) -> Spans:
    found: Spans = {}
    for cadre_id, since, until, place in rows:
        found.setdefault(cadre_id, []).append(make_placement((since, until or date.max, place)))
    return found


def load_facts(quarters: Sequence[Quarter]) -> list[Fact]:
    """The facts of consecutive quarters; five queries."""
    return [
        *submission_facts(quarters),
        *attendance_facts(quarters),
        *publication_facts(quarters),
        *plan_facts(quarters),
    ]


def submission_facts(quarters: Sequence[Quarter]) -> list[Fact]:
    by_code = {str(quarter): quarter for quarter in quarters}
    rows = (
        Contributor.objects.counted()
        .filter(submission__quarter__in=by_code)
        .order_by("submission_id", "position")
        .values_list(
            "submission__kind",
            "submission__reference",
            "submission__title",
            "submission__credit_date",
            "submission__quarter",
            "submission__grade",
            "cadre_id",
        )
    )
    facts: list[Fact] = []
    last = ""
    people: tuple[int, ...] = ()
    for kind, reference, title, day, code, grade, cadre in rows.iterator(CHUNK):
        if reference == last:
            facts.pop()
        else:
            last, people = reference, ()
        people = (*people, cadre)
        facts.append(make_fact((kind, reference, title, day, by_code[code], grade, people)))
    return facts


def attendance_facts(quarters: Sequence[Quarter]) -> list[Fact]:
    kinds = {
        Attendance.Capacity.ATTENDING.value: FactKind.ATTENDANCE.value,
        Attendance.Capacity.SPEAKING.value: FactKind.SPEAKING.value,
    }
    quarter_of = quarters_by_month(quarters)
    first, last = quarters[0].span.first, quarters[-1].span.last
    held = Activity.objects.held().filter(date__range=(first, last)).values_list("id", "reference", "title", "date")
    activities = {
        id: (reference, title, day, quarter_of[day.year, day.month]) for id, reference, title, day in held.iterator()
    }
    rows = (
        Attendance.objects.valid()
        .filter(activity__date__range=(first, last))
        .values_list("capacity", "activity_id", "cadre_id")
    )
    # Only what was held counts, as in the fingerprint; it has changed with what was held in between.
    return [
        make_fact((kinds[capacity], *activities[activity], "", (cadre,)))
        for capacity, activity, cadre in rows.iterator(CHUNK)
        if activity in activities
    ]


def publication_facts(quarters: Sequence[Quarter]) -> list[Fact]:
    quarter_of = quarters_by_month(quarters)
    rows = (
        Publication.objects.counted()
        .filter(
            accepted_on__range=(quarters[0].span.first, quarters[-1].span.last),
            submission__contributors__state=Contributor.State.CONFIRMED,
        )
        .order_by("id", "submission__contributors__position")
        .values_list(
            "submission__reference",
            "level",
            "submission__title",
            "accepted_on",
            "submission__contributors__cadre_id",
        )
    )
    return [
        Fact(
            FactKind.PUBLICATION.value,
            f"{reference}/{level}",
            title,
            day,
            quarter_of[day.year, day.month],
            level,
            tuple(row[-1] for row in group),
        )
        for (reference, level, title, day), group in groupby(rows.iterator(), key=lambda row: row[:-1])
    ]


def plan_facts(quarters: Sequence[Quarter]) -> list[Fact]:
    """Dated by the confirmation, so a plan counts in the quarter in which somebody confirmed it."""
    quarter_of = quarters_by_month(quarters)
    rows = (
        Plan.objects.counted()
        .filter(confirmed_on__range=(quarters[0].span.first, quarters[-1].span.last))
        .values_list("reference", "title", "confirmed_on", "owner_id")
    )
    return [
        make_fact((FactKind.PLAN.value, reference, title, day, quarter_of[day.year, day.month], "", (owner,)))
        for reference, title, day, owner in rows.iterator(CHUNK)
        if day is not None
    ]


def quarters_by_month(quarters: Sequence[Quarter]) -> dict[tuple[int, int], Quarter]:
    return {
        (quarter.year, month): quarter
        for quarter in quarters
        for month in range(quarter.number * 3 - 2, quarter.number * 3 + 1)
    }
