"""An activity of one seat and people who sign up for it, for tests."""

from datetime import timedelta

import pytest
from django.db.models import Count, Q

from activities.models import Activity, Registration
from activities.services.signing_up import cancel_sign_up, sign_up
from activities.states import RegistrationState
from activities.tests.factories import with_sign_up
from activities.tests.scheduled import DAY, NOW
from organization.models import Cadre
from reading.tests.factories import reader

MINUTE = timedelta(minutes=1)


@pytest.fixture
def organiser() -> Cadre:
    return reader()


@pytest.fixture
def activity(organiser) -> Activity:
    return with_sign_up(capacity=1, organiser=organiser, date=DAY, title="清明读书会")


def enter(activity, cadre=None, at=NOW, by=None) -> Registration:
    person = cadre or reader()
    return sign_up(activity=activity, cadre=person, by=by or person, now=at)


def leave(registration, at=NOW, by=None, reason="") -> list[Registration]:
    return cancel_sign_up(registration=fresh(registration), by=by or registration.cadre, now=at, reason=reason)


def fresh(registration) -> Registration:
    return Registration.objects.select_related("activity", "cadre").get(pk=registration.pk)


def state_of(registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def seats(activity) -> int:
    counts = Activity.objects.annotate(
        count=Count("registrations", filter=Q(registrations__state=RegistrationState.REGISTERED))
    )
    stored = counts.get(pk=activity.pk)
    assert stored.count == stored.seats_taken
    return stored.seats_taken
