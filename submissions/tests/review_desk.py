"""The review desk as tests see it: addresses, and what its forms send."""

import pytest

from organization.models import Cadre, DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.test_pages_markup import Page
from submissions.models import Contributor, Submission
from submissions.tests.factories import SubmissionFactory

QUEUE = "/admin/submissions/submission/review/"
BULK = f"{QUEUE}bulk/"
CHANGELIST = "/admin/submissions/submission/"


class Office:
    """A bureau with two clerks and an author."""

    def __init__(self):
        self.department = DepartmentFactory(parent=bureau(), name="法规审理科")
        self.clerk, self.other_clerk = (CadreFactory(roles=[Role.OFFICE], department=self.department) for _ in "ab")
        self.author = CadreFactory(name="秦越", department=self.department)

    def work(self, **fields) -> Submission:
        return SubmissionFactory(**{"people": [self.author]} | fields)


@pytest.fixture
def office(client) -> Office:
    """With the first clerk signed in."""
    office = Office()
    client.force_login(office.clerk)
    return office


def other_agencys_work() -> Submission:
    agency = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    return SubmissionFactory(people=[CadreFactory(department=agency)])


def make_own(work: Submission, clerk: Cadre, way: str) -> Submission:
    """Makes the work the clerk's own: as main author, as somebody else named, or as who entered it."""
    if way == "entered":
        Submission.objects.filter(pk=work.pk).update(entered_by=clerk)
    elif way == "named":
        Contributor.objects.create(submission=work, cadre=clerk, position=1, state=Contributor.State.NAMED)
    else:
        work.contributors.update(cadre=clerk)
    work.refresh_from_db()
    return work


OWN_WAYS = ("author", "named", "entered")


def page_of(work: Submission) -> str:
    return f"{QUEUE}{work.pk}/"


def typed(work: Submission, action: str, **fields) -> dict:
    return {"revision": work.revision, "action": action, "reason": "", "grade": "", "stay": "1"} | fields


def tick(*works: Submission) -> list[str]:
    return [f"{work.pk}:{work.revision}" for work in works]


def state_of(work: Submission) -> str:
    return Submission.objects.get(pk=work.pk).state


def faults(html: str) -> list[str]:
    """What is wrong with a page of the desk, which Django's own frame calls zh-hans."""
    return [fault for fault in Page(html).faults() if fault != "html without lang"]
