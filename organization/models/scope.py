"""The one place that says which people and works somebody may see.

The office and leaders see the subtree of their agency (the whole tree when posted at an
umbrella's root), a liaison the own department's subtree, everybody the own person. Accounts are the
security administrator's work, so that role sees all people, but no works.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone

from organization.models.department import Department
from organization.models.membership import Posting
from organization.models.tree import NODE_FIELDS, Node, Tree
from organization.roles import Role

if TYPE_CHECKING:
    from organization.models import Cadre


@dataclass(frozen=True, slots=True)
class Scope:
    """Departments whose people are in sight on a day, beside the person's own rows; the topmost comes first."""

    day: date
    departments: tuple[int, ...] = ()
    everybody: bool = False

    @property
    def top(self) -> int | None:
        return self.departments[0] if self.departments else None


def whole_tree() -> Scope:
    """For commands, whose operator sees everything."""
    return Scope(timezone.localdate(), everybody=True)


def scope_of(viewer: "Cadre", on: date | None = None) -> Scope:
    """The scope of people of `viewer` on a day (today in Shanghai where none is named)."""
    if viewer.has_role(Role.SECURITY):
        return Scope(on or timezone.localdate(), everybody=True)
    return work_scope_of(viewer, on)


def work_scope_of(viewer: "Cadre", on: date | None = None) -> Scope:
    """The scope of works and results: like `scope_of`, without the administrators' accounts."""
    day = on or timezone.localdate()
    if not viewer.has_role(Role.OFFICE, Role.LEADER, Role.LIAISON):
        return Scope(day)
    tree, posting = tree_and_posting(viewer, day)
    if posting is None:
        return Scope(day)
    top = tree.agency(posting) if viewer.has_role(Role.OFFICE, Role.LEADER) else posting
    if tree.root is not None and top == tree.root.id:
        return Scope(day, everybody=True)
    return Scope(day, tuple(tree.subtree(top)))


def neighbourhood_of(viewer: "Cadre", on: date | None = None) -> Scope:
    """Whose public business concerns the viewer, whatever the role: the subtree of the own agency, topmost first, and
    what stands above it. Somebody without a posting has none. One query."""
    day = on or timezone.localdate()
    tree, posting = tree_and_posting(viewer, day)
    if posting is None:
        return Scope(day)
    top = tree.agency(posting)
    if tree.root is not None and top == tree.root.id:
        return Scope(day, everybody=True)
    return Scope(day, (*tree.subtree(top), *(node.id for node in tree.ancestors(top) if node.id != top)))


def tree_and_posting(viewer: "Cadre", day: date) -> tuple[Tree, int | None]:
    """All departments, and the one in which the viewer is on the day; one query."""
    own = Posting.objects.filter(cadre=viewer, department=OuterRef("pk")).covering(day)
    rows = list(Department.objects.annotate(is_own=Exists(own)).values_list(*NODE_FIELDS, "is_own"))
    posting = next((id for id, *_, is_own in rows if is_own), None)
    return Tree({row[0]: Node(*row[:-1]) for row in rows}), posting
