"""The life of an activity: each step with two stale copies, who may take it, what it leaves and whom it tells."""

from datetime import date, time

import pytest

from activities.kinds import Part
from activities.models import Activity, ActivityEvent, Attendance, Lecturer
from activities.services.content import Title, Voice
from activities.services.scheduling import cancel, edit, hold, reopen, restore, schedule
from activities.states import ACTIVITY_TRANSITIONS, ActivityAction, ActivityState
from activities.tests.scheduled import DAY, NOW, changed, clerk, content, days, on, refused, scheduled, sign_up
from notices.models import Notice
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.tests.factories import BookFactory, reader

pytestmark = pytest.mark.django_db
STEPS = {
    ActivityAction.HOLD: lambda activity, by: hold(activity=activity, by=by, now=on(DAY)),
    ActivityAction.REOPEN: lambda activity, by: reopen(activity=activity, by=by, now=on(DAY)),
    ActivityAction.CANCEL: lambda activity, by: cancel(activity=activity, by=by, reason="停电", now=on(DAY)),
    ActivityAction.RESTORE: lambda activity, by: restore(activity=activity, by=by, now=on(DAY)),
    ActivityAction.EDIT: lambda activity, by: edit(
        activity=activity, seen=activity.version, content=content(category="讲座"), by=by, now=on(DAY)
    ),
}


def test_the_table_of_states():
    assert ACTIVITY_TRANSITIONS == {
        ("scheduled", "edit"): "scheduled",
        ("held", "edit"): "held",
        ("scheduled", "hold"): "held",
        ("held", "reopen"): "scheduled",
        ("scheduled", "cancel"): "cancelled",
        ("cancelled", "restore"): "scheduled",
    }


@pytest.mark.parametrize("state", ActivityState)
@pytest.mark.parametrize("action", STEPS)
def test_every_state_with_every_action(state, action):
    by, activity = clerk(), scheduled()
    Activity.objects.filter(pk=activity.pk).update(state=state)
    activity.refresh_from_db()
    after = ACTIVITY_TRANSITIONS.get((state, action))
    if after is None:
        with pytest.raises(IllegalStep):
            STEPS[action](activity, by)
        assert Activity.objects.get().state == state
        return
    STEPS[action](activity, by)
    stored, event = Activity.objects.get(), ActivityEvent.objects.last()
    assert (stored.state, stored.version) == (after, 2)
    assert (event.action, event.from_state, event.to_state, event.actor) == (action, state, after, by)


@pytest.mark.parametrize("action", STEPS)
def test_the_second_of_two_with_the_same_copy_is_told(action):
    by, activity = clerk(), scheduled()
    before = next(state for state, each in ACTIVITY_TRANSITIONS if each == action)
    Activity.objects.filter(pk=activity.pk).update(state=before)
    one, other = (Activity.objects.get() for _ in range(2))
    STEPS[action](one, by)
    with pytest.raises(Stale):
        STEPS[action](other, by)
    assert ActivityEvent.objects.filter(action=action).count() == 1


def test_scheduling_gives_a_number_and_leaves_an_event():
    by = clerk()
    activity = schedule(content=content(), by=by, now=NOW)
    assert (activity.reference, activity.state, activity.version) == ("HD2026-0001", "scheduled", 1)
    event = activity.events.get()
    assert (event.action, event.from_state, event.to_state, event.actor, event.at) == (
        "schedule", "", "scheduled", by, NOW,
    )  # fmt: skip
    assert scheduled(title="另一次").reference == "HD2026-0002"
    assert scheduled(title="下一年", date=date(2027, 1, 1)).reference == "HD2027-0001"


def test_the_same_activity_is_not_scheduled_twice_but_after_it_was_cancelled():
    activity = scheduled()
    refused(scheduled, "title", "已经安排了同名的活动，编号 HD2026-0001")
    assert scheduled(starts_at=time(9, 0)).reference == "HD2026-0002"
    cancel(activity=activity, by=clerk(), reason="停电", now=NOW)
    assert scheduled().reference == "HD2026-0003"


def test_only_the_office_of_the_host_schedules_edits_cancels():
    county = County()
    own = schedule(content=content(department=county.office), by=county.clerk, now=NOW)
    outsider = CadreFactory(roles=[Role.OFFICE], department=county.theirs)
    for department in (None, county.root, county.theirs):
        with pytest.raises(NotAllowed):
            schedule(content=content(department=department), by=county.clerk, now=NOW)
    whole = schedule(content=content(title="全县"), by=county.head, now=NOW)
    for activity, by in ((own, outsider), (own, county.colleague), (whole, county.clerk)):
        for step in STEPS.values():
            with pytest.raises(NotAllowed):
                step(activity, by)
    with pytest.raises(NotAllowed):
        changed(own, county.clerk, department=county.theirs)
    assert changed(own, county.head, venue="大礼堂").venue == "大礼堂"


def test_the_organiser_says_that_it_was_held_but_does_not_change_it():
    organiser = reader()
    activity = scheduled(organiser=organiser)
    STEPS[ActivityAction.HOLD](activity, organiser)
    STEPS[ActivityAction.REOPEN](activity, organiser)
    for action in (ActivityAction.CANCEL, ActivityAction.EDIT):
        with pytest.raises(NotAllowed):
            STEPS[action](activity, organiser)


@pytest.mark.parametrize(
    ("now", "is_held"), [(on(days(-1), 23, 59), False), (on(DAY, 0, 0), True), (on(days(40)), True)]
)
def test_held_from_the_first_minute_of_its_day_in_shanghai(now, is_held):
    activity = scheduled()
    if is_held:
        hold(activity=activity, by=clerk(), now=now)
    else:
        with pytest.raises(ValueError, match="2026 年 3 月 28 日 星期六，到那天才能登记举办"):
            hold(activity=activity, by=clerk(), now=now)
    assert Activity.objects.get().state == ("held" if is_held else "scheduled")


def test_attendance_that_stands_keeps_it_from_being_cancelled_or_reopened():
    activity, cadre = scheduled(), reader()
    row = Attendance.objects.create(activity=activity, cadre=cadre)
    with pytest.raises(ValueError, match="已经登记了 1 人的签到，不能取消"):
        cancel(activity=activity, by=clerk(), reason="停电", now=NOW)
    assert (activity.state, Activity.objects.get().state) == ("scheduled", "scheduled")
    hold(activity=activity, by=clerk(), now=on(DAY))
    with pytest.raises(ValueError, match="不能改回已安排"):
        reopen(activity=activity, by=clerk(), now=on(DAY))
    Attendance.objects.filter(pk=row.pk).update(is_void=True)
    reopen(activity=activity, by=clerk(), now=on(DAY))
    cancel(activity=activity, by=clerk(), reason="停电", now=NOW)
    assert Activity.objects.get().state == "cancelled"


def test_cancelling_needs_a_reason_that_fits():
    activity = scheduled()
    for reason, words in (("", "写明"), (" \n", "写明"), ("长" * 301, "最多 300 字，现在有 301 字")):
        refused(lambda reason=reason: cancel(activity=activity, by=clerk(), reason=reason, now=NOW), "reason", words)
    assert cancel(activity=activity, by=clerk(), reason="长" * 300, now=NOW).reason == "长" * 300


def test_cancelling_and_restoring_tell_who_signed_up_waits_speaks_and_organises_but_not_who_did_it():
    by, organiser, speaker, first, waiting, gone = clerk(), *(reader() for _ in range(5))
    activity = scheduled(by, organiser=organiser, voices=[Voice(Part.LECTURER, speaker), Voice(Part.HOST, by)])
    sign_up(activity, first)
    sign_up(activity, waiting, "waiting")
    sign_up(activity, gone, "cancelled")
    cancel(activity=activity, by=by, reason="会议室停电", now=NOW)
    told = Notice.objects.filter(subject="活动“三月读书日”取消了")
    assert set(told.values_list("recipient", flat=True)) == {organiser.pk, speaker.pk, first.pk, waiting.pk}
    assert {each.body for each in told} == {"2026 年 3 月 28 日 星期六 14:30–16:00，三楼会议室\n原因：会议室停电"}
    assert {each.address for each in told} == {f"/activities/{activity.pk}/"}
    restore(activity=activity, by=by, now=NOW)
    assert Notice.objects.filter(subject="活动“三月读书日”恢复举办").count() == 4


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"until": days(-1)}, "until"),
        ({"starts_at": None}, "starts_at"),
        ({"ends_at": time(14, 30)}, "ends_at"),
        ({"sign_up_until": on(days(1), 0, 0)}, "sign_up_until"),
        ({"for_office": False}, "for_office"),
    ],
)
def test_what_cannot_be_so_is_refused_when_scheduled_and_when_changed(columns, field):
    activity = scheduled(title="别的")
    refused(lambda: scheduled(**columns), field, "请")
    refused(lambda: changed(activity, **columns), field, "请")


def test_what_can_be_so():
    assert scheduled(until=days(1), ends_at=time(9, 0)).last_day == days(1)
    assert scheduled(title="二", ends_at=None, sign_up_until=on(DAY, 23, 59)).hours == "14:30"
    assert scheduled(title="三", starts_at=None, ends_at=None).hours == ""
    assert scheduled(title="四", for_office=False, for_union=True).tags == ["工会"]


def test_speakers_and_books_are_stored_in_their_order_and_lecturers_once():
    cadre, book = reader(), BookFactory()
    voices = [Voice(Part.HOST, cadre), Voice(Part.LECTURER, name="张教授", unit="省社科院", topic="怎样读史")]
    activity = scheduled(voices=voices, titles=[Title("没有的书"), Title(book.title, book)])
    assert [(str(each), each.part, each.topic) for each in activity.speakers.all()] == [
        (str(cadre), "host", ""), ("张教授（省社科院）", "lecturer", "怎样读史"),
    ]  # fmt: skip
    assert [(each.title, each.book) for each in activity.books.all()] == [("没有的书", None), (book.title, book)]
    keys = list(activity.speakers.values_list("pk", flat=True))
    scheduled(title="另一次", voices=voices[1:])
    assert Lecturer.objects.count() == 1
    changed(activity, venue="大礼堂")
    assert list(activity.speakers.values_list("pk", flat=True)) == keys
    changed(activity, voices=voices[:1], titles=[])
    assert (activity.speakers.count(), activity.books.count()) == (1, 0)
    assert activity.events.last().reason == "主讲领读；图书"


def test_times_in_words():
    assert scheduled().when == "2026 年 3 月 28 日 星期六 14:30–16:00"
    assert scheduled(title="二", until=days(3), starts_at=None, ends_at=None).when == (
        "2026 年 3 月 28 日 星期六至 3 月 31 日"
    )
    assert scheduled(title="三", until=date(2027, 1, 2), ends_at=None).when == (
        "2026 年 3 月 28 日 星期六至 2027 年 1 月 2 日 星期六 14:30"
    )
