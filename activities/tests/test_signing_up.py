"""Sign-up with its waiting list: order and seats."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Registration, RegistrationEvent
from activities.services.content import ActivityContent
from activities.services.scheduling import cancel, edit, restore
from activities.services.signing_up import AlreadySignedUp, move_up
from activities.tests.factories import with_sign_up
from activities.tests.scheduled import DAY, NOW
from activities.tests.signing_up import MINUTE, activity, enter, leave, organiser, seats, state_of
from notices.models import Notice
from organization.models import Posting
from organization.roles import Role
from reading.tests.factories import reader

__all__ = ["activity", "organiser"]
pytestmark = pytest.mark.django_db


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


def test_who_left_leaves_the_queue_when_a_seat_comes_free(activity):
    first, second, third = (enter(activity) for _ in range(3))
    Posting.objects.filter(cadre=second.cadre).update(until=DAY - timedelta(days=1))
    assert leave(first) == [third]
    assert (state_of(second), second.events.last().reason) == ("cancelled", "活动当天不在岗")


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
