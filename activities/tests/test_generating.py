"""The activities of series: made once, to the end of the year that is looked at."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from activities.kinds import Pattern, SignUp
from activities.models import Activity, ActivityEvent, Series
from activities.seeds import SERIES
from activities.services.generating import Generated, generate, generate_all, horizon
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory, SeriesFactory
from activities.tests.made_series import NOW, YEAR_END, a_reading_day, again, change, made
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI

pytestmark = pytest.mark.django_db


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
