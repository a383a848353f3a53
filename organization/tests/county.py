"""An umbrella with two agencies: what one agency's office must not touch of the other."""

from organization.models import DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory

# A person's page without rows of postings, memberships and leaves.
NO_ROWS = {
    f"{prefix}-{name}_FORMS": number
    for prefix in ("postings", "party_memberships", "leaves")
    for name, number in (("TOTAL", 0), ("INITIAL", 0), ("MIN_NUM", 0), ("MAX_NUM", 1000))
}


class County:
    """An umbrella with two agencies, each with an office below it and a clerk."""

    def __init__(self):
        self.root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
        self.ours, self.theirs = (
            DepartmentFactory(name=name, kind=DepartmentKind.AGENCY, parent=self.root) for name in ("审计局", "统计局")
        )
        self.office, self.foreign_office = (
            DepartmentFactory(name="综合科", parent=agency) for agency in (self.ours, self.theirs)
        )
        self.head = CadreFactory(roles=[Role.OFFICE], department=self.root)
        self.clerk = CadreFactory(roles=[Role.OFFICE], department=self.office)
        self.colleague = CadreFactory(department=self.office)
        self.stranger = CadreFactory(name="外单位的人", department=self.foreign_office)
