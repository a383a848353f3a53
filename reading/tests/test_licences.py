"""Who is told of a licence that ends, and when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from organization.models import Cadre
from organization.roles import Role
from reading.models import DigitalResource
from reading.services.licences import warn, warn_licences
from reading.tests.factories import DigitalResourceFactory, reader

pytestmark = pytest.mark.django_db
TODAY, NOW = date(2024, 3, 1), timezone.now()


def run(today: date = TODAY) -> int:
    return warn_licences(today=today, now=NOW)


def test_librarians_are_told_once_before_and_once_after():
    told = {reader(Role.LIBRARIAN), reader(Role.LIBRARIAN, Role.OFFICE)}
    reader(Role.OFFICE), reader(Role.CADRE), reader(Role.LEADER)
    resource = DigitalResourceFactory(title="知网", licence_until=TODAY + timedelta(days=30))
    assert [run(TODAY - timedelta(days=1)), run(), run(), run(TODAY + timedelta(days=30))] == [0, 1, 0, 0]
    assert {notice.recipient for notice in Notice.objects.all()} == told
    assert {notice.subject for notice in Notice.objects.all()} == {"《知网》的授权将于 2024 年 3 月 31 日到期"}
    assert {notice.address for notice in Notice.objects.all()} == {f"/digital/{resource.pk}/"}
    Notice.objects.all().delete()
    assert [run(TODAY + timedelta(days=31)), run(TODAY + timedelta(days=99))] == [1, 0]
    assert {notice.subject for notice in Notice.objects.all()} == {"《知网》的授权已于 2024 年 3 月 31 日到期"}


def test_where_nobody_runs_the_reading_room_the_office_is_told():
    office = reader(Role.OFFICE)
    Cadre.objects.filter(pk=reader(Role.LIBRARIAN).pk).update(is_active=False)
    DigitalResourceFactory(licence_until=TODAY)
    assert run() == 1
    assert [notice.recipient for notice in Notice.objects.all()] == [office]


def test_somebody_with_both_roles_is_told_once():
    reader(Role.LIBRARIAN, Role.OFFICE)
    DigitalResourceFactory(licence_until=TODAY)
    assert run() == 1
    assert Notice.objects.count() == 1


def test_a_new_end_is_a_new_warning():
    reader(Role.OFFICE)
    resource = DigitalResourceFactory(licence_until=TODAY)
    assert run() == 1
    DigitalResource.objects.filter(pk=resource.pk).update(licence_until=TODAY + timedelta(days=20))
    assert [run(), run()] == [1, 0]


def test_two_workers_never_send_twice():
    reader(Role.OFFICE)
    DigitalResourceFactory(licence_until=TODAY)
    first, second = DigitalResource.objects.get(), DigitalResource.objects.get()
    assert [warn(first, TODAY, NOW), warn(second, TODAY, NOW)] == [True, False]
    assert Notice.objects.count() == 1


def test_what_is_closed_or_without_an_end_warns_nobody():
    reader(Role.OFFICE)
    DigitalResourceFactory(licence_until=TODAY, is_closed=True)
    DigitalResourceFactory()
    assert run() == 0
