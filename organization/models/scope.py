"""The one place that says which people and works somebody may see.

The office and leaders see the subtree of their agency (the whole tree when posted at an
umbrella's root), a liaison the own department's subtree, everybody the own person. Accounts are the
security administrator's work, so that role sees all people, but no works.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
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
    return Standpoint(viewer, on or timezone.localdate()).work_scope


def neighbourhood_of(viewer: "Cadre", on: date | None = None) -> Scope:
    """Whose public business concerns the viewer, whatever the role: the subtree of the own agency, topmost first, and
    what stands above it. Somebody without a posting has none. One query."""
    return Standpoint(viewer, on or timezone.localdate()).neighbourhood


@dataclass(frozen=True)
class Standpoint:
    """From where somebody looks on a day: all departments and the own one, in one query when first asked for.

    Scopes of one and the same moment come from one and the same standpoint; nobody keeps it longer.
    """

    viewer: "Cadre"
    day: date

    @cached_property
    def _found(self) -> tuple[Tree, int | None]:
        own = Posting.objects.filter(cadre=self.viewer, department=OuterRef("pk")).covering(self.day)
        rows = list(Department.objects.annotate(is_own=Exists(own)).values_list(*NODE_FIELDS, "is_own"))
        posting = next((id for id, *_, is_own in rows if is_own), None)
        return Tree({row[0]: Node(*row[:-1]) for row in rows}), posting

    @property
    def tree(self) -> Tree:
        return self._found[0]

    @property
    def posting(self) -> int | None:
        """The department in which the viewer is on the day."""
        return self._found[1]

    @cached_property
    def work_scope(self) -> Scope:
        """See `work_scope_of`; no query for who has no such role."""
        if not self.viewer.has_role(Role.OFFICE, Role.LEADER, Role.LIAISON) or self.posting is None:
            return Scope(self.day)
        is_wide = self.viewer.has_role(Role.OFFICE, Role.LEADER)
        top = self.tree.agency(self.posting) if is_wide else self.posting
        return self._everybody(top) or Scope(self.day, tuple(self.tree.subtree(top)))

    @cached_property
    def neighbourhood(self) -> Scope:
        """See `neighbourhood_of`."""
        if self.posting is None:
            return Scope(self.day)
        top = self.tree.agency(self.posting)
        above = (node.id for node in self.tree.ancestors(top) if node.id != top)
        return self._everybody(top) or Scope(self.day, (*self.tree.subtree(top), *above))

    def _everybody(self, top: int) -> Scope | None:
        """The scope of whoever looks from the root."""
        root = self.tree.root
        return Scope(self.day, everybody=True) if root is not None and top == root.id else None
