"""Sign-up with its waiting list: rules, order, seats, two stale copies."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from activities.kinds import SignUp
from activities.models import Activity, Registration, RegistrationEvent
from activities.services.content import ActivityContent
from activities.services.scheduling import cancel, edit, restore
from activities.services.signing_up import AlreadySignedUp, SignUpRefused, cancel_sign_up, move_up, sign_up
from activities.states import REGISTRATION_TRANSITIONS, ActivityState, RegistrationAction, RegistrationState
from activities.tests.factories import ActivityFactory, with_sign_up
from notices.models import Notice
from organization.models import Cadre, Posting
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 28)
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
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


def test_the_second_for_one_seat_waits_and_moves_up(activity):
    first, second, third = (enter(activity, at=NOW + MINUTE * number) for number in range(3))
    assert [state_of(each) for each in (first, second, third)] == ["registered", "waiting", "waiting"]
    assert leave(first, at=NOW + MINUTE * 9) == [second]
    assert [state_of(each) for each in (first, second, third)] == ["cancelled", "registered", "waiting"]
    assert seats(activity) == 1
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (second.cadre, "递补成功，已报名：“清明读书会”")
    assert notice.address == f"/activities/{activity.pk}/"
    assert notice.body.startswith("2026 年 3 月 28 日 星期六 14:30")
    events = list(second.events.values_list("action", "from_state", "to_state", "actor"))
    assert events == [("wait", "", "waiting", second.cadre_id), ("move_up", "waiting", "registered", None)]


def test_who_cancels_and_comes_again_goes_to_the_end(activity):
    enter(activity)
    second, third = (enter(activity, at=NOW + MINUTE * number) for number in (1, 2))
    leave(second, at=NOW + MINUTE * 3)
    again = enter(activity, second.cadre, at=NOW + MINUTE * 4)
    assert again.pk == second.pk
    assert list(Registration.objects.waiting().filter(activity=activity)) == [third, second]
    assert Registration.objects.filter(activity=activity, cadre=second.cadre).count() == 1


def test_at_one_moment_the_first_row_is_first(activity):
    enter(activity)
    waiting = [enter(activity) for _ in range(3)]
    assert list(Registration.objects.waiting()) == waiting


def test_seats_leave_alone_what_the_assessment_and_editors_look_at(activity):
    before = Activity.objects.values("changed_at", "version", "sequence").get(pk=activity.pk)
    first = enter(activity)
    enter(activity)
    leave(first)
    assert Activity.objects.values("changed_at", "version", "sequence").get(pk=activity.pk) == before


def test_twice_is_once(activity):
    first = enter(activity)
    with pytest.raises(AlreadySignedUp, match="您已经报名"):
        enter(activity, first.cadre)
    waits = enter(activity)
    with pytest.raises(AlreadySignedUp, match="您已在候补"):
        enter(activity, waits.cadre)
    assert (seats(activity), RegistrationEvent.objects.count()) == (1, 2)


def test_without_a_limit_everybody_has_a_seat():
    activity = with_sign_up(capacity=None, date=DAY)
    assert {enter(activity).state for _ in range(3)} == {"registered"}
    assert seats(activity) == 3


def test_more_seats_go_to_who_waits_and_no_limit_to_all(activity):
    enter(activity)
    waiting = [enter(activity, at=NOW + MINUTE * number) for number in range(1, 5)]
    assert move_up(activity=activity, now=NOW) == []
    Activity.objects.filter(pk=activity.pk).update(capacity=3)
    assert move_up(activity=activity, now=NOW) == waiting[:2]
    Activity.objects.filter(pk=activity.pk).update(capacity=None)
    assert move_up(activity=activity, now=NOW) == waiting[2:]
    assert seats(activity) == 5
    assert Notice.objects.count() == 4


def test_a_newcomer_does_not_overtake_where_nobody_was_moved_up(activity):
    enter(activity)
    waits = enter(activity)
    Activity.objects.filter(pk=activity.pk).update(capacity=2)
    assert enter(activity, at=NOW + MINUTE).state == "waiting"
    assert state_of(waits) == "registered"


def test_moving_up_many_asks_as_much_as_moving_up_one():
    counts = []
    for number in (1, 30):
        activity = with_sign_up(capacity=1, date=DAY)
        for _ in range(number + 1):
            enter(activity)
        Activity.objects.filter(pk=activity.pk).update(capacity=None)
        with CaptureQueriesContext(connection) as queries:
            assert len(move_up(activity=activity, now=NOW)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_database_refuses_one_too_many(activity):
    with pytest.raises(IntegrityError):
        Activity.objects.filter(pk=activity.pk).update(seats_taken=2)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


EARLIER, MIDWAY = at(DAY - timedelta(days=1), 18), at(DAY + timedelta(days=3), 12)


@pytest.mark.parametrize(
    ("columns", "closes"),
    [
        ({}, at(DAY, 14, 30)),
        ({"sign_up_until": EARLIER}, EARLIER),
        ({"starts_at": None, "ends_at": None}, at(DAY + timedelta(days=1), 0)),
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
        leave(second, at=at(DAY, 14, 30))


def test_once_it_has_begun_nobody_moves_up(activity, organiser):
    first, second = enter(activity), enter(activity)
    assert leave(first, at=at(DAY, 14, 30), by=organiser, reason="没有来") == []
    assert state_of(second) == "waiting"
    assert move_up(activity=activity, now=at(DAY, 15)) == []


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
    activity = with_sign_up(date=DAY, until=date(2026, 4, 30), sign_up_until=at(date(2026, 4, 20), 12))
    late = CadreFactory()
    Posting.objects.create(cadre=late, department=bureau(), since=date(2026, 4, 10))
    with pytest.raises(SignUpRefused, match="不在岗"):
        enter(activity, late, at=NOW)
    assert enter(activity, late, at=at(date(2026, 4, 10), 9)).state == "registered"


def test_only_what_is_in_sight():
    county = County()
    ours = with_sign_up(department=county.office, date=DAY)
    with pytest.raises(SignUpRefused, match="别的单位"):
        enter(ours, county.stranger)
    assert enter(ours, county.colleague).state == "registered"


def test_who_runs_it_enters_and_removes_colleagues_who_are_told(activity, organiser):
    colleague = reader()
    made = enter(activity, colleague, by=organiser, at=at(DAY, 14, 29))
    assert (made.state, made.events.get().actor) == ("registered", organiser)
    assert Notice.objects.get(recipient=colleague).subject == f"{organiser.name}为您报了名：“清明读书会”"
    late = enter(activity, reader(), by=organiser, at=at(DAY, 15))
    assert late.state == "waiting"
    with pytest.raises(SignUpRefused, match="原因"):
        leave(made, by=organiser, reason=" ")
    leave(made, by=organiser, reason="本人电话说明", at=at(DAY, 16))
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


def test_who_left_leaves_the_queue_when_a_seat_comes_free(activity):
    first, second, third = (enter(activity) for _ in range(3))
    Posting.objects.filter(cadre=second.cadre).update(until=DAY - timedelta(days=1))
    assert leave(first) == [third]
    assert (state_of(second), second.events.last().reason) == ("cancelled", "活动当天不在岗")


def test_departments_know_each_other():
    """Held by one department, open to the whole agency."""
    department = DepartmentFactory(parent=bureau())
    assert enter(with_sign_up(department=department, date=DAY), reader()).state == "registered"


def test_raising_the_number_of_seats_and_restoring_move_people_up():
    office, activity = reader(Role.OFFICE), with_sign_up(capacity=1, date=DAY)
    first, second, third = (enter(activity, at=NOW + MINUTE * number) for number in range(3))
    raised = replace(ActivityContent.of(activity), capacity=2)
    edit(activity=activity, seen=activity.version, content=raised, by=office, now=NOW)
    assert [state_of(each) for each in (first, second, third)] == ["registered", "registered", "waiting"]
    cancel(activity=Activity.objects.get(pk=activity.pk), by=office, reason="停电", now=NOW)
    Activity.objects.filter(pk=activity.pk).update(capacity=3)
    restore(activity=Activity.objects.get(pk=activity.pk), by=office, now=NOW)
    assert (state_of(third), seats(activity)) == ("registered", 3)
