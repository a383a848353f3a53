from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organization.models import Holiday
from reading.models import ClosedDay, LendingPolicy
from reading.services.calendar import LONGEST_CLOSURE, Calendar

WEDNESDAY = date(2024, 9, 11)


def calendar(**policy) -> Calendar:
    return Calendar.load(LendingPolicy(**policy), WEDNESDAY)


@pytest.mark.django_db
def test_what_falls_due_on_a_closed_day_is_due_on_the_next_open_one():
    Holiday.objects.create(date=date(2024, 9, 25), name="盘点")
    ClosedDay.objects.create(since=date(2024, 9, 26), until=date(2024, 9, 28), reason="搬家")
    Holiday.objects.create(date=date(2024, 9, 29), name="国庆调休", is_workday=True)
    assert calendar().due_on(WEDNESDAY, 14) == date(2024, 9, 29)
    assert calendar().due_on(WEDNESDAY, 13) == date(2024, 9, 24)


@pytest.mark.django_db
def test_a_closed_day_closes_a_worked_weekend_too():
    Holiday.objects.create(date=date(2024, 9, 14), name="中秋调休", is_workday=True)
    assert calendar().is_open(date(2024, 9, 14))
    ClosedDay.objects.create(since=date(2024, 9, 14), until=date(2024, 9, 14), reason="停电")
    assert not calendar().is_open(date(2024, 9, 14))


@pytest.mark.django_db
def test_a_room_that_never_opens_still_names_a_day():
    assert calendar(open_weekdays="").due_on(WEDNESDAY, 14) == date(2024, 9, 25)
    assert calendar(open_weekdays="").held_until(WEDNESDAY, 3) == date(2024, 9, 14)


def test_the_end_of_the_calendar_is_a_day_like_others():
    eve = date.max - timedelta(days=1)
    for weekdays in (frozenset(range(1, 8)), frozenset()):
        found = Calendar(weekdays, frozenset(), frozenset(), [])
        assert (found.due_on(eve, 365), found.held_until(eve, 60), found.held_until(date.max, 1)) == (date.max,) * 3


class Counted(Calendar):
    asked = 0

    def is_open(self, day: date) -> bool:
        Counted.asked += 1
        return super().is_open(day)


def test_a_room_closed_for_good_is_looked_through_once():
    found = Counted(frozenset({3}), frozenset(), frozenset(), [(WEDNESDAY + timedelta(days=8), date.max)])
    assert found.held_until(WEDNESDAY, 60) == WEDNESDAY + timedelta(days=7 + 59)
    assert Counted.asked == 7 + LONGEST_CLOSURE


@given(
    st.sets(st.integers(1, 7), min_size=1),
    st.sets(st.dates(WEDNESDAY, WEDNESDAY + timedelta(days=60))),
    st.integers(1, 30),
)
def test_due_dates_and_held_until_are_open_days(weekdays, rest, days):
    found = Calendar(frozenset(weekdays), frozenset(), frozenset(rest), [])
    due = found.due_on(WEDNESDAY, days)
    assert found.is_open(due)
    between = [WEDNESDAY + timedelta(days=number) for number in range(days, (due - WEDNESDAY).days)]
    assert not any(map(found.is_open, between))
    until = found.held_until(WEDNESDAY, days)
    span = [WEDNESDAY + timedelta(days=number) for number in range(1, (until - WEDNESDAY).days + 1)]
    assert (found.is_open(until), sum(map(found.is_open, span))) == (True, days)
