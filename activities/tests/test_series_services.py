"""Series made, changed, paused by the office; activities that they no longer yield."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.utils import timezone

from activities.kinds import Pattern, SignUp
from activities.models import Activity, ActivityBook, ActivityEvent, Material, Series, SeriesEvent
from activities.services.generating import Generated, generate
from activities.services.series import SeriesFacts, WrongSeries, change_series, make_series, pause_series, resume_series
from activities.services.surplus import bare, cancel_surplus, surplus
from activities.states import ActivityState
from activities.tests.factories import SeriesFactory, noon
from activities.tests.made_series import a_reading_day, again, edit, made, signed_up
from notices.models import Notice
from organization.services.lives import Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County

pytestmark = pytest.mark.django_db
NOW = noon(date(2026, 3, 1))
TODAY = date(2026, 3, 1)
FACTS = SeriesFacts(title="读书沙龙", category="读书分享会", pattern=Pattern.MONTHLY, since=date(2026, 1, 1))


@pytest.fixture
def county() -> County:
    return County()


def test_the_office_makes_a_series_of_its_scope(county):
    series = make_series(facts=replace(FACTS, department=county.ours), by=county.clerk, now=NOW)
    assert (series.title, series.department, series.version, series.is_paused) == ("读书沙龙", county.ours, 1, False)
    [event] = series.events.all()
    assert (event.from_state, event.to_state, event.actor, event.at) == ("", "running", county.clerk, NOW)
    assert event.reason == "新建：每月最后一个星期三"
    assert make_series(facts=FACTS, by=county.head, now=NOW).department is None


def test_nobody_makes_or_changes_series_beyond_the_own_scope(county):
    before = Series.objects.count()
    for facts, field in ((FACTS, "department"), (replace(FACTS, department=county.theirs), "department")):
        with pytest.raises(WrongSeries) as refused:
            make_series(facts=facts, by=county.clerk, now=NOW)
        assert refused.value.field == field
    for person in (county.colleague, county.stranger):
        with pytest.raises(NotAllowed):
            make_series(facts=FACTS, by=person, now=NOW)
    assert Series.objects.count() == before
    for department in (None, county.theirs):
        series = SeriesFactory(department=department)
        mine = replace(FACTS, department=county.ours)
        with pytest.raises(NotAllowed):
            change_series(series=series, version=1, facts=mine, by=county.clerk, now=NOW)
        for step in (pause_series, resume_series):
            with pytest.raises(NotAllowed):
                step(series=series, version=1, by=county.clerk, now=NOW)
        with pytest.raises(NotAllowed):
            cancel_surplus(series=series, chosen=[], by=county.clerk, now=NOW)
    assert not SeriesEvent.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"until": date(2025, 12, 31)}, "until"),
        ({"ends_at": time(9)}, "ends_at"),
        ({"starts_at": time(9), "ends_at": time(9)}, "ends_at"),
        ({"starts_at": time(9), "ends_at": time(8, 59)}, "ends_at"),
    ],
)
def test_days_and_hours_that_cannot_be_are_told_at_their_field(county, wrong, field):
    with pytest.raises(WrongSeries) as refused:
        make_series(facts=replace(FACTS, **wrong), by=county.head, now=NOW)
    assert refused.value.field == field
    assert make_series(facts=replace(FACTS, until=FACTS.since), by=county.head, now=NOW).until == FACTS.since


def test_a_change_says_what_changed_and_the_second_of_two_is_told(county):
    series = make_series(facts=replace(FACTS, venue="三楼"), by=county.head, now=NOW)
    stale = Series.objects.get(pk=series.pk)
    new = replace(
        FACTS, venue="五楼", nth=2, description="请带书", sign_up=SignUp.OPEN, starts_at=time(9), for_union=True
    )
    assert change_series(series=series, version=1, facts=new, by=county.head, now=NOW) is True
    assert (series.version, series.venue) == (2, "五楼")
    event = series.events.latest("pk")
    assert (event.from_state, event.to_state) == ("running", "running")
    assert event.reason == (
        "日期：每月最后一个星期三 → 每月第二个星期三；工会：否 → 是；开始时间：无 → 09:00；"
        "地点：三楼 → 五楼；说明已改；报名：不用报名 → 要报名"
    )
    for found in (stale, Series.objects.get(pk=series.pk)):
        with pytest.raises(Stale):
            change_series(series=found, version=1, facts=FACTS, by=county.head, now=NOW)
    series.refresh_from_db()
    assert (series.venue, series.events.count()) == ("五楼", 2)
    assert change_series(series=series, version=2, facts=new, by=county.head, now=NOW) is False
    assert (Series.objects.get(pk=series.pk).version, series.events.count()) == (2, 2)


def test_the_longest_texts_fit_into_the_event(county):
    long = replace(FACTS, title="长" * 100, venue="𠮷" * 100, category="e" + "\u0301" * 49)
    series = make_series(facts=long, by=county.head, now=NOW)
    change_series(series=series, version=1, facts=replace(FACTS, venue="a" + "\u0301" * 99), by=county.head, now=NOW)
    assert len(series.events.latest("pk").reason) <= 300


def test_pausing_and_resuming_each_happen_once(county):
    series = make_series(facts=FACTS, by=county.head, now=NOW)
    stale = Series.objects.get(pk=series.pk)
    pause_series(series=series, version=1, by=county.head, now=NOW)
    for found in (stale, Series.objects.get(pk=series.pk)):
        with pytest.raises(Stale):
            pause_series(series=found, version=1, by=county.head, now=NOW)
    with pytest.raises(Stale):
        resume_series(series=Series.objects.get(pk=series.pk), version=1, by=county.head, now=NOW)
    resume_series(series=series, version=2, by=county.head, now=NOW)
    events = series.events.values_list("from_state", "to_state", "reason")
    assert list(events)[1:] == [("running", "paused", "暂停"), ("paused", "running", "恢复")]
    assert Series.objects.get(pk=series.pk).version == 3


def left(series: Series, today: date = TODAY) -> list[str]:
    return [each.occurrence for each in surplus(Series.objects.get(pk=series.pk), today)]


def test_what_a_series_no_longer_yields_is_left_over_and_nothing_is_cancelled_by_itself():
    series = a_reading_day()
    again(series, through=date(2026, 6, 30))
    assert left(series) == []
    Series.objects.filter(pk=series.pk).update(until=date(2026, 5, 29))
    assert left(series) == ["2026-05", "2026-06"]
    assert again(series, through=date(2026, 6, 30)) == Generated()
    Series.objects.filter(pk=series.pk).update(until=date(2026, 5, 30))
    assert left(series) == ["2026-06"]
    Series.objects.filter(pk=series.pk).update(until=None, pattern=Pattern.QUARTERLY, month=2)
    assert left(series) == ["2026-03", "2026-04", "2026-05", "2026-06"]
    Series.objects.filter(pk=series.pk).update(pattern=Pattern.READING_DAY, is_paused=True)
    assert left(series, date(2026, 4, 25)) == ["2026-05", "2026-06"]
    assert set(series.activities.values_list("state", flat=True)) == {ActivityState.SCHEDULED}


def test_an_activity_moved_by_hand_into_the_next_year_is_not_left_over():
    series = a_reading_day()
    again(series)
    edit(made(series)["2026-12"], date=date(2027, 1, 2))
    assert left(series, date(2027, 1, 1)) == []


def test_only_what_is_chosen_bare_and_still_left_over_is_cancelled(county):
    series = a_reading_day()
    again(series)
    found = made(series)
    Series.objects.filter(pk=series.pk).update(until=date(2026, 4, 30))
    signed_up(found["2026-05"])
    ActivityBook.objects.create(activity=found["2026-06"], title="论语")
    Material.objects.create(
        title="讲稿", file="x", original_name="x", format="pdf", size=1, sha256="x", uploaded_by=county.head,
        created_at=NOW, activity=found["2026-07"],
    )  # fmt: skip
    edit(found["2026-08"], minutes="已经写了")
    series.refresh_from_db()
    assert {each.occurrence for each in bare(surplus(series, TODAY))} == {"2026-09", "2026-10", "2026-11", "2026-12"}
    other = a_reading_day(until=date(2026, 3, 31))
    foreign = again(a_reading_day()) and Activity.objects.latest("pk").pk
    chosen = [found[key].pk for key in ("2026-03", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")]
    assert cancel_surplus(series=series, chosen=[*chosen, foreign, 0], by=county.head, now=NOW) == 2
    cancelled = Activity.objects.filter(state=ActivityState.CANCELLED)
    assert [(each.occurrence, each.version, each.sequence) for each in cancelled.order_by("date")] == [
        ("2026-09", 2, 1), ("2026-10", 2, 1),
    ]  # fmt: skip
    events = ActivityEvent.objects.filter(action="cancel").values_list("to_state", "actor", "reason")
    assert list(events) == [("cancelled", county.head.pk, "系列不再安排")] * 2
    assert cancel_surplus(series=series, chosen=chosen, by=county.head, now=NOW) == 0
    assert not Notice.objects.exists()
    assert again(other, through=date(2026, 3, 31)).created == 1


def test_the_organiser_is_told_of_what_is_cancelled_but_not_who_cancelled_it(county):
    series = a_reading_day(organiser=county.colleague)
    again(series, through=date(2026, 4, 30))
    march, april = made(series).values()
    edit(april, organiser=county.head)
    Series.objects.filter(pk=series.pk).update(is_paused=True)
    series.refresh_from_db()
    assert cancel_surplus(series=series, chosen=[march.pk, april.pk], by=county.head, now=NOW) == 2
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (county.colleague, "活动“3 月职工读书日”取消了")
    assert notice.body == "2026 年 3 月 28 日 星期六\n原因：系列不再安排"
    assert notice.address == f"/activities/{march.pk}/"


def test_what_was_cancelled_stays_cancelled_when_the_series_goes_on(county):
    series = a_reading_day()
    again(series, through=date(2026, 4, 30))
    pause_series(series=series, version=1, by=county.head, now=NOW)
    assert cancel_surplus(series=series, chosen=[made(series)["2026-03"].pk], by=county.head, now=NOW) == 1
    resume_series(series=series, version=2, by=county.head, now=NOW)
    assert generate(series=series, through=date(2026, 4, 30), now=timezone.now(), by=county.head) == Generated()
    assert made(series)["2026-03"].state == ActivityState.CANCELLED
