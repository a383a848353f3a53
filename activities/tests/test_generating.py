"""The activities of series: made once, following the series as far as nobody changed them."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from activities.kinds import Part, Pattern, SignUp
from activities.models import Activity, ActivityEvent, Lecturer, Registration, Series, Speaker
from activities.seeds import SERIES
from activities.services.generating import Generated, generate, generate_all, horizon
from activities.services.given import edited_words, note_of
from activities.services.signing_up import SignUpRefused, sign_up
from activities.states import ActivityState, RegistrationState
from activities.tests.factories import ActivityFactory, SeriesFactory, noon
from notices.models import Notice
from organization.models import Holiday
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI
from shuxiang.tests.fixtures import SOAK

pytestmark = pytest.mark.django_db
YEAR_END = date(2026, 12, 31)
NOW = noon(date(2026, 3, 1))


def a_reading_day(**columns) -> Series:
    return SeriesFactory(title="职工读书日", pattern=Pattern.READING_DAY, **columns)


def made(series: Series) -> dict[str, Activity]:
    return {each.occurrence: each for each in series.activities.order_by("date")}


def change(series: Series, **columns) -> None:
    Series.objects.filter(pk=series.pk).update(**columns)


def edit(activity: Activity, **columns) -> None:
    Activity.objects.filter(pk=activity.pk).update(version=activity.version + 1, **columns)


def again(series: Series, now: datetime = NOW, through: date = YEAR_END) -> Generated:
    return generate(series=series, through=through, now=now)


@pytest.mark.at("2026-10-08T01:00:00+00:00")
def test_the_seven_series_of_the_first_day_make_the_year_2027():
    assert Series.objects.count() == len(SERIES) == 7
    assert generate_all(now=timezone.now()).changed == 0
    found = Activity.objects.filter(date__year=2027).order_by("date", "pk")
    assert [
        (each.date.isoformat(), each.until.isoformat() if each.until else "", each.title, each.category)
        for each in found
    ] == [
        ("2027-01-30", "", "1 月职工读书日", "职工读书日"),
        ("2027-02-24", "", "2027 年第一季度读书分享会", "读书分享会"),
        ("2027-02-27", "", "2 月职工读书日", "职工读书日"),
        ("2027-03-27", "", "3 月职工读书日", "职工读书日"),
        ("2027-04-19", "2027-04-25", "2027 年全民阅读活动周", "全民阅读活动周"),
        ("2027-04-23", "", "2027 年世界读书日", "世界读书日"),
        ("2027-04-24", "", "4 月职工读书日", "职工读书日"),
        ("2027-05-26", "", "2027 年第二季度读书分享会", "读书分享会"),
        ("2027-05-29", "", "5 月职工读书日", "职工读书日"),
        ("2027-06-26", "", "6 月职工读书日", "职工读书日"),
        ("2027-07-01", "", "2027 年建党节读书活动", "建党节读书活动"),
        ("2027-07-31", "", "7 月职工读书日", "职工读书日"),
        ("2027-08-25", "", "2027 年第三季度读书分享会", "读书分享会"),
        ("2027-08-28", "", "8 月职工读书日", "职工读书日"),
        ("2027-09-25", "", "9 月职工读书日", "职工读书日"),
        ("2027-09-30", "", "2027 年国庆节读书活动", "国庆节读书活动"),
        ("2027-10-30", "", "10 月职工读书日", "职工读书日"),
        ("2027-11-24", "", "2027 年第四季度读书分享会", "读书分享会"),
        ("2027-11-27", "", "11 月职工读书日", "职工读书日"),
        ("2027-12-01", "2027-12-31", "2027 年全局读书月", "读书月"),
        ("2027-12-25", "", "12 月职工读书日", "职工读书日"),
    ]
    assert not found.exclude(state=ActivityState.SCHEDULED).exists()
    assert set(found.filter(for_union=True).values_list("category", flat=True)) == {"职工读书日"}
    assert generate_all(now=timezone.now()) == Generated()


def test_an_activity_has_what_the_series_says_a_number_and_an_event():
    department, organiser = DepartmentFactory(parent=bureau()), reader()
    series = a_reading_day(
        category="职工读书日", department=department, organiser=organiser, venue="三楼", description="各科室轮流领读。",
        starts_at=time(9), ends_at=time(11, 30), sign_up=SignUp.OPEN, capacity=30, for_union=True,
    )  # fmt: skip
    clerk = CadreFactory(roles=[Role.OFFICE], department=bureau())
    assert generate(series=series, through=date(2026, 3, 31), now=NOW, by=clerk).created == 1
    [activity] = Activity.objects.all()
    assert (activity.reference, activity.title, activity.state) == ("HD2026-0001", "3 月职工读书日", "scheduled")
    assert (activity.occurrence, activity.date, activity.until) == ("2026-03", date(2026, 3, 28), None)
    assert (activity.starts_at, activity.ends_at, activity.venue) == (time(9), time(11, 30), "三楼")
    assert (activity.sign_up, activity.capacity, activity.for_union) == (SignUp.OPEN, 30, True)
    assert (activity.department, activity.organiser) == (department, organiser)
    assert activity.generated == {
        "title": "3 月职工读书日", "category": "职工读书日", "date": "2026-03-28", "until": None,
        "starts_at": "09:00:00", "ends_at": "11:30:00", "venue": "三楼", "department": department.pk,
        "organiser": organiser.pk, "description": "各科室轮流领读。", "sign_up": "open", "capacity": 30,
        "for_office": True, "for_branch": False, "for_union": True, "note": "",
    }  # fmt: skip
    [event] = ActivityEvent.objects.all()
    assert (event.action, event.from_state, event.to_state, event.at) == ("schedule", "", "scheduled", NOW)
    assert (event.reason, event.actor) == ("系列“职工读书日”生成", clerk)


@pytest.mark.parametrize(
    ("given", "following"),
    [
        ([], "HD2026-0001"),
        (["HD2026-05", "HD2026-3"], "HD2026-0006"),
        (["HD2025-0099", "HD-00077", "hd2026-0050", "HD2026-abc"], "HD2026-0001"),
        (["HD2026-0009", "HD2026-9999999"], "HD2026-0010"),
        (["HD2026-9999"], "HD2026-10000"),
        (["HD2026-999999", "HD2026-1000000"], "HD2026-1000001"),
        (["HD2026-１２"], "HD2026-0001"),
    ],
)
def test_numbers_follow_the_highest_of_the_year(given, following):
    for reference in given:
        ActivityFactory(reference=reference)
    series = a_reading_day()
    again(series, through=date(2026, 3, 31))
    assert series.activities.get().reference == following


def test_generating_twice_makes_everything_once():
    series = a_reading_day()
    assert again(series) == Generated(created=10)
    assert again(series) == Generated()
    assert again(series).words == "没有要新生成的活动，已有的都和系列一致。"
    assert list(made(series)) == [f"2026-{month:02}" for month in range(3, 13)]
    assert again(series, through=date(2027, 1, 31)) == Generated(created=1)
    assert ActivityEvent.objects.count() == 11


def test_a_series_begins_and_ends_when_it_says():
    series = a_reading_day(since=date(2026, 5, 30), until=date(2026, 8, 28))
    again(series)
    assert list(made(series)) == ["2026-05", "2026-06", "2026-07"]
    later = a_reading_day(since=date(2026, 5, 31), until=date(2026, 8, 29))
    again(later)
    assert list(made(later)) == ["2026-06", "2026-07", "2026-08"]
    assert again(a_reading_day(since=date(2027, 1, 1))) == Generated()


def test_a_paused_series_makes_nothing_and_changes_nothing():
    series = a_reading_day()
    again(series)
    change(series, is_paused=True, venue="别处")
    assert again(series, through=date(2027, 12, 31)) == Generated()
    assert set(series.activities.values_list("venue", flat=True)) == {""}


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


def signed_up(activity: Activity, state: str = RegistrationState.REGISTERED):
    person = reader()
    Registration.objects.create(activity=activity, cadre=person, state=state, queued_at=NOW)
    if state == RegistrationState.REGISTERED:
        Activity.objects.filter(pk=activity.pk).update(seats_taken=activity.seats_taken + 1)
        activity.seats_taken += 1
    return person


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
    assert notice.subject == "活动“3 月职工读书日”的时间地点有变化"
    assert notice.body == "开始时间：09:00 → 10:00；地点：三楼 → 五楼"
    assert notice.address == f"/activities/{activity.pk}/"


def test_a_moved_holiday_tells_organiser_and_speakers_once_but_not_who_moved_it():
    clerk, organiser, speaker = CadreFactory(roles=[Role.OFFICE], department=bureau()), reader(), reader()
    series = SeriesFactory(pattern=Pattern.MONTHLY, nth=-1, weekday=5, day_type="work", organiser=organiser)
    started, through = noon(date(2026, 8, 1)), date(2026, 10, 31)
    again(series, now=started, through=through)
    september = made(series)["2026-09"]
    expert = Lecturer.objects.create(name="专家")
    for part in ({"cadre": speaker}, {"cadre": speaker, "part": Part.LEAD}, {"cadre": clerk}, {"lecturer": expert}):
        Speaker.objects.create(activity=september, **part)
    going = signed_up(september)
    for person in (organiser, speaker, clerk):
        Registration.objects.create(activity=september, cadre=person, state="registered", queued_at=NOW)
    Holiday.objects.create(date=date(2026, 9, 25), name="中秋节")
    assert generate(series=series, through=through, now=started, by=clerk).changed == 1
    assert Counter(Notice.objects.values_list("recipient", flat=True)) == Counter([organiser.pk, speaker.pk, going.pk])
    assert set(Notice.objects.values_list("body", flat=True)) == {"日期：9 月 25 日 → 9 月 28 日"}
    Notice.objects.all().delete()
    Holiday.objects.all().delete()
    assert again(series, now=started, through=through).changed == 1
    everybody = Counter([organiser.pk, speaker.pk, going.pk, clerk.pk])
    assert Counter(Notice.objects.values_list("recipient", flat=True)) == everybody


def test_a_new_organiser_is_told_of_what_moves():
    before, after = reader(), reader()
    series = a_reading_day(organiser=before, venue="三楼")
    again(series, through=date(2026, 3, 31))
    change(series, organiser=after, venue="五楼")
    again(series, through=date(2026, 3, 31))
    assert [each.recipient for each in Notice.objects.all()] == [after]


def test_moving_many_asks_as_much_as_moving_one(django_assert_max_num_queries):
    series = a_reading_day(organiser=reader(), venue="三楼")
    again(series, through=date(2027, 12, 31))
    for each in made(series).values():
        Speaker.objects.create(activity=each, cadre=reader())
    change(series, venue="五楼")
    with django_assert_max_num_queries(14 + 22):  # each is stored by compare-and-set
        again(series, through=date(2027, 12, 31))
    assert Notice.objects.count() == 44


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


@pytest.mark.parametrize(
    ("moment", "keys"),
    [
        # 28 March in Shanghai begins at 16:00 of the 27th in UTC.
        ("2026-03-27T15:59:00+00:00", ["2026-03", "2026-04"]),
        ("2026-03-27T16:01:00+00:00", ["2026-03", "2026-04"]),
        ("2026-03-28T15:59:00+00:00", ["2026-03", "2026-04"]),
        ("2026-03-28T16:01:00+00:00", ["2026-04"]),
    ],
)
def test_today_is_shanghais(moment, keys, clock):
    series = a_reading_day()
    now = datetime.fromisoformat(moment)
    again(series, now=now, through=date(2026, 4, 30))
    assert list(made(series)) == keys
    assert made(series)["2026-04"].date == date(2026, 4, 25)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI), date(2026, 12, 31)),
        (datetime(2026, 10, 1, 0, 1, tzinfo=SHANGHAI), date(2027, 12, 31)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI), date(2027, 12, 31)),
        (datetime(2027, 1, 1, 0, 1, tzinfo=SHANGHAI), date(2027, 12, 31)),
        (datetime(2027, 10, 1, 0, 1, tzinfo=SHANGHAI), date(2028, 12, 31)),
    ],
)
def test_the_year_ends_and_october_begins_in_shanghai(moment, expected):
    assert horizon(timezone.localdate(moment)) == expected
    Series.objects.all().delete()
    series = SeriesFactory(pattern=Pattern.YEARLY, month=12, day=31)
    generate_all(now=moment)
    years = range(timezone.localdate(moment).year, expected.year + 1)
    assert [each.date for each in made(series).values()] == [date(year, 12, 31) for year in years]


@pytest.mark.at("2026-12-31T15:59:30+00:00")
def test_the_last_minute_of_the_year_still_makes_that_years_activity(clock):
    series = SeriesFactory(pattern=Pattern.YEARLY, month=12, day=31)
    again(series, now=timezone.now(), through=date(2026, 12, 31))
    assert [each.date for each in made(series).values()] == [date(2026, 12, 31)]
    clock.shift(60)
    assert timezone.localdate() == date(2027, 1, 1)
    assert again(series, now=timezone.now(), through=date(2026, 12, 31)) == Generated()


def test_another_agencys_office_generates_nothing():
    county = County()
    series = a_reading_day(department=county.theirs)
    common = a_reading_day()
    for found in (series, common):
        with pytest.raises(NotAllowed):
            generate(series=found, through=YEAR_END, now=NOW, by=county.clerk)
    for person in (county.colleague, county.stranger):
        with pytest.raises(NotAllowed):
            generate(series=a_reading_day(department=county.ours), through=YEAR_END, now=NOW, by=person)
    own = a_reading_day(department=county.ours)
    assert generate(series=own, through=YEAR_END, now=NOW, by=county.clerk).created == 10
    assert generate(series=common, through=YEAR_END, now=NOW, by=county.head).created == 10


def test_generating_asks_as_much_for_many_as_for_few(django_assert_max_num_queries):
    series = a_reading_day()
    with django_assert_max_num_queries(14):
        again(series, through=date(2026, 3, 31))
    with django_assert_max_num_queries(14):
        again(series, through=date(2027, 12, 31))


def races(*arguments: str) -> str:
    """The last line of the races, in a process and on a database of their own."""
    asked = [sys.executable, "-m", "activities.tests.generating_races", *arguments]
    done = subprocess.run(asked, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.soak
def test_several_at_once_on_sqlite_make_and_change_everything_once():
    rounds = "50" if SOAK else "3"
    assert races("--rounds", rounds, "--threads", "4").endswith("wrong=0 errors=0")


@pytest.mark.soak
@pytest.mark.postgresql
def test_several_at_once_on_postgresql_make_and_change_everything_once():
    server = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    rounds, threads = ("100", "20") if SOAK else ("10", "8")
    assert races("--server", server, "--rounds", rounds, "--threads", threads).endswith("wrong=0 errors=0")
