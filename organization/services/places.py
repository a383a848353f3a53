"""Where people are posted on a day: the unit, and the path within and below it."""

from dataclasses import dataclass
from datetime import date

from organization.models import Cadre, Posting, Tree
from organization.models.membership import PostingQuerySet


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
