"""Who is on the list of an activity, as the person, the organiser and 我的书香 see it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from activities.kinds import SignUp
from activities.models import Activity, Registration
from activities.models.activity import ActivityQuerySet
from activities.models.registration import RegistrationQuerySet
from activities.services.moments import closes_at, day_asked, instant_words, settles_at
from activities.states import ActivityState, RegistrationState
from organization.models import Cadre, Posting, neighbourhood_of
from shuxiang.periods import shanghai_date


@dataclass(frozen=True)
class SignUpList:
    """What a person sees of the list: `own` is the state of the own sign-up ("" without one), `place` the place among
    who waits, `may` whether the person can sign up now, `may_cancel` whether the own one can be taken back."""

    activity: Activity
    waiting: int
    own: str
    place: int
    may: bool
    may_cancel: bool
    is_closed: bool
    closes: str

    @property
    def is_full(self) -> bool:
        return self.activity.capacity is not None and self.activity.seats_taken >= self.activity.capacity


def with_list(rows: ActivityQuerySet, viewer: Cadre, today: date) -> ActivityQuerySet:
    """Adds what `list_seen` tells of the list; `serves` is whether the viewer is in service on the day asked for."""
    waiting = Registration.objects.waiting().filter(activity=OuterRef("pk")).order_by().values("activity")
    own: Any = with_ahead(Registration.objects.standing().filter(cadre=viewer, activity=OuterRef("pk")))
    posted = Posting.objects.filter(cadre=viewer).covering(Greatest(OuterRef("date"), Value(today)))
    return rows.annotate(
        waiting=Coalesce(Subquery(waiting.annotate(number=Count("pk")).values("number")), 0),
        own=Subquery(own.values("state")),
        ahead=Coalesce(Subquery(own.values("ahead")), 0),
        serves=Exists(posted),
    )


def list_seen(*, activity: Any, now: datetime) -> SignUpList:
    """`activity` comes out of `with_list`."""
    own = activity.own or ""
    stands = activity.state == ActivityState.SCHEDULED and activity.sign_up == SignUp.OPEN
    is_closed = now >= closes_at(activity)
    return SignUpList(
        activity=activity,
        waiting=activity.waiting,
        own=own,
        place=activity.ahead + 1 if own == RegistrationState.WAITING else 0,
        may=stands and not own and not is_closed and activity.serves,
        may_cancel=bool(own) and activity.state == ActivityState.SCHEDULED and now < settles_at(activity),
        is_closed=is_closed,
        closes=instant_words(closes_at(activity)),
    )


def with_ahead(rows: RegistrationQuerySet) -> RegistrationQuerySet:
    """Adds `ahead`: how many wait before; None for nobody."""
    before = Q(queued_at__lt=OuterRef("queued_at")) | Q(queued_at=OuterRef("queued_at"), pk__lt=OuterRef("pk"))
    queue = Registration.objects.filter(before, activity=OuterRef("activity"), state=RegistrationState.WAITING)
    ahead = queue.order_by().values("activity").annotate(number=Count("pk")).values("number")
    return rows.annotate(ahead=Subquery(ahead))


def department_on(day: date, cadre: str) -> Subquery:
    """The name of the department in which somebody is posted on a day."""
    posted = Posting.objects.filter(cadre=OuterRef(cadre)).covering(day).order_by("-pk")
    return Subquery(posted.values("department__name")[:1])


def rows_of(activity: Activity) -> RegistrationQuerySet:
    """Everybody on the list with the department: who has a seat first, then who waits, each in their order."""
    rows = Registration.objects.standing().filter(activity=activity).select_related("cadre")
    return rows.annotate(department=department_on(activity.date, "cadre")).order_by("state", "queued_at", "pk")


def colleagues_of(viewer: Cadre, activity: Activity, now: datetime) -> QuerySet[Cadre]:
    """Whom the viewer may enter: who is in service on the day, in the viewer's neighbourhood."""
    day, scope = day_asked(activity, now), neighbourhood_of(viewer)
    posted = Posting.objects.all().covering(day)
    if not scope.everybody:
        posted = posted.filter(department__in=scope.departments)
    people = Cadre.objects.filter(pk__in=posted.values("cadre"))
    return people.annotate(department=department_on(day, "pk"))


def coming_for(viewer: Cadre, now: datetime) -> list[Registration]:
    """The own sign-ups for what is still to come, the next first, with `ahead`: how many wait before; one query."""
    today = shanghai_date(now)
    own = Registration.objects.standing().filter(cadre=viewer).exclude(activity__state=ActivityState.HELD)
    coming = own.filter(Q(activity__date__gte=today) | Q(activity__until__gte=today))
    return list(with_ahead(coming.select_related("activity")).order_by("activity__date", "activity__starts_at", "pk"))
