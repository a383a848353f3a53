"""Works that answered a call: on its page, in the office's list, in reminders."""

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Call
from activities.services.calling import cancel_call
from activities.tests.calling import an_open_call, opened_call
from notices.models import Notice
from organization.models import AccessEvent, DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI
from shuxiang.tests.queries import queries
from submissions.kinds import Kind
from submissions.models import Submission
from submissions.services.call_works import remind_of_calls
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import author, office

__all__ = ["author", "office"]
pytestmark = pytest.mark.django_db


# The page of the call


def works_for(call: Call, *authors, **columns) -> list[Submission]:
    day = timezone.localdate()
    return [SubmissionFactory(people=[each], call=call, credit_date=day, **columns) for each in authors]


def shown(client, call: Call, **asked) -> list[str]:
    page = client.get(reverse("call", args=[call.pk]), asked).content.decode()
    return [work.title for work in Submission.objects.order_by("pk") if f"<bdi>{work.title}</bdi></a>" in page]


def test_everybody_sees_what_is_shown_and_the_own_and_the_office_all(client):
    call, mine, other = opened_call(), reader(), reader()
    own, theirs = works_for(call, mine, other)
    (public,) = works_for(call, other, state=State.APPROVED, show_in_showcase=True, title="展示的")
    works_for(call, other, state=State.WITHDRAWN, title="撤回的")
    SubmissionFactory(people=[other], call=call, state=State.DRAFT, credit_date=None, quarter="", title="草稿")
    works_for(opened_call(), other, state=State.APPROVED, show_in_showcase=True, title="别的征集")
    client.force_login(mine)
    assert shown(client, call) == [own.title, public.title]
    for role in (Role.LIAISON, Role.LEADER):
        client.force_login(reader(role))
        assert shown(client, call) == [public.title]
    client.force_login(reader(Role.OFFICE))
    assert shown(client, call) == [own.title, theirs.title, public.title]
    page = client.get(reverse("call", args=[call.pk])).content.decode()
    assert "已上报 3 件" in page
    assert f"/admin/submissions/submission/review/?call={call.pk}" in page
    assert "待审" in page


def test_works_are_filtered_by_department_and_kind_and_counted(client):
    first, second = (DepartmentFactory(parent=bureau(), name=name) for name in ("法规科", "审计科"))
    call = opened_call(kinds="essay,idea")
    works_for(call, *(CadreFactory(department=first) for _ in range(2)))
    works_for(call, CadreFactory(department=second), kind=Kind.IDEA, title="好主意")
    client.force_login(reader(Role.OFFICE))
    page = client.get(reverse("call", args=[call.pk])).content.decode()
    assert "法规科 2 件" in page
    assert "审计科 1 件" in page
    assert shown(client, call, department=second.pk) == shown(client, call, kind="idea") == ["好主意"]
    assert shown(client, call, department=first.pk, kind="idea") == []


def test_the_review_desk_lists_the_works_of_a_call(client):
    call, other = opened_call(title="读党章"), reader()
    works_for(call, other, title="应征的")
    works_for(opened_call(), other, title="别的")
    client.force_login(reader(Role.OFFICE))
    page = client.get(reverse("admin:submissions_submission_queue"), {"call": call.pk}).content.decode()
    assert ("应征的" in page, "<bdi>别的</bdi>" in page, "只列应征“<bdi>读党章</bdi>”" in page) == (True, False, True)
    assert f"call={call.pk}" in page


def test_the_office_takes_the_list_home_and_that_is_recorded(client):
    first = DepartmentFactory(parent=bureau(), name="法规科")
    call = opened_call(title="=征集")
    people = [CadreFactory(department=first, name=name) for name in ("秦越", "许望舒")]
    SubmissionFactory(people=people, call=call, credit_date=date(2026, 3, 9), reference="WB1", title="=cmd()")
    url = reverse("call_workbook", args=[call.pk])
    client.force_login(reader(Role.OFFICE))
    content = b"".join(client.get(url).streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(content))["应征作品"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert found == [
        [1, "WB1", "读书心得", "=cmd()", "秦越、许望舒", "法规科", datetime(2026, 3, 9), "待审", None],
    ]
    assert AccessEvent.objects.latest("pk").about == f"征集令 {call.reference}"
    for role in (Role.CADRE, Role.LEADER):
        client.force_login(reader(role))
        assert client.get(url).status_code == 404


def test_a_county_office_sees_the_works_of_its_own_call_only(client):
    ours, theirs = (DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY) for _ in range(2))
    call = opened_call(department=ours)
    works_for(call, CadreFactory(department=ours), title="本县的")
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=ours))
    assert shown(client, call) == ["本县的"]
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=theirs))
    assert client.get(reverse("call_workbook", args=[call.pk])).status_code == 404


def test_as_many_queries_for_thirty_works_as_for_one(client):
    call = opened_call(kinds="essay,idea")
    counts = []
    for number in (1, 29):
        for _ in range(number):
            works_for(call, reader(), state=State.APPROVED, show_in_showcase=True)
        found = []
        for viewer in (reader(), reader(Role.OFFICE)):
            client.force_login(viewer)
            found.append(queries(client, reverse("call", args=[call.pk])))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


# Reminders


def test_liaisons_and_the_office_learn_the_number_once_three_days_before():
    liaison, office, cadre = reader(Role.LIAISON), reader(Role.OFFICE), reader()
    call = opened_call(since=date(2026, 3, 1), until=date(2026, 3, 31))
    SubmissionFactory(people=[cadre], call=call, credit_date=date(2026, 3, 9))
    SubmissionFactory(people=[cadre], call=call, credit_date=date(2026, 3, 9), state=State.WITHDRAWN)
    at = lambda day: datetime(2026, 3, day, 8, 10, tzinfo=SHANGHAI)  # noqa: E731
    assert remind_of_calls(now=at(27)) == 0
    assert remind_of_calls(now=at(28)) == 1
    assert remind_of_calls(now=at(29)) == 0
    assert set(Notice.objects.values_list("recipient", flat=True)) == {liaison.pk, office.pk}
    assert Notice.objects.first().subject == f"征集令{call.quoted} 3 月 31 日截止，已收到 1 件"


def test_a_cancelled_call_keeps_the_works_that_answered_it(client, author):
    office = reader(Role.OFFICE)
    call = an_open_call(office, now=timezone.now(), since=timezone.localdate(), until=timezone.localdate())
    (work,) = works_for(call, author)
    cancel_call(call=call, seen=call.version, by=office, now=timezone.now(), reason="合并")
    page = client.get(reverse("call", args=[call.pk])).content.decode()
    assert "已经撤销" in page
    assert shown(client, call) == [work.title]
