from organization.models.cadre import Cadre
from organization.models.department import Department, DepartmentKind
from organization.models.membership import Holiday, Leave, PartyGroup, PartyMembership, Posting
from organization.models.scope import Scope, scope_of, work_scope_of
from organization.models.tree import Tree

__all__ = [
    "Cadre",
    "Department",
    "DepartmentKind",
    "Holiday",
    "Leave",
    "PartyGroup",
    "PartyMembership",
    "Posting",
    "Scope",
    "Tree",
    "scope_of",
    "work_scope_of",
]
