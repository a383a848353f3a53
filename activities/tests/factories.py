"""Invented activities and what belongs to them, for tests."""

from datetime import date, datetime, time, timedelta

import factory
from django.utils import timezone

from activities.kinds import SHARING, Pattern, SignUp
from activities.models import Activity, Call, Series, Theme
from activities.states import ActivityState
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory


class SeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Series

    title = factory.Sequence(lambda number: f"系列{number}")
    category = SHARING
    pattern = Pattern.MONTHLY
    since = date(2020, 1, 1)


class ActivityFactory(factory.django.DjangoModelFactory):
    """Scheduled, a week from now, held by the root, in the afternoon."""

    class Meta:
        model = Activity

    reference = factory.Sequence(lambda number: f"HD-{number:05}")
    title = factory.Sequence(lambda number: f"读书活动{number}")
    category = SHARING
    state = ActivityState.SCHEDULED
    date = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))
    starts_at = time(14, 30)
    ends_at = time(16, 0)
    venue = "三楼会议室"


class ThemeFactory(factory.django.DjangoModelFactory):
    """This year's, hosted by the root."""

    class Meta:
        model = Theme

    title = factory.Sequence(lambda number: f"主题{number}")
    since = factory.LazyFunction(lambda: timezone.localdate().replace(month=1, day=1))
    until = factory.LazyFunction(lambda: timezone.localdate().replace(month=12, day=31))


class CallFactory(factory.django.DjangoModelFactory):
    """A draft of the root, for essays, from yesterday to a month from now."""

    class Meta:
        model = Call

    reference = factory.Sequence(lambda number: f"ZJ-{number:05}")
    title = factory.Sequence(lambda number: f"征集{number}")
    kinds = "essay"
    rules = "读一本书，写一篇心得。"
    since = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    made_by = factory.LazyFunction(lambda: CadreFactory(roles=[Role.OFFICE]))


def with_sign_up(capacity: int | None = None, organiser: Cadre | None = None, **columns: object) -> Activity:
    return ActivityFactory(sign_up=SignUp.OPEN, capacity=capacity, organiser=organiser, **columns)


def held(day: date | None = None, **columns: object) -> Activity:
    return ActivityFactory(state=ActivityState.HELD, date=day or timezone.localdate(), **columns)


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
