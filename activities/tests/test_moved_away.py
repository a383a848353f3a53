"""Who takes part in an activity of another agency, having moved or coming as a speaker: sees it, is recorded by its
host, and records nobody."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from activities.kinds import Part
from activities.models import Attendance, Material, Registration, Speaker
from activities.services.attendance import record_attendance, record_sheet
from activities.tests.factories import with_sign_up
from organization.models import Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from shuxiang.periods import SHANGHAI

DAY = date(2026, 3, 28)
NOW = datetime(2026, 3, 28, 16, 0, tzinfo=SHANGHAI)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
ROLL = ("attendance", "sheet", "attendance_workbook")


@pytest.fixture
def county():
    return County()


@pytest.fixture
def activity(county):
    return with_sign_up(date=DAY, department=county.office)


def with_a_seat(activity, cadre):
    return Registration.objects.create(activity=activity, cadre=cadre, state="registered", queued_at=NOW)


def move(county, cadre):
    Posting.objects.filter(cadre=cadre).update(department=county.foreign_office)


def test_a_clerk_who_moved_away_sees_the_activity_and_no_roll(client, county, activity):
    clerk = CadreFactory(roles=[Role.OFFICE], department=county.office)
    with_a_seat(activity, clerk)
    move(county, clerk)
    client.force_login(clerk)
    page = client.get(reverse("activity", args=[activity.pk]))
    assert (page.status_code, reverse("attendance", args=[activity.pk]) in page.content.decode()) == (200, False)
    assert [client.get(reverse(name, args=[activity.pk])).status_code for name in ROLL] == [404, 404, 404]
    ticked = {f"present-{county.stranger.pk}": Attendance.Capacity.SPEAKING}
    assert client.post(reverse("attendance", args=[activity.pk]), ticked).status_code == 404
    assert not Attendance.objects.exists()


def test_the_host_records_who_has_a_seat_and_moved_away(client, county, activity):
    gone, other = county.colleague, county.stranger
    with_a_seat(activity, gone)
    move(county, gone)
    client.force_login(county.clerk)
    page = client.get(reverse("attendance", args=[activity.pk])).content.decode()
    assert (gone.name in page, other.name in page) == (True, False)
    present = dict.fromkeys((gone.pk, other.pk), Attendance.Capacity.ATTENDING)
    sheet = record_sheet(activity=activity, present=present, recorder=county.clerk, now=NOW)
    assert (sheet.added, list(sheet.told)) == (1, [other.pk])
    with pytest.raises(NotAllowed, match="在 2026 年 3 月 28 日不在本单位"):
        record_attendance(
            attendance=Attendance(activity=activity, cadre=other, capacity="attending"), recorder=county.clerk, now=NOW
        )


def test_a_speaker_from_another_agency_sees_the_activity_and_its_material(client, county, activity):
    Speaker.objects.create(activity=activity, cadre=county.stranger, part=Part.LECTURER)
    material = Material.objects.create(
        activity=activity, title="讲义", file="materials/a.pdf", original_name="a.pdf", format="pdf", size=1,
        sha256="0" * 64, uploaded_by=county.clerk, created_at=NOW,
    )  # fmt: skip
    assert Material.objects.in_sight_of(county.stranger).get() == material
    client.force_login(county.stranger)
    assert client.get(reverse("activity", args=[activity.pk])).status_code == 200
    present = {county.stranger.pk: Attendance.Capacity.SPEAKING}
    assert record_sheet(activity=activity, present=present, recorder=county.clerk, now=NOW).added == 1
