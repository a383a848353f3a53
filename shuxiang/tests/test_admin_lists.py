"""The admin's lists: the same number of queries for 1 and 30 rows, only rows in scope, Chinese throughout."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, Attendance
from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult, Scheme
from organization.models import Department, DepartmentKind, Holiday, Leave, PartyGroup, PartyMembership
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import SHANGHAI
from submissions.kinds import Level
from submissions.models import Contributor, Decision, Publication, Submission
from submissions.states import Action, State
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def make_row(number: int) -> None:
    """One row of every model, each with people and departments of its own."""
    department = DepartmentFactory(parent=bureau())
    cadre = CadreFactory(roles=[Role.CADRE, Role.LIAISON], department=department)
    PartyMembership.objects.create(
        cadre=cadre, party_group=PartyGroup.objects.create(name=f"第{number}小组"), since=date(2024, 1, 1)
    )
    Leave.objects.create(cadre=cadre, category="病假", since=date(2024, 1, 1))
    Holiday.objects.create(date=date(2000 + number, 5, 1), name="劳动节")
    work = SubmissionFactory(people=[cadre, CadreFactory(department=department)], state=State.APPROVED)
    Decision.objects.create(submission=work, actor=cadre, action=Action.APPROVE, to_state=State.APPROVED)
    Publication.objects.create(
        submission=work,
        level=Level.CITY,
        outlet="某报",
        accepted_on=date(2024, 3, 1),
        evidence="第 1 版",
        recorded_by=cadre,
    )
    activity = Activity.objects.create(reference=f"HD{number}", title="读书日", date=date(2024, 3, 1))
    Attendance.objects.create(activity=activity, cadre=cadre)
    Scheme.objects.create(version=number + 100, name="方案", effective_from="2030Q1")
    period = Period.objects.create(code=f"{2000 + number}Q1", scheme=Scheme.objects.first(), agency="测试局")
    make_results(period, cadre, department)
    LogEntry.objects.create(
        user=cadre,
        content_type=ContentType.objects.get_for_model(Department),
        object_id=str(department.pk),
        object_repr="科室",
        action_flag=ADDITION,
    )


def make_results(period, cadre, department) -> None:
    who = {"cadre": cadre, "employee_number": cadre.employee_number, "name": cadre.name}
    where = {"department": department, "department_path": department.name}
    zero = Decimal("0.00")
    Entry.objects.create(
        period=period, position=0, date=date(2024, 3, 1), fact_kind="essay", reference="ZP1", title="读后",
        rule_code="essay.base", scheme_version=1, points=Decimal("1.00"), **who, **where,
    )  # fmt: skip
    PersonResult.objects.create(
        period=period, position=0, service_days=91, effective_days=91, quotas=[], excellent=0, points=zero,
        adjustment=zero, year_points=zero, status="met", **who, **where,
    )  # fmt: skip
    DepartmentResult.objects.create(
        period=period, position=0, listed=1, assessed=1, met=1, excellent=0, points=zero, person_days=91,
        person_periods=Decimal("1.00"), **where,
    )  # fmt: skip
    PartyGroupResult.objects.create(period=period, position=0, name="第一", listed=1, assessed=1, met=1, points=zero)


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
