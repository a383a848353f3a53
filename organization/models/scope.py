"""The one place that says which people and works somebody may see.

The office and leaders see the subtree of their agency (the whole tree when posted at an
umbrella's root), a liaison the own department's subtree, everybody the own person. Accounts are the
security administrator's work, so that role sees all people, but no works.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from organization.models.membership import Posting
from organization.models.tree import Tree
from organization.roles import Role

if TYPE_CHECKING:
    from organization.models import Cadre


@dataclass(frozen=True, slots=True)
class Scope:
    """Departments whose people are in sight on a day, beside the person's own rows."""

    day: date
    departments: tuple[int, ...] = ()
    everybody: bool = False


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
    posting = Posting.objects.filter(cadre=viewer).covering(day).values_list("department_id", flat=True).first()
    if posting is None:
        return Scope(day)
    tree = Tree.load()
    top = tree.agency(posting) if viewer.has_role(Role.OFFICE, Role.LEADER) else posting
    if tree.root is not None and top == tree.root.id:
        return Scope(day, everybody=True)
    return Scope(day, tuple(tree.subtree(top)))
