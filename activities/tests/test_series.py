"""The pages of series, for the office alone: list, year, pause, what is left over."""

from datetime import date

import pytest
from django.urls import reverse

from activities.kinds import Pattern
from activities.models import Activity, Series
from activities.states import ActivityState
from activities.tests.factories import SeriesFactory, noon
from activities.tests.made_series import a_reading_day, again, edit, made
from activities.tests.series_pages import FORM, clerk, text
from organization.models import Holiday
from organization.tests.county import County
from organization.tests.factories import DepartmentFactory, bureau
from shuxiang.tests.queries import queries

__all__ = ["clerk"]
pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-03-01T04:00:00+00:00")]


def test_the_list_tells_the_next_day_and_how_many_were_held(client, clerk):
    Series.objects.all().delete()
    series = a_reading_day()
    again(series, now=noon(date(2026, 1, 1)))
    series.activities.filter(date__lt=date(2026, 3, 1)).update(state=ActivityState.HELD)
    edit(made(series)["2026-12"], state=ActivityState.CANCELLED)
    page = text(client.get(reverse("series_list")))
    assert "下一次 2026 年 3 月 28 日 星期六" in page
    assert "已举办 2 次，共安排 11 次" in page
    assert "每月最后一个星期六" in page


def test_the_list_is_narrowed_by_state_and_words(client, clerk):
    Series.objects.all().delete()
    SeriesFactory(title="在办的")
    SeriesFactory(title="歇着的", is_paused=True)
    SeriesFactory(title="办完的", until=date(2026, 2, 28))
    SeriesFactory(title="今天完的", until=date(2026, 3, 1))
    found = {
        state: [series.title for series, _ in client.get(reverse("series_list"), {"state": state}).context["cards"]]
        for state in ("", "paused", "ended", "all", "x\x00")
    }
    assert found == {
        "": ["在办的", "今天完的"],
        "paused": ["歇着的"],
        "ended": ["办完的"],
        "all": ["在办的", "歇着的", "办完的", "今天完的"],
        "x\x00": ["在办的", "今天完的"],
    }
    assert "没有找到" in text(client.get(reverse("series_list"), {"q": "没有这样的"}))
    assert "今天完的" in text(client.get(reverse("series_list"), {"q": "今天"}))
    Series.objects.all().delete()
    assert "还没有系列活动" in text(client.get(reverse("series_list")))
    assert "这里没有系列" in text(client.get(reverse("series_list"), {"state": "ended"}))


def test_pages_ask_as_much_for_many_as_for_few(client, clerk):
    series = a_reading_day()
    again(series)
    for _ in range(30):
        again(SeriesFactory(department=DepartmentFactory(parent=bureau())))
    for address in (f"{reverse('series_list')}?state=all", reverse("series", args=[series.pk])):
        assert queries(client, address) <= 10


def test_the_page_of_a_series_shows_its_year(client, clerk):
    series = a_reading_day(day_type="rest")
    Holiday.objects.create(date=date(2026, 2, 28), name="春节调休上班", is_workday=True)
    Holiday.objects.create(date=date(2026, 9, 26), name="调休上班", is_workday=True)
    again(series, through=date(2026, 10, 31))
    found = made(series)
    edit(found["2026-04"], venue="图书馆", date=date(2026, 4, 24))
    edit(found["2026-05"], state=ActivityState.CANCELLED)
    edit(found["2026-06"], state=ActivityState.HELD)
    response = client.get(reverse("series", args=[series.pk]))
    page = text(response)
    assert "每月最后一个星期六；逢工作日顺延到最近的休息日" in page
    assert "2026 年 4 月 24 日 星期五 4 月职工读书日 已安排 HD2026-0002 手工改过：日期、地点" in page
    assert "原为 9 月 26 日（当天调休上班），顺延到 9 月 27 日" in page
    assert "2026 年 2 月 22 日 星期日 2 月职工读书日 没有生成" in page
    assert "2026 年 11 月 28 日 星期六 11 月职工读书日 还没有生成" in page
    assert "已取消 HD2026-0003" in page
    assert "已举办 HD2026-0004" in page
    assert [line.day.month for line in response.context["lines"]] == list(range(1, 13))
    assert "还没有生成" in text(client.get(reverse("series", args=[series.pk]), {"year": "2027"}))


@pytest.mark.parametrize("year", ["", "x", "1999", "2200", "２０２６", "9" * 30, "\x00", "-001"])
def test_a_year_that_is_none_is_this_year(client, clerk, year):
    assert client.get(reverse("series", args=[a_reading_day().pk]), {"year": year}).context["year"] == 2026


@pytest.mark.parametrize("year", ["2000", "2199"])
def test_the_first_and_the_last_year_can_be_opened(client, clerk, year):
    series = SeriesFactory(pattern=Pattern.QUARTERLY, since=date(2000, 1, 1))
    assert len(client.get(reverse("series", args=[series.pk]), {"year": year}).context["lines"]) == 4


def test_the_button_generates_and_says_how_many(client, clerk):
    series = a_reading_day()
    url = reverse("series_generate", args=[series.pk])
    assert "新生成 10 个活动。" in text(client.post(url, follow=True))
    assert "没有要新生成的活动，已有的都和系列一致。" in text(client.post(url, follow=True))
    Series.objects.filter(pk=series.pk).update(venue="五楼")
    assert "更新 10 个活动。" in text(client.post(url, follow=True))
    Series.objects.filter(pk=series.pk).update(is_paused=True)
    assert "先恢复，再生成活动" in text(client.post(url, follow=True))
    assert client.get(url).url == reverse("series", args=[series.pk])


def test_ending_a_series_leads_to_the_question_what_becomes_of_its_activities(client, clerk):
    series = a_reading_day()
    again(series)
    edit(made(series)["2026-06"], venue="图书馆")
    ended = FORM | {"pattern": "reading_day", "title": "职工读书日", "day_type": "any", "until": "2026-05-31"}
    response = client.post(reverse("series_edit", args=[series.pk]), ended)
    url = reverse("series_cancel", args=[series.pk])
    assert response.url == url
    page = client.get(url)
    assert page.content.decode().count(" checked") == 6
    assert "手工改过：地点" in text(page)
    assert "有 7 个以后的活动，系列现在不再安排" in text(client.get(reverse("series", args=[series.pk])))
    chosen = [made(series)[key].pk for key in ("2026-07", "2026-08")]
    assert "已取消 2 个活动。" in text(client.post(url, {"activity": chosen}, follow=True))
    again_sent = text(client.post(url, {"activity": [*chosen, "x", "9" * 40]}, follow=True))
    assert "没有取消活动。" in again_sent
    assert "有 2 个刚有人报名" in again_sent
    assert Activity.objects.filter(state=ActivityState.CANCELLED).count() == 2


def test_pausing_asks_first_and_then_shows_what_is_left(client, clerk):
    series = a_reading_day()
    again(series)
    url = reverse("series_pause", args=[series.pk])
    assert "已经生成的 10 个以后的活动先不动" in text(client.get(url))
    assert not Series.objects.get(pk=series.pk).is_paused
    assert client.post(url, {"version": "1"}).url == reverse("series_cancel", args=[series.pk])
    assert "已取消" not in text(client.get(reverse("series", args=[series.pk])))
    stale = text(client.post(url, {"version": "1"}, follow=True))
    assert "刚被别人办理过" in stale
    assert client.post(url, {"version": "2"}).url == reverse("series", args=[series.pk])
    assert not Series.objects.get(pk=series.pk).is_paused
    for version in ("", "x", "9" * 40):
        assert "刚被别人办理过" in text(client.post(url, {"version": version}, follow=True))


def test_an_agencys_office_sees_the_roots_series_and_changes_only_its_own(client):
    county = County()
    own, common, foreign = (a_reading_day(department=each) for each in (county.ours, None, county.theirs))
    client.force_login(county.clerk)
    shown = {series.pk for series, _ in client.get(reverse("series_list"), {"state": "all"}).context["cards"]}
    assert {own.pk, common.pk}.issubset(shown)
    assert foreign.pk not in shown
    assert client.get(reverse("series", args=[common.pk])).status_code == 200
    assert "生成活动" not in text(client.get(reverse("series", args=[common.pk])))
    assert client.get(reverse("series", args=[foreign.pk])).status_code == 404
    for series in (common, foreign):
        for name in ("series_edit", "series_pause", "series_cancel"):
            assert client.get(reverse(name, args=[series.pk])).status_code == 404
            assert client.post(reverse(name, args=[series.pk]), FORM).status_code == 404
        assert client.post(reverse("series_generate", args=[series.pk])).status_code == 404
    assert client.post(reverse("series_new"), FORM | {"department": county.theirs.pk}).context["form"].errors
    assert "请选择主办科室" in text(client.post(reverse("series_new"), FORM))
    assert client.post(reverse("series_new"), FORM | {"department": county.office.pk}).status_code == 302


def test_hostile_titles_stand_on_every_page(client, clerk):
    for title in ("\u202e倒", "<script>alert(1)</script>", "𠮷" * 100, "=cmd()"):
        series = a_reading_day()
        Series.objects.filter(pk=series.pk).update(title=title, venue=title)
        again(series)
        for name in ("series", "series_edit", "series_pause", "series_cancel"):
            page = client.get(reverse(name, args=[series.pk])).content.decode()
            assert "<script>alert(1)" not in page
