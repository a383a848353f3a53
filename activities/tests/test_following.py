"""Activities of a series follow it as far as nobody changed them."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from activities.kinds import Pattern, SignUp
from activities.models import Activity, ActivityEvent, Registration
from activities.services.generating import Generated
from activities.services.given import edited_words, note_of
from activities.services.signing_up import SignUpRefused, sign_up
from activities.states import ActivityState, RegistrationState
from activities.tests.factories import SeriesFactory, noon
from activities.tests.made_series import NOW, a_reading_day, again, change, edit, made, signed_up
from notices.models import Notice
from organization.models import Holiday
from organization.tests.factories import DepartmentFactory, bureau
from reading.tests.factories import reader

pytestmark = pytest.mark.django_db
EDITS = {
    "title": ("三八专场", "3 月读书日"),
    "category": ("专题研讨会", "读书分享会"),
    "starts_at": (time(15), time(10)),
    "ends_at": (time(17), time(12)),
    "venue": ("图书馆", "五楼"),
    "description": ("请带书。", "改了的说明"),
    "sign_up": (SignUp.NONE, SignUp.OPEN),
    "capacity": (12, 99),
    "for_office": (False, True),
    "for_branch": (True, False),
    "for_union": (True, False),
    "date": (date(2026, 3, 29), date(2026, 3, 21)),
}
NEW_SERIES = {
    "title": "读书日", "category": "读书分享会", "starts_at": time(10), "ends_at": time(12), "venue": "五楼",
    "description": "改了的说明", "sign_up": SignUp.OPEN, "capacity": 99, "pattern": Pattern.MONTHLY, "nth": 3,
    "weekday": 6,
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(EDITS))
def test_an_edited_field_stays_and_all_others_follow(field):
    series = a_reading_day(starts_at=time(9), ends_at=time(11), venue="三楼", sign_up=SignUp.OPEN)
    again(series)
    activity = made(series)["2026-03"]
    edit(activity, **{field: EDITS[field][0]})
    change(series, **NEW_SERIES)
    again(series)
    activity.refresh_from_db()
    pair = {"starts_at": {"ends_at"}, "ends_at": {"starts_at"}}.get(field, set())
    for name, (by_hand, by_series) in EDITS.items():
        if name in pair:
            continue
        expected = by_hand if name == field else by_series
        assert getattr(activity, name) == expected, name
    if pair:
        assert (activity.starts_at, activity.ends_at) in ((time(15), time(11)), (time(9), time(17)))
    again(series)
    again_read = Activity.objects.get(pk=activity.pk)
    assert getattr(again_read, field) == EDITS[field][0]


@pytest.mark.parametrize("column", ["department", "organiser"])
def test_an_edited_host_or_organiser_stays_too(column):
    first, second, third = (
        [DepartmentFactory(parent=bureau()) for _ in "abc"] if column == "department" else [reader() for _ in "abc"]
    )
    series = a_reading_day(**{column: first})
    again(series)
    own, other = made(series)["2026-03"], made(series)["2026-04"]
    edit(own, **{column: second})
    change(series, **{column: third})
    again(series)
    assert [getattr(Activity.objects.get(pk=each.pk), column) for each in (own, other)] == [second, third]


def test_what_was_edited_is_said_in_words():
    series = a_reading_day()
    again(series)
    activity = made(series)["2026-03"]
    assert edited_words(activity) == ""
    activity.venue, activity.date, activity.starts_at, activity.for_branch = "外面", date(2026, 3, 27), time(8), True
    assert edited_words(activity) == "日期、时间、地点、标签"


def test_cancelled_held_todays_and_past_activities_stay():
    series = a_reading_day()
    again(series, now=noon(date(2026, 1, 1)))
    now = noon(date(2026, 3, 28))
    found = made(series)
    Activity.objects.filter(pk=found["2026-05"].pk).update(state=ActivityState.CANCELLED)
    Activity.objects.filter(pk=found["2026-06"].pk).update(state=ActivityState.HELD)
    change(series, venue="五楼")
    assert again(series, now=now) == Generated(changed=7)
    untouched = [key for key, each in made(series).items() if each.venue == ""]
    assert untouched == ["2026-01", "2026-02", "2026-03", "2026-05", "2026-06"]
    assert Activity.objects.get(pk=found["2026-05"].pk).state == ActivityState.CANCELLED


def test_versions_sequences_and_stamps_rise_with_what_they_stand_for():
    series = a_reading_day()
    again(series)

    def after(**columns) -> tuple[int, int, bool]:
        before = made(series)["2026-05"]
        change(series, **columns)
        again(series, now=NOW + timedelta(hours=1))
        now = made(series)["2026-05"]
        return now.version - before.version, now.sequence - before.sequence, now.changed_at != before.changed_at

    assert after(description="请带书") == (1, 0, False)
    assert after(venue="五楼") == (1, 1, False)
    assert after(starts_at=time(9)) == (1, 1, False)
    assert after(title="读书日") == (1, 1, True)
    assert after(capacity=20) == (1, 0, False)
    assert after() == (0, 0, False)


def test_a_change_leaves_an_event_that_says_what():
    series = a_reading_day(venue="三楼")
    again(series, through=date(2026, 3, 31))
    change(series, venue="五楼", description="请带书", last_week="whole_week", starts_at=time(9))
    again(series, through=date(2026, 3, 31))
    event = ActivityEvent.objects.latest("pk")
    assert (event.action, event.from_state, event.to_state) == ("edit", "scheduled", "scheduled")
    assert event.reason == "随系列更新：开始时间：无 → 09:00；地点：三楼 → 五楼；说明已改"


def test_long_texts_of_combining_marks_fit_into_the_event():
    series = a_reading_day(venue="e" + "\u0301" * 99)
    again(series)
    change(series, venue="𠮷" * 100, title="a" + "\u0301" * 99)
    assert again(series).changed == 10
    assert {len(each.reason) <= 300 for each in ActivityEvent.objects.all()} == {True}


def test_who_signed_up_or_waits_is_told_of_a_new_time_or_place_and_nobody_of_a_new_text():
    series = a_reading_day(sign_up=SignUp.OPEN, venue="三楼", starts_at=time(9))
    again(series)
    activity = made(series)["2026-03"]
    going, waiting = signed_up(activity), signed_up(activity, RegistrationState.WAITING)
    signed_up(activity, RegistrationState.CANCELLED)
    change(series, description="请带书", category="读书日")
    again(series)
    assert not Notice.objects.exists()
    change(series, venue="五楼", starts_at=time(10))
    again(series)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {going.pk, waiting.pk}
    notice = Notice.objects.first()
    assert notice.subject == "活动“3 月职工读书日”改了时间地点"
    assert notice.body == "开始时间：09:00 → 10:00；地点：三楼 → 五楼"
    assert notice.address == f"/activities/{activity.pk}/"


def test_seats_that_are_taken_are_not_taken_away_and_follow_once_that_is_possible():
    series = a_reading_day(sign_up=SignUp.OPEN, capacity=10)
    again(series)
    activity = made(series)["2026-03"]
    signed_up(activity), signed_up(activity)
    for capacity, expected in ((1, 10), (2, 2), (5, 5), (None, None)):
        change(series, capacity=capacity)
        again(series)
        activity.refresh_from_db()
        assert activity.capacity == expected
        assert made(series)["2026-04"].capacity == capacity
    change(series, sign_up=SignUp.NONE)
    again(series)
    assert [made(series)[key].sign_up for key in ("2026-03", "2026-04")] == ["open", "none"]


def test_who_waits_moves_up_where_the_series_gets_more_seats():
    series = a_reading_day(sign_up=SignUp.OPEN, capacity=1)
    again(series, through=date(2026, 4, 30))
    april = made(series)["2026-04"]
    first, *waiting = [sign_up(activity=april, cadre=each, by=each, now=NOW) for each in (reader() for _ in range(4))]
    Notice.objects.all().delete()
    for capacity, moved in ((3, 2), (None, 3)):
        change(series, capacity=capacity)
        assert again(series) == Generated(created=8 if moved == 2 else 0, changed=2 if moved == 2 else 10)
        april.refresh_from_db()
        assert april.seats_taken == 1 + moved
        states = [Registration.objects.get(pk=each.pk).state for each in waiting]
        assert states == ["registered"] * moved + ["waiting"] * (3 - moved)
        assert Notice.objects.filter(recipient__in=[each.cadre for each in waiting[:moved]]).count() == moved
    assert not Notice.objects.filter(recipient=first.cadre).exists()


def test_nobody_signs_up_after_the_day_to_which_the_series_moved_it():
    series = a_reading_day(sign_up=SignUp.OPEN)
    again(series)
    may = made(series)["2026-05"]
    edit(may, sign_up_until=timezone.make_aware(datetime(2026, 5, 30, 12)))
    change(series, pattern=Pattern.MONTHLY, nth=1, weekday=6)
    again(series)
    may.refresh_from_db()
    assert may.date == date(2026, 5, 2)
    late, later = reader(), reader()
    made_late = sign_up(activity=may, cadre=late, by=late, now=timezone.make_aware(datetime(2026, 5, 2, 23, 59)))
    assert made_late.state == RegistrationState.REGISTERED
    with pytest.raises(SignUpRefused, match="报名已于 5 月 2 日 23:59截止"):
        sign_up(activity=may, cadre=later, by=later, now=timezone.make_aware(datetime(2026, 5, 3)))


def test_holidays_move_what_nobody_moved_by_hand():
    series = SeriesFactory(title="分享会", pattern=Pattern.MONTHLY, nth=-1, weekday=5, day_type="work")
    again(series, now=noon(date(2026, 8, 1)), through=date(2026, 9, 30))
    august, september = made(series).values()
    assert (august.date, september.date) == (date(2026, 8, 28), date(2026, 9, 25))
    for day in (25, 26, 27):
        Holiday.objects.create(date=date(2026, 9, day), name="中秋节")
    Holiday.objects.create(date=date(2026, 8, 28), name="停电")
    edit(august, date=date(2026, 8, 20))
    assert again(series, now=noon(date(2026, 8, 2)), through=date(2026, 9, 30)) == Generated(changed=1)
    august.refresh_from_db()
    september.refresh_from_db()
    assert (august.date, september.date) == (date(2026, 8, 20), date(2026, 9, 28))
    assert note_of(september) == "原为 9 月 25 日（当天放假：中秋节），顺延到 9 月 28 日"
    assert note_of(august) == ""
    Holiday.objects.all().delete()
    assert again(series, now=noon(date(2026, 8, 2)), through=date(2026, 9, 30)) == Generated(changed=1)
    september.refresh_from_db()
    assert (september.date, note_of(september)) == (date(2026, 9, 25), "")


def test_a_day_that_the_pattern_alone_allows_is_kept_and_noted():
    series = a_reading_day()
    again(series)
    Holiday.objects.create(date=date(2026, 9, 26), name="中秋节调休上班", is_workday=True)
    assert again(series) == Generated()
    assert note_of(made(series)["2026-09"]) == "当天调休上班"


def test_nothing_moves_back_into_the_past():
    series = a_reading_day()
    again(series)
    change(series, pattern=Pattern.MONTHLY, nth=1, weekday=1)
    assert again(series, now=noon(date(2026, 9, 20))) == Generated(changed=3)
    assert [made(series)[key].date.day for key in ("2026-09", "2026-10")] == [26, 5]
    change(series, nth=-1, weekday=3)
    again(series, now=noon(date(2026, 9, 20)))
    assert made(series)["2026-09"].date == date(2026, 9, 30)


def test_days_moved_by_hand_keep_their_end():
    series = SeriesFactory(title="读书月", pattern=Pattern.YEARLY, month=12, day=1, days=31)
    again(series)
    activity = made(series)["2026"]
    edit(activity, date=date(2026, 12, 5))
    change(series, days=3, venue="全局")
    again(series)
    activity.refresh_from_db()
    assert (activity.date, activity.until, activity.venue) == (date(2026, 12, 5), date(2026, 12, 31), "全局")
