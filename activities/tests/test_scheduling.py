"""The life of an activity: each step with two stale copies, who may take it, what it leaves and whom it tells."""

from datetime import date, time, timedelta

import pytest

from activities.kinds import Part, SignUp
from activities.models import Activity, ActivityEvent, Attendance, Lecturer
from activities.services.content import ActivityContent, Title, Voice
from activities.services.scheduling import cancel, edit, hold, reopen, restore, schedule
from activities.states import ACTIVITY_TRANSITIONS, ActivityAction, ActivityState
from activities.tests.scheduled import DAY, NOW, clerk, content, days, on, scheduled, sign_up
from notices.models import Notice
from organization.roles import Role
from organization.services.lives import FieldRefused, IllegalStep, Stale
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


def changed(activity: Activity, by=None, now=NOW, seen=None, **columns) -> Activity:
    """The activity with some of its content changed."""
    fresh = Activity.objects.get(pk=activity.pk)
    kept = ActivityContent.of(fresh)
    wanted = ActivityContent(**{name: getattr(kept, name) for name in kept.__dataclass_fields__} | columns)
    version = fresh.version if seen is None else seen
    return edit(activity=fresh, seen=version, content=wanted, by=by or clerk(), now=now)


def refused(call, field: str, words: str) -> None:
    with pytest.raises(FieldRefused, match=words) as error:
        call()
    assert error.value.field == field


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


def test_another_time_or_place_is_told_and_nothing_else_is():
    activity, person = scheduled(), reader()
    sign_up(activity, person)
    changed(activity, title="读书日", category="讲座", description="带书")
    assert Notice.objects.count() == 0
    changed(activity, venue="大礼堂", date=days(1))
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (person, "活动“读书日”改了时间地点")
    assert notice.body == (
        "现在：2026 年 3 月 29 日 星期日 14:30–16:00，大礼堂\n原来：2026 年 3 月 28 日 星期六 14:30–16:00，三楼会议室"
    )
    changed(activity, now=on(days(5)), venue="一楼")
    assert Notice.objects.count() == 1


def test_another_day_is_told_to_organiser_and_speakers_once_but_not_to_who_changed_it():
    by, organiser, speaker, lead = clerk(), reader(), reader(), reader()
    voices = [Voice(Part.LECTURER, speaker), Voice(Part.LEAD, lead), Voice(Part.HOST, by), Voice(Part.LEAD, speaker)]
    activity = scheduled(by, organiser=organiser, voices=voices)
    for person in (by, organiser, speaker):
        sign_up(activity, person)
    changed(activity, by=by, date=days(1))
    told = sorted(Notice.objects.values_list("recipient", flat=True))
    assert told == sorted([organiser.pk, speaker.pk, lead.pk])


def test_what_is_counted_where():
    activity = scheduled()
    stamp = activity.changed_at
    steps = (
        ({"title": "读书日"}, True, True),
        ({"date": days(1)}, True, True),
        ({"venue": "大礼堂"}, False, True),
        ({"starts_at": time(14, 0)}, False, True),
        ({"ends_at": time(17, 0)}, False, True),
        ({"until": days(2)}, False, True),
        ({"description": "带书"}, False, False),
        ({"capacity": 5}, False, False),
        ({"for_union": True}, False, False),
    )
    for minute, (columns, stamped, on_calendars) in enumerate(steps):
        before, now = Activity.objects.get(), NOW + timedelta(minutes=minute)
        changed(activity, now=now, **columns)
        after = Activity.objects.get()
        assert (after.changed_at != before.changed_at) == stamped, columns
        assert after.changed_at == (now if stamped else before.changed_at)
        assert (after.version - before.version, after.sequence - before.sequence) == (1, int(on_calendars)), columns
    assert Activity.objects.get().changed_at != stamp


def test_an_edit_leaves_what_changed_and_one_that_changes_nothing_leaves_nothing():
    activity = scheduled()
    assert changed(activity).version == 1
    assert activity.events.count() == 1
    changed(activity, title="四月读书日", venue="", starts_at=time(15, 0), description="带书" * 500)
    assert activity.events.last().reason == (
        "活动名称：三月读书日 → 四月读书日；开始时间：14:30 → 15:00；地点：三楼会议室 → 未填；说明"
    )
    changed(activity, title="长" * 200)
    assert len(activity.events.last().reason) <= 300


def test_an_edit_on_an_older_version_is_told():
    activity = scheduled()
    changed(activity, venue="大礼堂")
    with pytest.raises(Stale):
        changed(activity, seen=1, venue="一楼")
    assert Activity.objects.get().venue == "大礼堂"


def test_the_date_moves_only_to_a_day_on_which_everybody_recorded_was_in_service():
    activity, stays, left, void = scheduled(date=date(2024, 3, 1)), *(reader() for _ in range(3))
    for cadre in (stays, left, void):
        Attendance.objects.create(activity=activity, cadre=cadre, is_void=cadre == void)
    Attendance.objects.create(activity=activity, cadre=left, capacity="speaking")
    left.postings.update(until=date(2024, 3, 31))
    void.postings.update(until=date(2024, 3, 31))
    refused(lambda: changed(activity, date=date(2024, 4, 1)), "date",
            f"^{left.name}（{left.employee_number}）的签到已经登记，但 2024 年 4 月 1 日 星期一 不在职")  # fmt: skip
    assert changed(activity, date=date(2024, 3, 31)).date == date(2024, 3, 31)


def test_one_that_was_held_is_not_moved_past_today():
    activity = scheduled()
    hold(activity=activity, by=clerk(), now=on(DAY))
    refused(lambda: changed(activity, now=on(DAY, 23, 59), date=days(1)), "date", "不能晚于今天")
    assert changed(activity, now=on(days(1), 0, 0), date=days(1)).date == days(1)


def test_seats_are_not_taken_from_who_has_one():
    activity = scheduled(sign_up=SignUp.OPEN, capacity=3)
    for _ in range(2):
        sign_up(activity, reader())
    refused(lambda: changed(activity, capacity=1), "capacity", "已有 2 人报名，名额不能少于 2")
    refused(lambda: changed(activity, sign_up=SignUp.NONE), "sign_up", "已经有人报名")
    assert changed(activity, capacity=2).capacity == 2
    assert changed(activity, capacity=None).capacity is None


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
