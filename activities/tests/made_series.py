"""Series and the activities that they made, for tests."""

from datetime import date, datetime

from activities.kinds import Pattern
from activities.models import Activity, Registration, Series
from activities.services.generating import Generated, generate
from activities.states import RegistrationState
from activities.tests.factories import SeriesFactory, noon
from reading.tests.factories import reader

YEAR_END = date(2026, 12, 31)
NOW = noon(date(2026, 3, 1))


def a_reading_day(**columns) -> Series:
    return SeriesFactory(title="职工读书日", pattern=Pattern.READING_DAY, **columns)


def made(series: Series) -> dict[str, Activity]:
    return {each.occurrence: each for each in series.activities.order_by("date")}


def change(series: Series, **columns) -> None:
    Series.objects.filter(pk=series.pk).update(**columns)


def edit(activity: Activity, **columns) -> None:
    Activity.objects.filter(pk=activity.pk).update(version=activity.version + 1, **columns)


def again(series: Series, now: datetime = NOW, through: date = YEAR_END) -> Generated:
    return generate(series=series, through=through, now=now)


def signed_up(activity: Activity, state: str = RegistrationState.REGISTERED):
    person = reader()
    Registration.objects.create(activity=activity, cadre=person, state=state, queued_at=NOW)
    if state == RegistrationState.REGISTERED:
        Activity.objects.filter(pk=activity.pk).update(seats_taken=activity.seats_taken + 1)
        activity.seats_taken += 1
    return person
