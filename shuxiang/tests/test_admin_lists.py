"""The admin's lists: the same number of queries for 1 and 30 rows, only rows in scope, Chinese throughout."""

from datetime import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import Period
from organization.models import DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from shuxiang.tests.rows import make_results, make_row
from submissions.models import Contributor, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def viewer_of(model_admin) -> Role:
    return [*model_admin.editors, *model_admin.viewers][0]


def queries(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=str)
def test_a_list_asks_as_much_for_30_rows_as_for_1(model, client):
    viewer = CadreFactory(roles=[viewer_of(admin.site._registry[model])], department=bureau())
    client.force_login(viewer)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    make_row(0)
    first = queries(client, url)
    for number in range(1, 30):
        make_row(number)
    assert queries(client, url) == first


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=str)
def test_lists_search_filter_and_speak_chinese(model, client):
    model_admin = admin.site._registry[model]
    client.force_login(CadreFactory(roles=[viewer_of(model_admin)], department=bureau()))
    make_row(0)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert client.get(url, {"q": "读后"}).status_code == 200
    assert model_admin.search_fields
    assert not model._meta.verbose_name.isascii()
    fields = [field for field in model._meta.concrete_fields if field.name in model_admin.list_display]
    assert [field.name for field in fields if str(field.verbose_name).isascii()] == []


def test_the_office_of_one_agency_sees_nothing_of_another(client):
    root = DepartmentFactory(name="县直机关工委", kind=DepartmentKind.GROUP)
    ours, theirs = (DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY) for _ in range(2))
    clerk = CadreFactory(roles=[Role.OFFICE], department=ours)
    stranger = CadreFactory(name="外单位的人", department=theirs)
    work = SubmissionFactory(people=[stranger], title="外单位的作品")
    draft = SubmissionFactory(people=[CadreFactory(department=ours)], title="未交的草稿", state=State.DRAFT)
    period = Period.objects.create(code="2024Q1", assessed_at=datetime(2024, 4, 1, tzinfo=SHANGHAI))
    make_results(period, stranger, theirs)
    client.force_login(clerk)
    for name, text in [
        ("organization_cadre", stranger.name),
        ("submissions_submission", work.title),
        ("submissions_submission", draft.title),
        ("assessment_entry", stranger.name),
        ("assessment_personresult", stranger.name),
        ("assessment_departmentresult", theirs.name),
    ]:
        assert text not in client.get(reverse(f"admin:{name}_changelist")).content.decode()
    assert client.get(reverse("admin:submissions_submission_change", args=[work.pk])).status_code == 302
    assert client.get(reverse("admin:organization_cadre_change", args=[stranger.pk])).status_code == 302
    assert Submission.objects.count() == 2
    assert Contributor.objects.count() == 2
