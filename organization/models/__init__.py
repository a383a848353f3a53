from organization.models.access import AccessAction, AccessEvent
from organization.models.cadre import Cadre
from organization.models.department import Department, DepartmentKind
from organization.models.event import Event
from organization.models.imports import RegisterImport
from organization.models.lock import Lock
from organization.models.loose import LooseFile
from organization.models.membership import Holiday, Leave, PartyGroup, PartyMembership, Posting
from organization.models.picture import StoredPicture
from organization.models.scope import Scope, Standpoint, neighbourhood_of, scope_of, whole_tree, work_scope_of
from organization.models.tree import Tree

__all__ = [
    "AccessAction",
    "AccessEvent",
    "Cadre",
    "Department",
    "DepartmentKind",
    "Event",
    "Holiday",
    "Leave",
    "Lock",
    "LooseFile",
    "PartyGroup",
    "PartyMembership",
    "Posting",
    "RegisterImport",
    "Scope",
    "Standpoint",
    "StoredPicture",
    "Tree",
    "neighbourhood_of",
    "scope_of",
    "whole_tree",
    "work_scope_of",
]
