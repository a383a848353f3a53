"""What the clock does with the lists: leavers give their seats back, and who is registered is reminded the day
before."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from activities.models import Activity, Registration
from activities.models.registration import RegistrationQuerySet
from activities.services.moments import settles_at
from activities.services.seats import LEFT, lock_activity
from activities.services.signing_up import close, tell_removed
from activities.states import ActivityState
from notices.services import send
from organization.models import Posting
from organization.services.lives import IllegalStep, Stale
from shuxiang.periods import shanghai_date


def of_leavers(now: datetime) -> RegistrationQuerySet:
    """On lists that still change: of closed accounts, and of who is not in service on the day."""
    today = shanghai_date(now)
    own = Posting.objects.filter(cadre=OuterRef("cadre"))
    on_its_day = Exists(own.covering(OuterRef("activity__date")))
    ahead, begun = Q(activity__date__gte=today), Q(activity__date__lt=today)
    away = Q(cadre__is_active=False) | (ahead & ~on_its_day) | (begun & ~Exists(own.covering(today)))
    return Registration.objects.standing().filter(away, activity__state=ActivityState.SCHEDULED)


def release_leavers(*, now: datetime) -> int:
    """Their seats go to who waits. A transaction each; gives the number."""
    found = of_leavers(now).select_related("activity", "cadre")
    return sum(release(registration, now) for registration in found if now < settles_at(registration.activity))


def release(registration: Registration, now: datetime) -> bool:
    try:
        with transaction.atomic():
            activity = lock_activity(registration.activity_id)
            tell_removed(activity, registration, None, now, LEFT)
            close(activity, registration, None, now, LEFT)
    except (Stale, IllegalStep):
        return False  # cancelled meanwhile, or released by another worker
    return True


def remind_registered(*, now: datetime) -> int:
    """Of tomorrow's activities, once for each day on which one is held; gives the number of people. A transaction per
    activity."""
    tomorrow = shanghai_date(now) + timedelta(days=1)
    standing = Activity.objects.filter(state=ActivityState.SCHEDULED, date=tomorrow)
    asked = standing.filter(Exists(to_remind().filter(activity=OuterRef("pk"))))
    return sum(remind(number, tomorrow, now) for number in asked.values_list("pk", flat=True))


def to_remind() -> RegistrationQuerySet:
    untold = Q(reminded_for__isnull=True) | ~Q(reminded_for=F("activity__date"))
    return Registration.objects.registered().filter(untold, cadre__is_active=True)


@transaction.atomic
def remind(activity_id: int, day: date, now: datetime) -> int:
    activity = lock_activity(activity_id)
    if activity.state != ActivityState.SCHEDULED or activity.date != day:
        return 0  # cancelled or moved meanwhile
    rows = list(to_remind().filter(activity=activity).select_related("cadre"))
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_for=day)
    send(
        recipients=[row.cadre for row in rows],
        subject=f"明天有您报名的活动：“{activity.title}”",
        body=f"{activity.when_and_where}。不能参加的，请现在到活动页取消报名。",
        address=reverse("activity", args=[activity.pk]),
        now=now,
    )
    return len(rows)
