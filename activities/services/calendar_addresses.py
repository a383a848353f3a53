"""The secret address under which a calendar asks for a person's activities, and what stands there."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from activities.models import Activity, ActivityEvent, CalendarAddress, Registration
from activities.states import RegistrationState
from organization.models import Cadre

SECRET_BYTES = 32
BACK, AHEAD = timedelta(days=90), timedelta(days=365)
# Columns of an activity from which its entry is made; the rest of the entry are the own sign-up and these moments.
SHOWN = ("pk", "sequence", "state", "date", "until", "starts_at", "ends_at", "title", "venue", "description",
         "department__name")  # fmt: skip
MOMENTS = ("changed_at", "told_at", "department__changed_at")


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


def shown_to(*, reader: Cadre, today: date) -> QuerySet[Any]:
    """Activities from 90 days back to a year ahead, cancelled ones too; `told_at` is when the newest event was."""
    told = ActivityEvent.objects.filter(activity=OuterRef("pk")).order_by("-at").values("at")[:1]
    seen = Activity.objects.in_sight_of(reader).touching(today - BACK, today + AHEAD)
    return seen.annotate(told_at=Subquery(told)).order_by("date", "pk")


def own_of(shown: QuerySet[Any], reader: Cadre) -> list[tuple[int, str, datetime]]:
    """The reader's sign-ups there: activity, state, when it changed."""
    among = shown.order_by().values("pk")
    own = Registration.objects.filter(cadre=reader, activity__in=among).order_by("activity")
    return list(own.values_list("activity", "state", "changed_at"))


def listed(*, shown: QuerySet[Any], reader: Cadre) -> list[Listed]:
    """A constant number of queries."""
    own = {number: (state, changed_at) for number, state, changed_at in own_of(shown, reader)}
    found = []
    for activity in shown.select_related("department"):
        # A cancelled sign-up is none, but it changed the entry when it was cancelled.
        state, changed_at = own.get(activity.pk, ("", None))
        moments = (activity.changed_at, activity.told_at, changed_at)
        visible = "" if state == RegistrationState.CANCELLED else state
        found.append(Listed(activity, visible, max(filter(None, moments))))
    return found


def digest_of(*, shown: QuerySet[Any], reader: Cadre) -> str:
    """Another one wherever a person's calendar shows anything else. Read as plain values, nothing of it built: two
    queries. Whatever is told of an activity stands in SHOWN."""
    rows, own = list(shown.values_list(*SHOWN, *MOMENTS)), own_of(shown, reader)
    return sha256(repr((rows, own)).encode()).hexdigest()
