"""When a calendar that asks again gets the feed anew, and that otherwise nothing of it is built."""

from datetime import time, timedelta
from hashlib import sha256

import pytest

from activities.exports.calendar_feed import EDITION, calendar_of
from activities.models import Activity, ActivityEvent, Registration
from activities.services.calendar_addresses import SHOWN, Listed, listed, shown_to
from activities.services.signing_up import cancel_sign_up, sign_up
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory, with_sign_up
from activities.tests.test_calendar_feed import DAY, NOW, TODAY, address_of, person
from organization.models import Department, Posting
from organization.tests.factories import DepartmentFactory

__all__ = ["person"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def test_who_asks_again_gets_only_what_is_new(client, person, time_machine):
    activity = with_sign_up(date=DAY)
    address = address_of(person)
    first = client.get(address)
    assert "Last-Modified" not in first
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    made = sign_up(activity=activity, cadre=person, by=person, now=NOW + timedelta(minutes=1))
    second = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second["ETag"] != first["ETag"]) == (200, True)
    cancel_sign_up(registration=made, by=person, now=NOW + timedelta(minutes=2))
    assert client.get(address, headers={"If-None-Match": second["ETag"]}).status_code == 200


CHANGES = {
    "title": "清明诗会", "date": DAY + timedelta(days=1), "until": DAY + timedelta(days=2), "starts_at": time(9),
    "ends_at": None, "venue": "", "description": "请带书。", "sequence": 7, "state": ActivityState.CANCELLED,
    "changed_at": NOW + timedelta(minutes=1),
}  # fmt: skip


def changed_column(name):
    return lambda activity, person: Activity.objects.filter(pk=activity.pk).update(**{name: CHANGES[name]})


def another_host(activity, person):
    Activity.objects.filter(pk=activity.pk).update(
        department=DepartmentFactory(parent=activity.department, name="研究室")
    )


def host_renamed(activity, person):
    Department.objects.filter(pk=activity.department_id).update(name="法规科")


def told(activity, person):
    ActivityEvent.objects.create(activity=activity, action="edit", at=NOW + timedelta(minutes=1), to_state="scheduled")


def signed_up_and_waiting(activity, person):
    Registration.objects.filter(activity=activity).update(state="waiting")


def sign_up_cancelled(activity, person):
    Registration.objects.filter(activity=activity).update(state="cancelled")


def another_listed(activity, person):
    ActivityFactory(date=DAY)


def out_of_sight(activity, person):
    Activity.objects.filter(pk=activity.pk).update(date=TODAY - timedelta(days=200))


@pytest.mark.parametrize(
    "change",
    [
        *(pytest.param(changed_column(name), id=name) for name in CHANGES),
        another_host, host_renamed, told, signed_up_and_waiting, sign_up_cancelled, another_listed, out_of_sight,
    ],
)  # fmt: skip
def test_whatever_is_shown_changes_the_tag(client, person, change):
    """Also where nothing counts it: no version, no event."""
    host = Posting.objects.get(cadre=person).department
    activity = with_sign_up(department=host, date=DAY, description="带书。")
    sign_up(activity=activity, cadre=person, by=person, now=NOW)
    address = address_of(person)
    first = client.get(address)
    headers = {"If-None-Match": first["ETag"]}
    assert client.get(address, headers=headers).status_code == 304
    change(activity, person)
    second = client.get(address, headers=headers)
    assert (second.status_code, second["ETag"] != first["ETag"]) == (200, True)
    assert second.content != first.content
    assert client.get(address, headers={"If-None-Match": second["ETag"]}).status_code == 304


def test_an_entry_is_made_from_the_columns_of_the_tag_alone(person, django_assert_num_queries):
    ActivityFactory(date=DAY, department=Posting.objects.get(cadre=person).department)
    ActivityFactory(date=DAY, until=DAY + timedelta(days=1))
    shown = shown_to(reader=person, today=TODAY).only(*SHOWN, "changed_at", "department_id")
    rows = listed(shown=shown, reader=person)
    with django_assert_num_queries(0):  # another column would be fetched
        content = calendar_of(rows, lambda activity: f"/{activity.pk}/")
    assert content.count(b"BEGIN:VEVENT") == 2


def test_another_address_of_the_portal_changes_the_tag(client, person, settings):
    address = address_of(person)
    first = client.get(address)["ETag"]
    settings.PORTAL_ADDRESS = "https://portal.example.gov.cn"
    assert client.get(address)["ETag"] != first


def test_what_is_written_otherwise_is_another_edition():
    """Where this fails, the feed of the same activities has changed: raise EDITION and set the digest."""
    columns = {"title": "读书会", "venue": "三楼", "description": "带书。", "department": Department(name="综合科")}
    activities = (
        Activity(pk=1, date=DAY, starts_at=time(9), ends_at=time(11), **columns),
        Activity(pk=2, date=DAY, until=DAY + timedelta(days=2), sequence=3, **columns),
        Activity(pk=3, date=DAY, state=ActivityState.CANCELLED, **columns),
    )
    rows = [Listed(each, "registered" if each.pk == 1 else "", NOW) for each in activities]
    content = calendar_of(rows, lambda activity: f"https://portal.example/activities/{activity.pk}/")
    assert (EDITION, sha256(content).hexdigest()[:12]) == (1, "116c615fe290")


def test_another_day_shows_another_span(client, person, time_machine):
    ActivityFactory(date=TODAY - timedelta(days=90))
    address = address_of(person)
    first = client.get(address)
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_unchanged_calendar_is_not_built(client, person, django_assert_num_queries):
    for number in range(20):
        sign_up(activity=with_sign_up(date=DAY + timedelta(days=number)), cadre=person, by=person, now=NOW)
    address = address_of(person)
    with django_assert_num_queries(7):
        first = client.get(address)
    with django_assert_num_queries(5):
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (again["X-Robots-Tag"], again["Cache-Control"]) == ("noindex, nofollow", "private, no-store")
