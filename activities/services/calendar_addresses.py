"""The secret address under which a calendar asks for a person's activities, and what stands there."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Subquery

from activities.models import Activity, ActivityEvent, CalendarAddress, Registration
from activities.services.moments import at
from activities.states import RegistrationState
from organization.models import Cadre

SECRET_BYTES = 32
BACK, AHEAD = timedelta(days=90), timedelta(days=365)


@dataclass(frozen=True)
class Listed:
    """An activity in a person's sight: the state of the own sign-up ("" without one), and when any of it changed."""

    activity: Activity
    sign_up: str
    revised_at: datetime


def renew_address(*, cadre: Cadre, now: datetime) -> CalendarAddress:
    """A new secret; the old address is void at once."""
    columns = {"secret": secrets.token_urlsafe(SECRET_BYTES), "created_at": now}
    return CalendarAddress.objects.update_or_create(cadre=cadre, defaults=columns)[0]


def reader_of(*, secret: str, today: date) -> Cadre | None:
    """Whose address it is; None for a void one, and for who left."""
    found = CalendarAddress.objects.select_related("cadre").filter(secret=secret).first()
    if found is None or not found.cadre.is_active or not found.cadre.in_service(today):
        return None
    return found.cadre


def listed_for(*, reader: Cadre, today: date) -> list[Listed]:
    """From 90 days back to a year ahead, cancelled ones too; a constant number of queries."""
    seen = Activity.objects.in_sight_of(reader).touching(today - BACK, today + AHEAD)
    told = ActivityEvent.objects.filter(activity=OuterRef("pk")).order_by("-at").values("at")[:1]
    rows = seen.select_related("department").annotate(told_at=Subquery(told)).order_by("date", "pk")
    every = Registration.objects.filter(cadre=reader, activity__in=seen.order_by().values("pk"))
    columns = every.values_list("activity", "state", "changed_at")
    own = {number: (state, changed_at) for number, state, changed_at in columns}
    found = []
    for activity in rows:
        # A cancelled sign-up is none, but it changed the entry when it was cancelled.
        state, changed_at = own.get(activity.pk, ("", None))
        moments = (activity.changed_at, activity.told_at, changed_at)
        shown = "" if state == RegistrationState.CANCELLED else state
        found.append(Listed(activity, shown, max(filter(None, moments))))
    return found


def modified_at(rows: list[Listed], today: date) -> datetime:
    """Every midnight the span moves on, and with it what is listed."""
    return max([at(today, time.min), *(row.revised_at for row in rows)])
