"""A world in which nothing is promised, and commitments in it, for tests."""

from datetime import date, datetime

import pytest

from activities.kinds import SHARING
from activities.models import Commitment, Series
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory
from organization.tests.factories import bureau
from shuxiang.periods import SHANGHAI

HELD, SCHEDULED, CANCELLED = ActivityState.HELD, ActivityState.SCHEDULED, ActivityState.CANCELLED
TODAY = date(2026, 9, 10)


@pytest.fixture(autouse=True)
def nothing_promised(db):
    Series.objects.all().delete()
    Commitment.objects.all().delete()
    bureau()


def promised(**columns) -> Commitment:
    return Commitment.objects.create(**{"title": "读书分享会", "category": SHARING, **columns})


def on(day, state=HELD, **columns):
    return ActivityFactory(date=day, state=state, **columns)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 20, tzinfo=SHANGHAI)
