"""The pages of series, for the office alone: list, year, form with preview, pause, what is left over."""

import re
import time
from datetime import date
from datetime import time as hour

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from activities.kinds import Pattern
from activities.models import Activity, Series
from activities.services.series import SeriesFacts
from activities.states import ActivityState
from activities.tests.factories import SeriesFactory, noon
from activities.tests.test_generating import a_reading_day, again, edit, made
from organization.models import Cadre, Holiday
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.hostile import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-03-01T04:00:00+00:00")]
NOW = noon(date(2026, 3, 1))
PASSWORD = "Lanting-3-yue"
FORM = {
    "version": "1", "title": "读书分享会", "category": "读书分享会", "pattern": "quarterly",
    "last_week": "last_saturday",
    "month_of_quarter": "2", "nth": "-1", "weekday": "3", "month": "4", "day": "23", "days": "1", "day_type": "work",
    "shift": "later", "since": "2026-01-01", "until": "", "starts_at": "14:30", "ends_at": "16:00", "venue": "三楼",
    "department": "", "organiser": "", "description": "", "sign_up": "open", "capacity": "30", "for_office": "on",
}  # fmt: skip


@pytest.fixture
def clerk(client) -> Cadre:
    """Of the root's office, signed in."""
    found = CadreFactory(roles=[Role.OFFICE], department=bureau())
    client.force_login(found)
    return found


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


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


def test_pages_ask_as_much_for_many_as_for_few(client, clerk, django_assert_max_num_queries):
    series = a_reading_day()
    again(series)
    for _ in range(30):
        again(SeriesFactory(department=DepartmentFactory(parent=bureau())))
    for address, most in ((f"{reverse('series_list')}?state=all", 10), (reverse("series", args=[series.pk]), 10)):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


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
    assert client.get(url).status_code == 405


def test_a_new_series_is_previewed_and_then_made(client, clerk):
    url, before = reverse("series_new"), Series.objects.count()
    page = text(client.post(url, FORM | {"action": "preview"}))
    assert "预览：还没有保存 每季度第二个月的最后一个星期三；逢休息日顺延到最近的工作日。" in page
    assert "2026 年 5 月 27 日 星期三 2026 年 8 月 26 日 星期三" in page
    assert Series.objects.count() == before
    response = client.post(url, FORM)
    series = Series.objects.latest("pk")
    assert response.url == reverse("series", args=[series.pk])
    assert (series.title, series.pattern, series.month, series.nth, series.weekday) == (
        "读书分享会",
        "quarterly",
        2,
        -1,
        3,
    )
    assert (series.starts_at, series.ends_at, series.capacity, series.for_union) == (hour(14, 30), hour(16), 30, False)


def test_a_preview_shows_moved_days_and_says_where_there_are_none(client, clerk):
    Holiday.objects.create(date=date(2026, 5, 27), name="停电")
    page = text(client.post(reverse("series_new"), FORM | {"action": "preview"}))
    assert "2026 年 5 月 28 日 星期四 原为 5 月 27 日（当天放假：停电），顺延到 5 月 28 日" in page
    past = FORM | {"action": "preview", "until": "2026-02-01"}
    assert "这两年里没有这样的日期" in text(client.post(reverse("series_new"), past))
    last = FORM | {"action": "preview", "since": "2199-01-01"}
    assert "2199 年 11 月 27 日" in text(client.post(reverse("series_new"), last))


def test_a_preview_of_a_form_with_mistakes_tells_them(client, clerk):
    page = text(client.post(reverse("series_new"), FORM | {"action": "preview", "title": "", "since": "明天"}))
    assert "请填写名称。" in page
    assert "自请填成 2026-03-05 这样的日期。" in page
    assert "预览：还没有保存" not in page


def test_fields_of_other_patterns_are_not_judged(client, clerk):
    hidden = {"month": "13", "day": "x", "days": "0", "last_week": "?"}
    assert client.post(reverse("series_new"), FORM | hidden).status_code == 302
    shown = client.post(reverse("series_new"), FORM | hidden | {"pattern": "yearly"})
    assert {"month", "day", "days"} == set(shown.context["form"].errors)
    wrong = client.post(reverse("series_new"), FORM | {"pattern": "hourly"})
    assert set(wrong.context["form"].errors) == {"pattern"}


def test_what_cannot_be_is_told_and_the_text_kept(client, clerk):
    page = client.post(reverse("series_new"), FORM | {"ends_at": "14:00", "description": "请带书"})
    assert "结束时间要晚于开始时间" in text(page)
    assert "请带书" in page.content.decode()
    page = client.post(reverse("series_new"), FORM | {"until": "2025-12-31", "organiser": "没有这个人"})
    assert "没有找到“没有这个人”" in text(page)


def test_editing_asks_for_the_version_that_was_seen(client, clerk):
    series = a_reading_day()
    url = reverse("series_edit", args=[series.pk])
    opened = client.get(url).content.decode()
    assert '<input type="hidden" name="version" value="1">' in opened
    assert client.post(url, FORM | {"title": "先改的"}).url == reverse("series", args=[series.pk])
    late = client.post(url, FORM | {"title": "后改的"})
    assert "刚被别人修改过" in text(late)
    assert 'value="后改的"' in late.content.decode()
    assert '<input type="hidden" name="version" value="2">' in late.content.decode()
    assert Series.objects.get(pk=series.pk).title == "先改的"
    client.post(url, FORM | {"title": "后改的", "version": "2"})
    assert Series.objects.get(pk=series.pk).title == "后改的"


@pytest.mark.parametrize("pattern", list(Pattern))
def test_a_series_comes_out_of_its_form_as_it_went_in(client, clerk, pattern):
    series = SeriesFactory(
        pattern=pattern, month=3, day=9, days=4, nth=2, weekday=5, last_week="whole_week", organiser=clerk,
        department=DepartmentFactory(parent=bureau()), starts_at=hour(9), for_union=True, day_type="rest",
        shift="earlier", until=date(2027, 1, 1), description="说明", capacity=3, sign_up="open", venue="三楼",
    )  # fmt: skip
    url = reverse("series_edit", args=[series.pk])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items() if value is not False}
    assert "没有改动。" in text(client.post(url, sent, follow=True))
    before = SeriesFacts.of(series)
    assert SeriesFacts.of(Series.objects.get(pk=series.pk)) == before


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


FIELDS = ("title", "category", "pattern", "nth", "day", "days", "since", "until", "starts_at", "ends_at", "venue",
          "department", "organiser", "description", "capacity", "version")  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_stumbles_over_hostile_text(client, clerk, field):
    series = a_reading_day()
    for typed in [*HOSTILE, "长" * 100_000]:
        for url in (reverse("series_new"), reverse("series_edit", args=[series.pk])):
            response = client.post(url, FORM | {"pattern": "yearly", field: typed})
            assert response.status_code in (200, 302), (field, typed[:20])
            assert "<script>alert" not in response.content.decode()


def test_hostile_titles_stand_on_every_page(client, clerk):
    for title in ("\u202e倒", "<script>alert(1)</script>", "𠮷" * 100, "=cmd()"):
        series = a_reading_day()
        Series.objects.filter(pk=series.pk).update(title=title, venue=title)
        again(series)
        for name in ("series", "series_edit", "series_pause", "series_cancel"):
            page = client.get(reverse(name, args=[series.pk])).content.decode()
            assert "<script>alert(1)" not in page


def test_what_was_typed_outlives_the_session(client, clerk):
    clerk.password = make_password(PASSWORD)
    clerk.save(update_fields=["password"])
    client.force_login(clerk)
    url = reverse("series_new")
    writer = client.get(url).content.decode().partition('name="writer" value="')[2].partition('"')[0]
    session = client.session
    session["seen_at"] = int(time.time()) - 31 * 60
    session.save()
    sent = {name: value for name, value in FORM.items() if name != "for_office"}
    response = client.post(
        url, sent | {"title": "没有保存的", "writer": writer}, headers={"referer": f"http://testserver{url}"}
    )
    client.post(response.url, {"username": clerk.employee_number, "password": PASSWORD})
    form = client.get(url).context["form"]
    assert (form["title"].value(), form["pattern"].value(), form["for_office"].value()) == (
        "没有保存的", "quarterly", False,
    )  # fmt: skip
