"""When a calendar that asks again gets the feed anew, and that otherwise nothing of it is built."""

from datetime import time, timedelta

import pytest

from activities.exports import calendar_feed
from activities.exports.calendar_feed import calendar_of
from activities.models import Activity, ActivityEvent, Registration
from activities.services.calendar_addresses import SHOWN, listed, shown_to
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
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    made = sign_up(activity=activity, cadre=person, by=person, now=NOW + timedelta(minutes=1))
    second = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second["ETag"] != first["ETag"]) == (200, True)
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200
    cancel_sign_up(registration=made, by=person, now=NOW + timedelta(minutes=2))
    assert client.get(address, headers={"If-Modified-Since": second["Last-Modified"]}).status_code == 200


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


def test_the_tag_is_of_every_column_that_an_entry_is_made_from(person, monkeypatch):
    ActivityFactory(date=DAY, department=Posting.objects.get(cadre=person).department)
    ActivityFactory(date=DAY, until=DAY + timedelta(days=1))
    rows = listed(shown=shown_to(reader=person, today=TODAY), reader=person)
    asked, plainly = set(), Activity.__getattribute__

    def noted(activity, name):
        asked.add(name)
        return plainly(activity, name)

    monkeypatch.setattr(Activity, "__getattribute__", noted)
    calendar_of(rows, lambda activity: f"/{activity.pk}/")
    columns = {each.attname for each in Activity._meta.concrete_fields}
    assert asked & columns - {"id", "department_id"} == set(SHOWN) - {"pk", "department__name"}


def test_another_address_of_the_portal_or_another_making_changes_the_tag(client, person, settings, monkeypatch):
    address = address_of(person)
    tags = [client.get(address)["ETag"]]
    settings.PORTAL_ADDRESS = "https://portal.example.gov.cn"
    tags.append(client.get(address)["ETag"])
    monkeypatch.setattr(calendar_feed, "MAKING", "as another release writes it")
    tags.append(client.get(address)["ETag"])
    assert len(set(tags)) == 3


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
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        with django_assert_num_queries(5):
            again = client.get(address, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert (again["ETag"], again["Last-Modified"]) == (first["ETag"], first["Last-Modified"])
        assert (again["X-Robots-Tag"], again["Cache-Control"]) == ("noindex, nofollow", "private, no-store")
