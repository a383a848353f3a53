"""Who signs up, until when, for whom, and who cancels; two stale copies."""

from datetime import date, timedelta

import pytest

from activities.kinds import SignUp
from activities.models import Activity
from activities.services.signing_up import SignUpRefused, cancel_sign_up, move_up
from activities.states import REGISTRATION_TRANSITIONS, ActivityState, RegistrationAction, RegistrationState
from activities.tests.factories import ActivityFactory, with_sign_up
from activities.tests.scheduled import DAY, NOW, on
from activities.tests.signing_up import MINUTE, activity, enter, fresh, leave, organiser, seats, state_of
from notices.models import Notice
from organization.models import Cadre, Posting
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader

__all__ = ["activity", "organiser"]
pytestmark = pytest.mark.django_db
EARLIER, MIDWAY = on(DAY - timedelta(days=1), 18), on(DAY + timedelta(days=3), 12)


@pytest.mark.parametrize(
    ("columns", "closes"),
    [
        ({}, on(DAY, 14, 30)),
        ({"sign_up_until": EARLIER}, EARLIER),
        ({"starts_at": None, "ends_at": None}, on(DAY + timedelta(days=1), 0)),
        ({"until": DAY + timedelta(days=9), "sign_up_until": MIDWAY}, MIDWAY),
    ],
)  # fmt: skip
def test_both_sides_of_the_deadline(columns, closes):
    activity = with_sign_up(date=DAY, **columns)
    second = timedelta(seconds=1)
    assert enter(activity, at=closes - second).state == "registered"
    with pytest.raises(SignUpRefused, match="截止"):
        enter(activity, at=closes)


def test_after_the_deadline_people_cancel_and_move_up_until_it_begins(activity):
    Activity.objects.filter(pk=activity.pk).update(sign_up_until=EARLIER)
    first, second = enter(activity), enter(activity)
    assert leave(first, at=EARLIER + MINUTE) == [second]
    with pytest.raises(SignUpRefused, match="已经开始"):
        leave(second, at=on(DAY, 14, 30))


def test_once_it_has_begun_nobody_moves_up(activity, organiser):
    first, second = enter(activity), enter(activity)
    assert leave(first, at=on(DAY, 14, 30), by=organiser, reason="没有来") == []
    assert state_of(second) == "waiting"
    assert move_up(activity=activity, now=on(DAY, 15)) == []


@pytest.mark.parametrize("state", [ActivityState.HELD, ActivityState.CANCELLED])
def test_the_list_rests_while_it_is_not_scheduled_and_comes_back(activity, state):
    first, second = enter(activity), enter(activity)
    Activity.objects.filter(pk=activity.pk).update(state=state)
    with pytest.raises(SignUpRefused, match=f"活动{state.label}"):
        enter(activity)
    with pytest.raises(SignUpRefused, match=f"活动{state.label}"):
        leave(first)
    assert move_up(activity=activity, now=NOW) == []
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.SCHEDULED)
    assert leave(first) == [second]


def test_some_need_no_sign_up():
    with pytest.raises(SignUpRefused, match="不用报名"):
        enter(ActivityFactory(date=DAY, sign_up=SignUp.NONE))


def test_only_who_serves_on_the_day(activity):
    away = reader()
    Posting.objects.filter(cadre=away).update(until=DAY - timedelta(days=1))
    with pytest.raises(SignUpRefused, match="您活动当天不在岗"):
        enter(activity, away)
    Posting.objects.filter(cadre=away).update(until=DAY)
    enter(activity, away)
    with pytest.raises(SignUpRefused, match="不在岗"):
        enter(activity, CadreFactory(roles=[Role.SYSTEM]))
    closed = reader()
    Cadre.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(SignUpRefused, match="停用"):
        enter(activity, Cadre.objects.get(pk=closed.pk))


def test_a_long_activity_takes_who_came_meanwhile():
    activity = with_sign_up(date=DAY, until=date(2026, 4, 30), sign_up_until=on(date(2026, 4, 20), 12))
    late = CadreFactory()
    Posting.objects.create(cadre=late, department=bureau(), since=date(2026, 4, 10))
    with pytest.raises(SignUpRefused, match="不在岗"):
        enter(activity, late, at=NOW)
    assert enter(activity, late, at=on(date(2026, 4, 10), 9)).state == "registered"


def test_only_what_is_in_sight():
    county = County()
    ours = with_sign_up(department=county.office, date=DAY)
    with pytest.raises(SignUpRefused, match="别的单位"):
        enter(ours, county.stranger)
    assert enter(ours, county.colleague).state == "registered"


def test_who_runs_it_enters_and_removes_colleagues_who_are_told(activity, organiser):
    colleague = reader()
    made = enter(activity, colleague, by=organiser, at=on(DAY, 14, 29))
    assert (made.state, made.events.get().actor) == ("registered", organiser)
    assert Notice.objects.get(recipient=colleague).subject == f"{organiser.name}为您报了名：“清明读书会”"
    late = enter(activity, reader(), by=organiser, at=on(DAY, 15))
    assert late.state == "waiting"
    with pytest.raises(SignUpRefused, match="原因"):
        leave(made, by=organiser, reason=" ")
    leave(made, by=organiser, reason="本人电话说明", at=on(DAY, 16))
    told = Notice.objects.filter(recipient=colleague).order_by("pk").last()
    assert (told.subject, "本人电话说明" in told.body) == (f"{organiser.name}取消了您的报名：“清明读书会”", True)
    assert made.events.last().reason == "本人电话说明"


def test_others_touch_no_list(activity):
    made, stranger = enter(activity), reader()
    with pytest.raises(NotAllowed):
        enter(activity, reader(), by=stranger)
    with pytest.raises(NotAllowed):
        leave(made, by=stranger, reason="不行")
    office = reader(Role.OFFICE)
    leave(made, by=office, reason="换人")


@pytest.mark.parametrize("state", ["registered", "waiting"])
def test_the_second_of_two_who_cancel_is_told(activity, organiser, state):
    registered, waiting = enter(activity), enter(activity)
    one, other = (fresh({"registered": registered, "waiting": waiting}[state]) for _ in range(2))
    cancel_sign_up(registration=one, by=one.cadre, now=NOW)
    with pytest.raises(Stale):
        cancel_sign_up(registration=other, by=organiser, now=NOW, reason="换人")
    assert (one.events.filter(action="cancel").count(), seats(activity)) == (1, 1)
    assert Notice.objects.filter(subject__contains="取消了").count() == 0


def test_who_moved_up_is_not_cancelled_as_waiting(activity):
    first, second = enter(activity), enter(activity)
    seen = fresh(second)
    leave(first)
    with pytest.raises(Stale):
        cancel_sign_up(registration=seen, by=seen.cadre, now=NOW)
    assert seats(activity) == 1


def test_every_state_with_cancelling(activity):
    made = enter(activity)
    for state in RegistrationState:
        registration = fresh(made)
        registration.state = state
        if (state, RegistrationAction.CANCEL) not in REGISTRATION_TRANSITIONS:
            with pytest.raises(IllegalStep):
                cancel_sign_up(registration=registration, by=made.cadre, now=NOW)


def test_departments_know_each_other():
    """Held by one department, open to the whole agency."""
    department = DepartmentFactory(parent=bureau())
    assert enter(with_sign_up(department=department, date=DAY), reader()).state == "registered"
