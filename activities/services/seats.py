"""The seats of an activity. All but `lock_activity` are called inside a transaction that has locked its row, so that
whoever begins to wait and whoever makes a seat free cannot miss each other.

Seats change by conditional updates and never touch `changed_at`, which stands in the assessment's fingerprint.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from activities.models import Activity, Registration, RegistrationEvent
from activities.services.moments import day_asked, settles_at
from activities.states import ActivityState, RegistrationAction, RegistrationState
from notices.services import Letter, send_letters
from organization.models import Cadre, Posting
from organization.services.lives import Stale

WHAT = "报名"
LEFT = "活动当天不在岗"


def lock_activity(activity_id: int) -> Activity:
    """The row as it is now; nobody else changes its list until the transaction ends."""
    return Activity.objects.select_for_update(no_key=True).get(pk=activity_id)


def take_seats(activity: Activity, number: int = 1) -> bool:
    """Whether there were so many."""
    room = Q(capacity__isnull=True) | Q(capacity__gte=F("seats_taken") + number)
    taken = Activity.objects.filter(room, pk=activity.pk).update(seats_taken=F("seats_taken") + number) == 1
    activity.seats_taken += number * taken
    return taken


def give_back_seat(activity: Activity) -> None:
    if Activity.objects.filter(pk=activity.pk, seats_taken__gt=0).update(seats_taken=F("seats_taken") - 1) != 1:
        raise Stale(WHAT)
    activity.seats_taken -= 1


def fill_seats(activity: Activity, now: datetime) -> list[Registration]:
    """Free seats go to who waits first, and they are told; who left meanwhile leaves the list. Once the list is settled
    nobody moves up. A constant number of queries; none where the activity is full."""
    full = activity.capacity is not None and activity.seats_taken >= activity.capacity
    if full or activity.state != ActivityState.SCHEDULED or now >= settles_at(activity):
        return []
    serves = Posting.objects.filter(cadre=OuterRef("cadre")).covering(day_asked(activity, now))
    waiting = Registration.objects.waiting().filter(activity=activity).select_related("cadre")
    here: list[Registration] = []
    left: list[Registration] = []
    for row in waiting.annotate(serves=Exists(serves)):
        (here if row.serves and row.cadre.is_active else left).append(row)
    free = None if activity.capacity is None else activity.capacity - activity.seats_taken
    moved = here[:free]
    change_all(left, RegistrationAction.CANCEL, RegistrationState.CANCELLED, now, LEFT)
    if not moved:
        return []
    if not take_seats(activity, len(moved)):
        raise Stale(WHAT)
    change_all(moved, RegistrationAction.MOVE_UP, RegistrationState.REGISTERED, now, "")
    tell_moved_up(activity, [row.cadre for row in moved], now)
    return moved


def change_all(
    rows: Sequence[Registration], action: RegistrationAction, after: RegistrationState, now: datetime, reason: str
) -> None:
    """Of the clock: no person stands behind it."""
    if not rows:
        return
    same = Registration.objects.waiting().filter(pk__in=[row.pk for row in rows])
    if same.update(state=after, changed_at=now) != len(rows):
        raise Stale(WHAT)
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(
            registration=row, action=action, from_state=row.state, to_state=after, actor=None, at=now, reason=reason
        )
        for row in rows
    )
    for row in rows:
        row.state = after


def tell_moved_up(activity: Activity, people: Sequence[Cadre], now: datetime) -> None:
    letter = Letter(
        recipients=people,
        subject=f"递补成功，已报名：“{activity.title}”",
        body=f"{activity.when_and_where}。不能参加的，请在活动页取消报名，名额留给下一位。",
        address=reverse("activity", args=[activity.pk]),
    )
    send_letters([letter], now=now)
