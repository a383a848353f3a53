"""An author who is signed in, a clerk, and the pages on the life of a work."""

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Kind
from submissions.models import Contributor, Submission
from submissions.tests.factories import SubmissionFactory, name


@pytest.fixture
def office():
    return DepartmentFactory(parent=bureau(), name="财政审计科")


@pytest.fixture
def author(client, office):
    found = CadreFactory(name="贺砚秋", department=office)
    client.force_login(found)
    return found


@pytest.fixture
def clerk():
    return CadreFactory(name="叶晓蓉", roles=[Role.OFFICE], department=DepartmentFactory(parent=bureau()))


def sound(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    assert Page(page).faults() == []
    return text_of(page)


def collective(author, *others) -> Submission:
    work = SubmissionFactory(kind=Kind.RECITATION, people=[author], credit_date=timezone.localdate())
    for position, each in enumerate(others, start=1):
        row = name(work, each, position, Contributor.State.NAMED)
        Contributor.objects.filter(pk=row.pk).update(asked_at=timezone.now())
    return work
