"""Who is on the list of an activity, as the person, the organiser and 我的书香 see it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from activities.kinds import SignUp
from activities.models import Activity, Registration
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


def list_seen(*, activity: Activity, viewer: Cadre, now: datetime) -> SignUpList:
    """At most two queries."""
    seen = Registration.objects.standing().filter(Q(state=RegistrationState.WAITING) | Q(cadre=viewer))
    rows = list(seen.filter(activity=activity).order_by("queued_at", "pk").values_list("cadre", "state"))
    queue = [cadre for cadre, state in rows if state == RegistrationState.WAITING]
    own = next((state for cadre, state in rows if cadre == viewer.pk), "")
    stands = activity.state == ActivityState.SCHEDULED and activity.sign_up == SignUp.OPEN
    is_closed = now >= closes_at(activity)
    return SignUpList(
        activity=activity,
        waiting=len(queue),
        own=own,
        place=queue.index(viewer.pk) + 1 if viewer.pk in queue else 0,
        may=stands and not own and not is_closed and viewer.in_service(day_asked(activity, now)),
        may_cancel=bool(own) and activity.state == ActivityState.SCHEDULED and now < settles_at(activity),
        is_closed=is_closed,
        closes=instant_words(closes_at(activity)),
    )


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
    before = Q(queued_at__lt=OuterRef("queued_at")) | Q(queued_at=OuterRef("queued_at"), pk__lt=OuterRef("pk"))
    queue = Registration.objects.filter(before, activity=OuterRef("activity"), state=RegistrationState.WAITING)
    ahead = queue.order_by().values("activity").annotate(number=Count("pk")).values("number")
    own = Registration.objects.standing().filter(cadre=viewer).exclude(activity__state=ActivityState.HELD)
    coming = own.filter(Q(activity__date__gte=today) | Q(activity__until__gte=today))
    return list(
        coming.select_related("activity")
        .annotate(ahead=Subquery(ahead))
        .order_by("activity__date", "activity__starts_at", "pk")
    )
