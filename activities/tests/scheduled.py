"""Activities as the services make them, for their tests."""

from datetime import date, datetime, time, timedelta

import pytest

from activities.models import Activity, Registration
from activities.services.content import ActivityContent
from activities.services.scheduling import edit, schedule
from activities.states import RegistrationState
from organization.models import Cadre
from organization.roles import Role
from organization.services.lives import FieldRefused
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 3, 28)
# What a browser sends of the form where nothing stands in its rows.
ROWS = {
    f"{prefix}-{name}_FORMS": number
    for prefix in ("speakers", "books")
    for name, number in (("TOTAL", "0"), ("INITIAL", "0"))
}


def clerk() -> Cadre:
    return reader(Role.OFFICE)


def content(**columns: object) -> ActivityContent:
    usual = {
        "title": "三月读书日",
        "date": DAY,
        "starts_at": time(14, 30),
        "ends_at": time(16, 0),
        "venue": "三楼会议室",
    }
    return ActivityContent(**{**usual, **columns})


def scheduled(by: Cadre | None = None, now: datetime = NOW, **columns: object) -> Activity:
    return schedule(content=content(**columns), by=by or clerk(), now=now)


def sign_up(activity: Activity, cadre: Cadre, state: str = RegistrationState.REGISTERED) -> Registration:
    """As it stands, with its seat."""
    made = Registration.objects.create(activity=activity, cadre=cadre, state=state, queued_at=NOW)
    taken = Registration.objects.registered().filter(activity=activity).count()
    Activity.objects.filter(pk=activity.pk).update(seats_taken=taken)
    return made


def on(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def changed(activity: Activity, by=None, now=NOW, seen=None, **columns) -> Activity:
    """The activity with some of its content changed."""
    fresh = Activity.objects.get(pk=activity.pk)
    kept = ActivityContent.of(fresh)
    wanted = ActivityContent(**{name: getattr(kept, name) for name in kept.__dataclass_fields__} | columns)
    version = fresh.version if seen is None else seen
    return edit(activity=fresh, seen=version, content=wanted, by=by or clerk(), now=now)


def refused(call, field: str, words: str) -> None:
    with pytest.raises(FieldRefused, match=words) as error:
        call()
    assert error.value.field == field
