"""Who sees somebody else's handed-in work and its files: one table for every page that shows them."""

import pytest

from organization.models import Cadre, Department, DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory

# Role, where the reader is posted seen from the author, status.
READERS = [
    (Role.OFFICE, "other", 200),
    (Role.LEADER, "other", 200),
    (Role.LIAISON, "same", 200),
    (Role.LIAISON, "other", 404),
    (Role.CADRE, "same", 404),
    (Role.CADRE, "other", 404),
    (Role.LIBRARIAN, "same", 404),
    (Role.RATER, "same", 404),
    (Role.OFFICE, "beside", 404),
    (Role.LEADER, "beside", 404),
    (Role.SYSTEM, None, 404),
    (Role.SECURITY, None, 404),
    (Role.AUDIT, None, 404),
]


@pytest.fixture
def audit():
    """A bureau below an umbrella, so that there is a bureau beside it."""
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    return DepartmentFactory(name="审计局", kind=DepartmentKind.AGENCY, parent=root)


@pytest.fixture
def finance(audit):
    return DepartmentFactory(name="财政审计科", parent=audit)


@pytest.fixture
def author(finance):
    return CadreFactory(name="贺砚秋", department=finance)


def reader(role: Role, place: str | None, *, department: Department, agency: Department) -> Cadre:
    """Somebody in the author's department, in another of the agency, in the agency beside, or nowhere."""
    beside = DepartmentFactory(name="统计局", kind=DepartmentKind.AGENCY, parent=agency.parent)
    places = {"same": department, "other": DepartmentFactory(parent=agency), "beside": beside}
    return CadreFactory(roles=[role], department=places.get(place))
