"""The page of one attendance: read by its person, corrected with a reason by who may record it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Attendance, AttendanceEvent
from activities.services.attendance import record_sheet
from activities.tests.factories import held
from activities.tests.people import office
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader

__all__ = ["office"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def row(office):
    person = CadreFactory(name="陈一", department=DepartmentFactory(parent=bureau()))
    activity = held()
    record_sheet(activity=activity, present={person.pk: "attending"}, recorder=office, now=timezone.now())
    return Attendance.objects.get()


def aged(row, days=1):
    Attendance.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days))


def url_of(row):
    return reverse("attendance_record", args=[row.activity_id, row.pk])


def correct(client, row, state, reason="", seen="attending"):
    return client.post(url_of(row), {"state": state, "reason": reason, "seen": seen})


def test_a_correction_keeps_who_when_from_to_and_why(client, office, row):
    aged(row)
    assert "要写明原因" in correct(client, row, "speaking").content.decode()
    assert correct(client, row, "speaking", "他是领读人").status_code == 302
    event = AttendanceEvent.objects.last()
    assert (event.actor, event.from_state, event.to_state, event.reason) == (
        office, "attending", "speaking", "他是领读人",
    )  # fmt: skip
    page = client.get(url_of(row)).content.decode()
    assert "参加 → 主讲" in page
    assert "他是领读人" in page
    assert "登记为参加" in page


def test_void_and_back(client, office, row):
    assert correct(client, row, "void").status_code == 302
    row.refresh_from_db()
    assert (row.is_void, row.capacity) == (True, "attending")
    assert correct(client, row, "attending", seen="void").status_code == 302
    row.refresh_from_db()
    assert row.is_void is False
    assert [(each.from_state, each.to_state) for each in AttendanceEvent.objects.all()] == [
        ("", "attending"), ("attending", "void"), ("void", "attending"),
    ]  # fmt: skip


def test_the_second_of_two_is_told_and_keeps_the_words(client, office, row):
    correct(client, row, "speaking")
    late = correct(client, row, "void", "没有来")
    assert late.status_code == 409
    page = late.content.decode()
    assert "这条签到刚被别人办理过" in page
    assert "没有来" in page
    assert 'name="seen" value="speaking"' in page
    assert Attendance.objects.get().is_void is False


def test_a_capacity_that_another_row_has_is_refused(client, office, row):
    Attendance.objects.create(activity=row.activity, cadre=row.cadre, capacity="speaking")
    assert "这一身份已登记" in correct(client, row, "speaking").content.decode()
    assert correct(client, row, "void").status_code == 302


def test_its_person_reads_it_and_others_do_not_find_it(client, row):
    client.force_login(row.cadre)
    page = client.get(url_of(row)).content.decode()
    assert "由他们更正" in page
    assert '<form class="narrow' not in page
    assert correct(client, row, "speaking").status_code == 404
    for stranger in (reader(), reader(Role.LEADER)):
        client.force_login(stranger)
        assert client.get(url_of(row)).status_code == 404
    other = held()
    assert client.get(reverse("attendance_record", args=[other.pk, row.pk])).status_code == 404


def test_another_agencys_office_does_not_find_it(client):
    county = County()
    row = Attendance.objects.create(activity=held(), cadre=county.stranger)
    client.force_login(county.clerk)
    assert client.get(url_of(row)).status_code == 404
    client.force_login(county.head)
    page = client.get(url_of(row)).content.decode()
    assert "那时还没有逐次的记录" in page


def test_a_reason_typed_before_the_session_ended_is_given_back(client, office, row):
    page = client.get(url_of(row)).content.decode()
    writer = page.split('name="writer" value="')[1].split('"')[0]
    client.logout()
    client.post(url_of(row), {"state": "void", "reason": "登记错了人", "seen": "attending", "writer": writer})
    client.force_login(office)
    assert "登记错了人" in client.get(url_of(row)).content.decode()


@pytest.mark.parametrize("value", ["", "\x00", "\u202e", "=cmd()", "𠮷" * 10, "a" * 100_000, "9" * 40])
def test_hostile_values_change_nothing(client, office, row, value):
    aged(row)
    before = list(AttendanceEvent.objects.values())
    assert correct(client, row, value, value, value).status_code in (200, 409)
    assert correct(client, row, "speaking", "有原因", value).status_code in (200, 409)
    assert correct(client, row, "speaking", value if len(value) > 300 else "", "attending").status_code == 200
    assert list(AttendanceEvent.objects.values()) == before
    kept = correct(client, row, "speaking", "𠮷=cmd()\u202e好", "attending")
    assert kept.status_code == 302
    assert AttendanceEvent.objects.last().reason in ("𠮷=cmd()\u202e好", "𠮷=cmd()好")


def test_a_number_beyond_every_database_is_not_found(client):
    client.force_login(reader(Role.OFFICE))
    assert client.get(f"/activities/{10**30}/attendance/1/").status_code == 404
    assert client.get(f"/activities/1/attendance/{10**30}/").status_code == 404


def test_a_state_that_does_not_change_is_no_correction_and_the_words_stay(client, office, row):
    page = correct(client, row, "attending", "写错了备注")
    assert page.context["form"].errors == {"state": ["状态没有变，不用更正；要更正的，请选另一项。"]}
    assert "写错了备注" in page.content.decode()
    assert AttendanceEvent.objects.count() == 1
