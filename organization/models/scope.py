"""The one place that says which people and works somebody may see.

The office and leaders see the subtree of their agency (the whole tree when posted at an
umbrella's root), a liaison the own department's subtree, everybody the own person. Accounts are the
security administrator's work, so that role sees all people, but no works.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from organization.models.tree import Tree
from organization.roles import Role

if TYPE_CHECKING:
    from organization.models import Cadre


@dataclass(frozen=True, slots=True)
class Scope:
    """Departments whose people are in sight, beside the person's own rows."""

    cadre_id: int
    departments: tuple[int, ...] = ()
    everybody: bool = False


def scope_of(viewer: "Cadre", on: date | None = None) -> Scope:
    """The scope of people of `viewer` on a day (today in Shanghai where none is named)."""
    if viewer.has_role(Role.SECURITY):
        return Scope(viewer.pk, everybody=True)
    return work_scope_of(viewer, on)


def work_scope_of(viewer: "Cadre", on: date | None = None) -> Scope:
    """The scope of works and results: like `scope_of`, without the administrators' accounts."""
    if not viewer.has_role(Role.OFFICE, Role.LEADER, Role.LIAISON):
        return Scope(viewer.pk)
    day = on or timezone.localdate()
    posting = (
        viewer.postings.filter(since__lte=day).exclude(until__lt=day).values_list("department_id", flat=True).first()
    )
    if posting is None:
        return Scope(viewer.pk)
    tree = Tree.load()
    top = tree.agency(posting) if viewer.has_role(Role.OFFICE, Role.LEADER) else posting
    if tree.root is not None and top == tree.root.id:
        return Scope(viewer.pk, everybody=True)
    return Scope(viewer.pk, tuple(tree.subtree(top)))
