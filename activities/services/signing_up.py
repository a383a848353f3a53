"""Sign-up with its waiting list: by oneself, or by who runs the activity for a colleague.

`Activity.seats_taken` is the number of registered rows; a seat is never free while somebody waits, until the list is
settled. Raises NotAllowed, SignUpRefused or Stale, whose str() are Chinese sentences.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from activities.kinds import SignUp
from activities.models import Activity, Registration, RegistrationEvent
from activities.services.authority import check_runs
from activities.services.moments import closes_at, day_asked, instant_words, settles_at
from activities.services.seats import WHAT, fill_seats, give_back_seat, lock_activity, take_seats
from activities.states import REGISTRATION_TRANSITIONS, ActivityState, RegistrationAction, RegistrationState
from notices.services import send
from organization.models import Cadre
from organization.services.lives import IllegalStep, Stale


class SignUpRefused(ValueError):
    """The activity or the person does not allow it; str() is a Chinese sentence."""


class AlreadySignedUp(SignUpRefused):
    def __init__(self, registration: Registration, who: str) -> None:
        waits = registration.state == RegistrationState.WAITING
        super().__init__(f"{who}已在候补，不用再报。" if waits else f"{who}已经报名，不用再报。")
        self.registration = registration


@transaction.atomic
def sign_up(*, activity: Activity, cadre: Cadre, by: Cadre, now: datetime, reason: str = "") -> Registration:
    """Registered where a seat is free, else waiting; who cancelled before goes to the end."""
    is_own = by.pk == cadre.pk
    if not is_own:
        check_runs(by, activity)
    locked = lock_activity(activity.pk)
    check_open(locked, is_own, now)
    check_person(locked, cadre, is_own, now)
    known = Registration.objects.filter(activity=locked, cadre=cadre).first()
    if known is not None and known.state != RegistrationState.CANCELLED:
        raise AlreadySignedUp(known, "您" if is_own else cadre.name)
    fill_seats(locked, now)  # whoever raised the capacity and told nobody: the first in the queue stay first
    has_seat = take_seats(locked)
    action = RegistrationAction.SIGN_UP if has_seat else RegistrationAction.WAIT
    after = RegistrationState.REGISTERED if has_seat else RegistrationState.WAITING
    if known is None:
        made = Registration.objects.create(activity=locked, cadre=cadre, state=after, queued_at=now)
        record(made, action, "", after, by, now, reason)
    else:
        made = known
        move(made, action, by, now, reason, queued_at=now)
    if not is_own:
        tell_signed_up(locked, made, by, now)
    return made


def check_open(activity: Activity, is_own: bool, now: datetime) -> None:
    """By oneself until the sign-up closes; who runs it enters people until it is held."""
    if activity.state == ActivityState.CANCELLED:
        raise SignUpRefused("活动已取消，不能报名。")
    if activity.state == ActivityState.HELD:
        raise SignUpRefused("活动已举办，不能再报名；到场的人由组织人登记签到。")
    if activity.sign_up != SignUp.OPEN:
        raise SignUpRefused("这次活动不用报名，直接参加就行。")
    if is_own and now >= closes_at(activity):
        raise SignUpRefused(f"报名已于 {instant_words(closes_at(activity))}截止；仍想参加请联系组织人。")


def check_person(activity: Activity, cadre: Cadre, is_own: bool, now: datetime) -> None:
    who = "您" if is_own else cadre.name
    if not cadre.is_active or not cadre.in_service(day_asked(activity, now)):
        raise SignUpRefused(f"{who}活动当天不在岗或账号已停用，不能报名；任职有误请联系办公室。")
    if not Activity.objects.in_sight_of(cadre).filter(pk=activity.pk).exists():
        raise SignUpRefused(f"这次活动由别的单位主办，{who}不能报名。")


@transaction.atomic
def cancel_sign_up(*, registration: Registration, by: Cadre, now: datetime, reason: str = "") -> list[Registration]:
    """From the state of the row that was seen. Gives who moved up into the seat. Who runs the activity says why."""
    is_own = by.pk == registration.cadre_id
    if not is_own:
        check_runs(by, registration.activity)
        if not reason.strip():
            raise SignUpRefused("替同事取消要写明原因，本人会看到。")
    locked = lock_activity(registration.activity_id)
    if locked.state != ActivityState.SCHEDULED:
        raise SignUpRefused(f"活动{locked.get_state_display()}，名单不再改动。")
    if is_own and now >= settles_at(locked):
        raise SignUpRefused("活动已经开始，不能取消报名；没有参加的请告诉组织人。")
    if not is_own:
        tell_removed(locked, registration, by, now, reason.strip())
    return close(locked, registration, by, now, reason.strip())


def close(
    activity: Activity, registration: Registration, by: Cadre | None, now: datetime, reason: str
) -> list[Registration]:
    """Inside the transaction that locked the activity: the seat goes to who waits first."""
    had_seat = registration.state == RegistrationState.REGISTERED
    move(registration, RegistrationAction.CANCEL, by, now, reason)
    if had_seat:
        give_back_seat(activity)
    return fill_seats(activity, now)


@transaction.atomic
def move_up(*, activity: Activity, now: datetime) -> list[Registration]:
    """After the capacity was raised or removed, or the activity restored: whoever made seats free calls it, in the same
    transaction. Gives who moved up."""
    return fill_seats(lock_activity(activity.pk), now)


def move(
    registration: Registration,
    action: RegistrationAction,
    by: Cadre | None,
    now: datetime,
    reason: str,
    **columns: datetime,
) -> None:
    before = RegistrationState(registration.state)
    after = REGISTRATION_TRANSITIONS.get((before, action))
    if after is None:
        raise IllegalStep(WHAT, before.label, action.label)
    same = Registration.objects.filter(pk=registration.pk, state=before)
    if same.update(state=after, changed_at=now, **columns) != 1:
        raise Stale(WHAT)
    for name, value in {"state": after, **columns}.items():
        setattr(registration, name, value)
    record(registration, action, before, after, by, now, reason)


def record(
    registration: Registration,
    action: RegistrationAction,
    before: str,
    after: str,
    by: Cadre | None,
    now: datetime,
    reason: str = "",
) -> None:
    RegistrationEvent.objects.create(
        registration=registration, action=action, from_state=before, to_state=after, actor=by, at=now, reason=reason
    )


def tell_signed_up(activity: Activity, registration: Registration, by: Cadre, now: datetime) -> None:
    waits = registration.state == RegistrationState.WAITING
    send(
        recipients=[registration.cadre],
        subject=f"{by.name}为您{'登记了候补' if waits else '报了名'}：“{activity.title}”",
        body=f"{activity.when_and_where}。不能参加的，请在活动页取消报名。",
        address=reverse("activity", args=[activity.pk]),
        now=now,
    )


def tell_removed(activity: Activity, registration: Registration, by: Cadre | None, now: datetime, reason: str) -> None:
    send(
        recipients=[registration.cadre],
        subject=f"{f'{by.name}取消了您的报名' if by else '您的报名已取消'}：“{activity.title}”",
        body=f"{activity.when_and_where}。原因：{reason}。不清楚的请问组织人。",
        address=reverse("activity", args=[activity.pk]),
        now=now,
    )
