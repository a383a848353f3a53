"""What an edit of an activity leaves, tells and refuses."""

from datetime import date, time, timedelta

import pytest

from activities.kinds import Part, SignUp
from activities.models import Activity, Attendance
from activities.services.content import Voice
from activities.services.scheduling import hold
from activities.tests.scheduled import DAY, NOW, changed, clerk, days, on, refused, scheduled, sign_up
from notices.models import Notice
from organization.services.lives import Stale
from reading.tests.factories import reader

pytestmark = pytest.mark.django_db


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
