"""Attendance and activities at the desk: who records whom, and who changes what is held."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Attendance, AttendanceEvent
from activities.services.attendance import record_attendance
from organization.models import Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)
ADD = "admin:activities_attendance_add"


@pytest.fixture
def county():
    return County()


@pytest.fixture
def activity():
    return Activity.objects.create(reference="HD1", title="读书日", date=DAY)


@pytest.fixture
def clerk(client, county):
    client.force_login(county.clerk)
    return county.clerk


def record(activity, cadre, recorder):
    attendance = Attendance(activity=activity, cadre=cadre)
    return record_attendance(attendance=attendance, recorder=recorder, now=timezone.now())


def change(client, row, **data):
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return client.post(url, {"seen": row.changed_at.isoformat()} | data)


def test_the_office_records_its_own_people_and_is_named(client, clerk, county, activity):
    data = {"activity": activity.pk, "cadre": county.colleague.pk, "capacity": "attending"}
    assert client.post(reverse(ADD), data).status_code == 302
    assert Attendance.objects.get().recorded_by == clerk


def test_nobody_records_the_own_attendance(client, clerk, activity):
    data = {"activity": activity.pk, "cadre": clerk.pk, "capacity": "attending"}
    response = client.post(reverse(ADD), data)
    assert (response.status_code, "不能登记自己的活动签到" in response.content.decode()) == (200, True)
    assert Attendance.objects.count() == 0


def test_nobody_voids_or_revives_the_own_attendance(client, clerk, county, activity):
    own = Attendance.objects.create(activity=activity, cadre=clerk)
    for void in ({"is_void": "on"}, {}):
        response = change(client, own, capacity="attending", **void)
        assert "不能登记自己的活动签到" in response.content.decode()
    client.force_login(county.head)
    assert change(client, own, capacity="attending", is_void="on").status_code == 302
    assert Attendance.objects.get().is_void is True


def test_a_posted_id_of_another_agency_is_no_choice(client, clerk, county, activity):
    data = {"activity": activity.pk, "cadre": county.stranger.pk, "capacity": "attending"}
    response = client.post(reverse(ADD), data)
    assert list(response.context["adminform"].form.errors) == ["cadre"]
    assert Attendance.objects.count() == 0


def test_the_person_and_the_activity_of_a_row_stay(client, clerk, county, activity):
    row = Attendance.objects.create(activity=activity, cadre=county.colleague)
    other = CadreFactory(department=county.office)
    assert change(client, row, capacity="speaking", cadre=other.pk).status_code == 302
    row.refresh_from_db()
    assert (row.cadre, row.capacity, row.recorded_by) == (county.colleague, "speaking", None)


def test_a_row_of_somebody_who_was_not_in_service_can_be_voided(client, county, activity):
    row = Attendance.objects.create(activity=activity, cadre=county.colleague)
    Posting.objects.filter(cadre=county.colleague).update(since=date(2024, 6, 1))
    client.force_login(county.head)
    assert change(client, row, capacity="attending", is_void="on").status_code == 302
    assert Attendance.objects.get().is_void is True


def test_the_second_of_two_tabs_is_told(client, clerk, county, activity):
    row = Attendance.objects.create(activity=activity, cadre=county.colleague)
    assert change(client, row, capacity="speaking").status_code == 302
    late = change(client, row, capacity="attending")
    assert "这条记录刚被别人修改过" in late.content.decode()
    assert Attendance.objects.get().capacity == "speaking"


def test_the_service_asks_for_the_scope_of_the_day(county, activity):
    moved = CadreFactory()
    for department, since, until in (
        (county.foreign_office, date(2020, 1, 1), date(2024, 6, 30)),
        (county.office, date(2024, 7, 1), None),
    ):
        Posting.objects.create(cadre=moved, department=department, since=since, until=until)
    plain = CadreFactory(department=county.office)
    for recorder in (county.clerk, plain, CadreFactory(roles=[Role.OFFICE]), moved):
        with pytest.raises(NotAllowed):
            record(activity, moved, recorder)
    for recorder in (county.head, CadreFactory(roles=[Role.OFFICE], department=county.theirs)):
        AttendanceEvent.objects.all().delete()
        Attendance.objects.all().delete()
        stored = record(activity, moved, recorder)
        assert Attendance.objects.get() == stored


def test_everybody_at_the_desk_sees_activities_and_the_host_changes_them(client, clerk, county, activity):
    own = Activity.objects.create(reference="HD2", title="本局读书日", date=DAY, department=county.ours)
    foreign = Activity.objects.create(reference="HD3", title="外局读书日", date=DAY, department=county.theirs)
    fields = {"title": "改名", "category": "", "date": DAY, "reference": "HD9"}
    for row, status in ((activity, 403), (foreign, 403), (own, 302)):
        url = reverse("admin:activities_activity_change", args=[row.pk])
        assert client.get(url).status_code == 200
        assert change(client, row, department=county.ours.pk, **fields).status_code == status
    own.refresh_from_db()
    assert (own.title, own.reference) == ("改名", "HD2")


def test_an_agencys_office_hosts_nothing_for_others(client, clerk, county):
    url = reverse("admin:activities_activity_add")
    data = {"reference": "HD5", "title": "读书会", "category": "", "date": DAY}
    for department in ("", county.theirs.pk, county.root.pk):
        assert client.post(url, data | {"department": department}).status_code == 200
    assert client.post(url, data | {"department": county.ours.pk}).status_code == 302
    client.force_login(county.head)
    assert client.post(url, data | {"reference": "HD6", "department": ""}).status_code == 302
    assert list(Activity.objects.order_by("reference").values_list("reference", flat=True)) == ["HD5", "HD6"]
