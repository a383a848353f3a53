"""Where people are posted on a day: the unit, and the path within and below it."""

from dataclasses import dataclass
from datetime import date

from organization.models import Cadre, Department, Posting, Tree
from organization.models.membership import PostingQuerySet
from organization.roles import Role


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is the department's path (assessment rules, section 2); `within` the part below the unit, often empty."""

    department: int
    unit: str
    path: str
    within: str


def place_of(cadre: Cadre, day: date) -> Place | None:
    """The place of one person; None while not in service."""
    return _places(Posting.objects.filter(cadre=cadre), day).get(cadre.pk)


def places_on(day: date) -> dict[int, Place]:
    """The places of everybody in service, by the person's id; two queries."""
    return _places(Posting.objects.all(), day)


def office_over(cadre: Cadre, day: date) -> list[Cadre]:
    """The nearest office that has the person in its scope, without the person; nobody while not in service.

    Constant queries.
    """
    place = place_of(cadre, day)
    return [] if place is None else office_of(place.department, day, without=cadre)


def office_of(department: int | None, day: date, *, without: Cadre | None = None) -> list[Cadre]:
    """The nearest office that has the department in its scope; the root's where none is named. Two queries."""
    tree = Tree.load()
    start = department if department is not None else tree.root.id if tree.root is not None else None
    if start is None:
        return []
    posted = Posting.objects.filter(cadre__is_active=True, cadre__groups__name=Role.OFFICE).covering(day)
    posted = posted.exclude(cadre=without.pk if without is not None else None)
    offices: dict[int, list[Cadre]] = {}
    for posting in posted.select_related("cadre").order_by("cadre_id"):
        offices.setdefault(tree.agency(posting.department_id), []).append(posting.cadre)
    above = (node.id for node in tree.ancestors(start))
    return next((offices[id] for id in above if id in offices), [])


def _places(postings: PostingQuerySet, day: date) -> dict[int, Place]:
    covering = postings.covering(day)
    tree = Tree.load()
    return {cadre: _place(tree, department) for cadre, department in covering.values_list("cadre_id", "department_id")}


def _place(tree: Tree, department: int) -> Place:
    unit = tree.agency(department)
    line = [node.id for node in tree.ancestors(department)]
    below = line[: line.index(unit)]
    within = "/".join(tree.nodes[id].name for id in reversed(below))
    return Place(department, tree.nodes[unit].name, tree.paths[department], within)


def unit_name() -> str:
    """The whole tree's root; empty before the first roster."""
    return Department.objects.filter(parent=None).values_list("name", flat=True).first() or ""
