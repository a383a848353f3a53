"""Who came as Excel: the register's own columns, brought in again without a change."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityEvent, Attendance, AttendanceEvent
from activities.services.attendance import record_sheet
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory, held
from activities.tests.people import office
from organization.models import AccessAction, AccessEvent
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.registers import refusal, run, stored, write_book

__all__ = ["office"]
pytestmark = pytest.mark.django_db
HEADER = ["活动编号", "活动名称", "类型", "日期", "工号", "身份"]


@pytest.fixture
def people():
    department = DepartmentFactory(parent=bureau())
    return [CadreFactory(employee_number=number, department=department) for number in ("b2", "A1", "007")]


def fetched(client, activity):
    response = client.get(reverse("attendance_workbook", args=[activity.pk]))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return b"".join(response.streaming_content)


def lines(content):
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["活动签到"]
    return [[cell.value for cell in line] for line in book["活动签到"].iter_rows(min_row=3)]


@pytest.mark.parametrize("title", ["读书日", "=cmd()", "+1", "“四月”  读书\u3000日\u202e", "𠮷" * 60])
def test_it_comes_in_again_and_changes_nothing(client, office, people, tmp_path, title):
    activity = held(title=title, category="读书分享会")
    ticks = dict(zip((each.pk for each in people), ("speaking", "attending", "attending"), strict=True))
    record_sheet(activity=activity, present=ticks, recorder=office, now=timezone.now())
    Attendance.objects.create(activity=activity, cadre=people[0], capacity="attending", is_void=True)
    content = fetched(client, activity)
    header, *rows = lines(content)
    assert header == HEADER
    assert [row[4:] for row in rows] == [["007", "参加"], ["A1", "参加"], ["b2", "主讲"]]
    assert {(row[0], row[2], row[3].date()) for row in rows} == {(activity.reference, "读书分享会", activity.date)}
    path = tmp_path / "out.xlsx"
    path.write_bytes(content)
    before = stored()
    assert "新增 0 行，修改 0 行，未变 3 行" in run("import_attendance", path)
    assert {**stored(), "organization.AccessEvent": []} == {**before, "organization.AccessEvent": []}


def test_taking_it_is_an_access_event(client, office, people):
    activity = held(title="读书日")
    fetched(client, activity)
    event = AccessEvent.objects.get(action=AccessAction.EXPORT)
    assert (event.actor, event.about, event.detail) == (office, "活动签到", f"{activity.reference} 读书日")


def test_who_runs_it_takes_all_and_another_office_its_own(client):
    county = County()
    activity = held(organiser=CadreFactory(department=county.foreign_office))
    for person in (county.colleague, county.stranger):
        Attendance.objects.create(activity=activity, cadre=person)
    for viewer, number in ((county.clerk, 1), (county.head, 2), (activity.organiser, 2)):
        client.force_login(viewer)
        assert len(lines(fetched(client, activity))) == 1 + number
    client.force_login(county.colleague)
    assert client.get(reverse("attendance_workbook", args=[activity.pk])).status_code == 404


def register(tmp_path, activity, *people):
    rows = [[activity.reference, activity.title, None, activity.date, each.employee_number, "参加"] for each in people]
    return write_book(tmp_path / "in.xlsx", {"活动签到": [HEADER, *rows]})


def test_an_import_leaves_events_and_marks_the_activity_held(people, tmp_path):
    activity = ActivityFactory(date=timezone.localdate())
    path = register(tmp_path, activity, *people)
    run("import_attendance", path)
    assert Activity.objects.get(pk=activity.pk).state == ActivityState.HELD
    event = ActivityEvent.objects.get()
    assert (event.action, event.actor, event.from_state, event.to_state) == ("hold", None, "scheduled", "held")
    rows = AttendanceEvent.objects.values_list("actor", "from_state", "to_state", "reason")
    assert set(rows) == {(None, "", "attending", "登记表导入")}
    assert AttendanceEvent.objects.count() == 3
    before = stored()
    assert "未变 3 行" in run("import_attendance", path)
    assert stored() == before


def test_a_register_tells_no_attendance_of_cancelled_and_coming_activities(people, tmp_path):
    activity = held()
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.CANCELLED)
    coming = ActivityFactory()
    before = stored()
    assert f"活动 {activity.reference} 已经取消，不登记签到" in refusal(
        "import_attendance", register(tmp_path, activity, *people)
    )
    assert "当天起才能登记签到" in refusal("import_attendance", register(tmp_path, coming, *people))
    assert stored() == before
