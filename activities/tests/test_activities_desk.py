"""Activities and lecturers at the desk: what is noted there goes through the services."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from activities.models import Activity, Attendance, Lecturer
from activities.tests.factories import SeriesFactory, with_sign_up
from activities.tests.people import office
from activities.tests.scheduled import DAY, scheduled
from activities.tests.signing_up import enter
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(datetime(2026, 3, 20, 9, tzinfo=SHANGHAI))]
ADD = "admin:activities_activity_add"


def change(client, activity, **typed):
    activity.refresh_from_db()
    seen = {"seen": activity.changed_at.isoformat(), "title": activity.title, "date": activity.date}
    return client.post(reverse("admin:activities_activity_change", args=[activity.pk]), seen | typed)


@pytest.mark.parametrize(
    ("day", "state", "actions"),
    [
        ("2026-03-19", "held", ["schedule", "hold"]), ("2026-03-20", "held", ["schedule", "hold"]),
        ("2026-03-21", "scheduled", ["schedule"]),
    ],
)  # fmt: skip
def test_what_is_entered_took_place_unless_its_day_is_to_come(client, office, day, state, actions):
    sent = {"reference": "工会-7", "title": "读书会", "category": "", "date": day, "department": ""}
    assert client.post(reverse(ADD), sent).status_code == 302
    made = Activity.objects.get()
    assert (made.reference, made.state, [each.action for each in made.events.all()]) == ("工会-7", state, actions)


def test_title_and_date_are_changed_by_the_service_and_nothing_else_is(client, office):
    activity = scheduled(office, description="带书")
    page = client.get(reverse("admin:activities_activity_change", args=[activity.pk])).content.decode()
    assert f'href="/activities/{activity.pk}/"' in page
    assert change(client, activity, title="四月读书日", date="2026-04-25", category="讲座").status_code == 302
    stored = Activity.objects.get()
    assert (stored.title, stored.date, stored.category, stored.description, stored.version, stored.sequence) == (
        "四月读书日", date(2026, 4, 25), "", "带书", 2, 1,
    )  # fmt: skip
    assert stored.events.last().actor == office


def test_what_the_service_refuses_is_told_at_the_desk(client, office):
    activity, left = scheduled(date=date(2026, 3, 19)), reader()
    Attendance.objects.create(activity=activity, cadre=left)
    left.postings.update(until=date(2026, 3, 19))
    told = change(client, activity, date="2026-03-20")
    assert (told.status_code, "不在职" in told.content.decode()) == (200, True)
    sent = {"reference": "甲", "title": activity.title, "category": "", "date": "2026-03-19", "department": ""}
    Activity.objects.update(starts_at=None)
    assert "已经安排了同名的活动" in client.post(reverse(ADD), sent).content.decode()
    Activity.objects.update(state="cancelled")
    assert change(client, activity, title="改名").status_code == 403


def test_lecturers_are_kept_at_the_desk(client, office):
    sent = {"name": "陈教授", "unit": "大学", "field": "审计", "note": ""}
    assert client.post(reverse("admin:activities_lecturer_add"), sent).status_code == 302
    known = Lecturer.objects.get()
    sent |= {"seen": known.changed_at.isoformat(), "is_closed": "on"}
    assert client.post(reverse("admin:activities_lecturer_change", args=[known.pk]), sent).status_code == 302
    assert Lecturer.objects.get().is_closed is True
    assert '<option value="陈教授' not in client.get("/activities/new/").content.decode()


def test_the_desk_calls_things_as_the_pages_do(client, office):
    assert "意见箱" in client.get(reverse("admin:index")).content.decode()
    series = client.get(reverse("admin:activities_series_change", args=[SeriesFactory().pk])).content.decode()
    for words in ("开始日期", "结束日期", "星期几", "只排在", "遇到不合适的日子"):
        assert f"<label>{words}:</label>" in series


def test_a_sign_up_tells_at_the_desk_what_became_of_it(client, office):
    row = enter(with_sign_up(date=DAY))
    page = client.get(reverse("admin:activities_registration_change", args=[row.pk])).content.decode()
    assert "经过" in page
    assert "已报名" in page
    assert "registered" not in page
