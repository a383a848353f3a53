"""The form of a series: its preview, what it refuses, the version that was seen."""

import time
from datetime import date
from datetime import time as hour

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from activities.kinds import Pattern
from activities.models import Series
from activities.services.series import SeriesFacts
from activities.tests.factories import SeriesFactory
from activities.tests.made_series import a_reading_day
from activities.tests.series_pages import FORM, clerk, text
from organization.models import Holiday
from organization.tests.factories import DepartmentFactory, bureau
from reading.tests.hostile import HOSTILE

__all__ = ["clerk"]
pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-03-01T04:00:00+00:00")]
PASSWORD = "Lanting-3-yue"


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
        "读书沙龙",
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


def test_a_year_without_holidays_is_told_with_the_way_to_fill_it_in(client, clerk):
    way = reverse("admin:organization_holiday_import")
    page = client.post(reverse("series_new"), FORM | {"action": "preview"})
    assert "节假日表里还没有 2026、2027、2028 年的放假安排" in text(page)
    assert way in page.content.decode()
    for year in (2026, 2027, 2028):
        Holiday.objects.create(date=date(year, 1, 1), name="元旦")
    assert "节假日表里还没有" not in text(client.post(reverse("series_new"), FORM | {"action": "preview"}))
    Holiday.objects.filter(date__year=2026).delete()
    series = a_reading_day()
    made = client.post(reverse("series_generate", args=[series.pk]), follow=True)
    assert "节假日表里还没有 2026 年的放假安排" in text(made)
    assert f'<a href="{way}">填入放假安排</a>' in made.content.decode()


def test_a_second_series_of_a_name_and_host_is_refused_at_its_name(client, clerk):
    client.post(reverse("series_new"), FORM)
    before = Series.objects.count()
    page = client.post(reverse("series_new"), FORM | {"venue": "五楼"})
    assert "已有同一主办的系列“读书沙龙”" in page.context["form"].errors["title"][0]
    other = a_reading_day()
    sent = FORM | {"version": str(other.version)}
    assert "title" in client.post(reverse("series_edit", args=[other.pk]), sent).context["form"].errors
    assert Series.objects.count() == before + 1
    Series.objects.filter(title="读书沙龙").update(since=date(2025, 1, 1), until=date(2026, 2, 28))
    assert client.post(reverse("series_new"), FORM).status_code == 302


def test_a_preview_of_a_form_with_mistakes_tells_them(client, clerk):
    page = text(client.post(reverse("series_new"), FORM | {"action": "preview", "title": "", "since": "明天"}))
    assert "请填写名称。" in page
    assert "开始日期请填成 2026-03-05 这样的日期。" in page
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
