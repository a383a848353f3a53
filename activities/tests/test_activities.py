"""What is on: the month and the list, their filters, their edges in Shanghai, and what they cost."""

from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.kinds import READING_DAY, Part
from activities.models import Activity, Lecturer, Speaker, Theme
from activities.services.month import Month, sheet_of
from activities.tests.factories import ActivityFactory
from activities.tests.scheduled import sign_up
from organization.models import Holiday
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI

TODAY = date(2026, 3, 28)
pytestmark = [pytest.mark.django_db, pytest.mark.at(datetime(2026, 3, 28, 12, tzinfo=SHANGHAI))]


@pytest.fixture
def viewer(client):
    person = reader()
    client.force_login(person)
    return person


def activity(title: str, day: date = TODAY, **columns: object) -> Activity:
    return ActivityFactory(title=title, date=day, **columns)


def page(client, **address):
    response = client.get(reverse("activities"), address)
    assert response.status_code == 200
    return response


def in_month(client, **address) -> list[str]:
    sheet = page(client, **address).context["sheet"]
    days = [day for week in sheet.weeks for day in week if day]
    return [each.title for each in [*sheet.lasting, *(each for day in days for each in day.activities)]]


def listed(client, **address) -> list[str]:
    return [each.title for each in page(client, view="list", **address).context["page"]]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-03", Month(2026, 3)), ("1949-01", Month(1949, 1)), ("2199-12", Month(2199, 12)), ("2026-3", None),
        ("2026-13", None), ("2026-00", None), ("1948-12", None), ("2200-01", None), ("２０２６-03", None), ("", None),
        ("2026-03-01", None), ("9999-12", None), ("0001-01", None), ("2026-03\n", None),
    ],
)  # fmt: skip
def test_months_are_read(text, month):
    assert Month.read(text) == month


def test_months_follow_one_another_over_the_years_end_and_stop_where_the_calendar_does():
    assert (Month(2026, 1).previous, Month(2026, 12).following) == (Month(2025, 12), Month(2027, 1))
    assert (Month(1949, 1).previous, Month(2199, 12).following) == (None, None)
    assert [Month(year, 2).last.day for year in (2023, 2024)] == [28, 29]
    assert Month(2199, 12).last == date(2199, 12, 31)


@pytest.mark.parametrize(("number", "weeks", "before"), [(3, 6, 6), (2, 5, 6), (6, 5, 0)])
def test_weeks_begin_on_monday_and_hold_every_day_once(number, weeks, before):
    month = Month(2026, number)
    sheet = sheet_of(month, [], TODAY)
    days = [day.date for week in sheet.weeks for day in week if day]
    assert days == [date(2026, number, day) for day in range(1, month.last.day + 1)]
    assert (len(sheet.weeks), sum(day is None for day in sheet.weeks[0])) == (weeks, before)


def test_holidays_and_moved_workdays_stand_in_the_month(client, viewer):
    Holiday.objects.create(date=date(2026, 4, 6), name="清明节")
    Holiday.objects.create(date=date(2026, 4, 11), name="清明节", is_workday=True)
    Holiday.objects.create(date=date(2026, 5, 1), name="劳动节")
    response = page(client, month="2026-04")
    days = {day.date.day: day for week in response.context["sheet"].weeks for day in week if day}
    assert [days[number].is_rest for number in (3, 4, 6, 11, 12)] == [False, True, True, False, True]
    html = response.content.decode()
    assert (html.count("清明节"), html.count("调休上班"), "劳动节" in html) == (1, 1, False)


def test_the_month_is_chosen_by_the_address_and_nonsense_means_this_one(client, viewer):
    activity("三月"), activity("四月", date(2026, 4, 1)), activity("二月", date(2026, 2, 28))
    assert in_month(client) == in_month(client, month="2026-13") == in_month(client, month="今天") == ["三月"]
    assert in_month(client, month="2026-04") == ["四月"]
    turns = page(client, month="2025-12").context["turns"]
    assert turns == {"previous": "month=2025-11", "following": "month=2026-01", "now": ""}
    assert page(client).context["turns"]["now"] is None
    assert page(client, month="2199-12").context["turns"]["following"] is None


def test_several_days_stand_above_the_days_in_each_month_that_they_touch(client, viewer):
    activity("读书月", date(2026, 3, 31), until=date(2026, 5, 1))
    for month, titles in (("2026-02", []), ("2026-03", ["读书月"]), ("2026-04", ["读书月"]), ("2026-05", ["读书月"])):
        assert in_month(client, month=month) == titles
    assert in_month(client, month="2026-06") == []


def test_a_day_is_in_the_order_of_its_hours(client, viewer):
    activity("晚", starts_at=time(19, 0)), activity("早", starts_at=time(8, 0)), activity("全天", starts_at=None)
    assert in_month(client) == ["全天", "早", "晚"]


@pytest.mark.parametrize(
    ("now", "coming", "past"),
    [
        (datetime(2026, 3, 27, 23, 59, tzinfo=SHANGHAI), ["今天的", "三天的"], []),
        (datetime(2026, 3, 28, 0, 0, tzinfo=SHANGHAI), ["今天的", "三天的"], []),
        (datetime(2026, 3, 28, 23, 59, tzinfo=SHANGHAI), ["今天的", "三天的"], []),
        (datetime(2026, 3, 29, 0, 0, tzinfo=SHANGHAI), ["三天的"], ["今天的"]),
        (datetime(2026, 3, 30, 23, 59, tzinfo=SHANGHAI), ["三天的"], ["今天的"]),
        (datetime(2026, 3, 31, 0, 0, tzinfo=SHANGHAI), [], ["三天的", "今天的"]),
    ],
)
def test_coming_until_the_last_minute_of_its_last_day_in_shanghai(client, clock, now, coming, past):
    activity("今天的", starts_at=time(9)), activity("三天的", starts_at=time(10), until=date(2026, 3, 30))
    clock.move_to(now)
    client.force_login(reader())
    assert (listed(client), listed(client, when="past")) == (coming, past)
    today = [day.date for week in page(client).context["sheet"].weeks for day in week if day and day.is_today]
    assert today == [now.date()]


def test_the_list_filters(client, viewer):
    theme = Theme.objects.create(title="党史", since=TODAY, until=TODAY)
    first = activity("职工读书日", category=READING_DAY, for_union=True, theme=theme, venue="阅览室")
    second = activity("大讲堂", starts_at=time(15), for_office=False, for_branch=True, partner="晚报")
    Speaker.objects.create(activity=second, cadre=reader(Role.LEADER), part=Part.HOST)
    Speaker.objects.create(activity=second, lecturer=Lecturer.objects.create(name="陈教授", unit="大学"))
    activity("过去的", date(2026, 3, 1))
    sign_up(first, viewer)
    sign_up(second, viewer, "cancelled")
    sign_up(second, reader())
    both = ["职工读书日", "大讲堂"]
    for address, titles in (
        ({}, both), ({"when": "past"}, ["过去的"]), ({"when": "all"}, [*both[::-1], "过去的"]), ({"when": "?"}, both),
        ({"label": "office"}, both[:1]), ({"label": "branch"}, both[1:]), ({"label": "union"}, both[:1]),
        ({"label": "x"}, both), ({"category": READING_DAY}, both[:1]), ({"category": "没有"}, []),
        ({"theme": theme.pk}, both[:1]), ({"theme": "x"}, both), ({"mine": "1"}, both[:1]),
        ({"q": "阅览室"}, both[:1]), ({"q": "陈教授"}, both[1:]), ({"q": "大讲堂 晚报"}, both[1:]),
        ({"q": "大讲堂 阅览室"}, []), ({"q": first.reference}, both[:1]), ({"q": "%"}, []),
    ):  # fmt: skip
        assert listed(client, **address) == titles, address
        if "when" not in address:
            assert set(in_month(client, **address)) - {"过去的"} == set(titles), address


def test_filters_are_kept_while_one_turns_the_month_and_changes_the_view(client, viewer):
    chosen = page(client, month="2026-04", label="union", q="读书", mine="1").context["chosen"]
    assert chosen.address == "month=2026-04&label=union&mine=1&q=%E8%AF%BB%E4%B9%A6"
    assert chosen.turns()["following"] == "month=2026-05&label=union&mine=1&q=%E8%AF%BB%E4%B9%A6"
    assert chosen.views()[1][1] == "view=list&label=union&mine=1&q=%E8%AF%BB%E4%B9%A6"
    assert chosen.cleared == "month=2026-04"


def test_ones_own_sign_up_and_what_was_cancelled_stand_beside_the_title(client, viewer):
    sign_up(activity("一"), viewer)
    sign_up(activity("二"), viewer, "waiting")
    gone = activity("三", state="cancelled")
    gone.events.create(action="cancel", at=datetime(2026, 3, 1, tzinfo=SHANGHAI), to_state="cancelled", reason="停电")
    for view in ("month", "list"):
        html = page(client, view=view).content.decode()
        for word in ("已报名</span>", "候补</span>", "已取消</span>", "停电", 'class="is-cancelled"'):
            assert word in html, (view, word)


def test_what_another_agency_holds_is_in_nobodys_calendar_but_the_umbrellas(client):
    county = County()
    for title, department in (("全县", None), ("审计局", county.office), ("统计局", county.foreign_office)):
        activity(title, department=department)
    for person, titles in (
        (county.colleague, {"全县", "审计局"}), (county.stranger, {"全县", "统计局"}),
        (county.head, {"全县", "审计局", "统计局"}), (CadreFactory(roles=[Role.SYSTEM]), {"全县"}),
    ):  # fmt: skip
        client.force_login(person)
        assert set(in_month(client)) == set(listed(client)) == titles


def test_empty_pages_say_what_to_do(client, viewer):
    assert "这个月还没有活动" in page(client).content.decode()
    assert "安排一次" not in page(client, view="list").content.decode()
    assert "没有符合这些条件的活动" in page(client, view="list", q="无").content.decode()
    assert "这个月没有符合条件的活动" in page(client, label="union").content.decode()
    client.force_login(reader(Role.OFFICE))
    assert "安排一次" in page(client, view="list").content.decode()


def test_the_list_turns_its_pages_and_keeps_the_filters(client, viewer):
    for number in range(21):
        activity(f"读书日{number:02}", starts_at=time(8, number))
    assert listed(client, page="2", q="读书日") == ["读书日20"]
    assert listed(client, page="99") == listed(client, page="2") == ["读书日20"]
    assert (
        "?view=list&amp;q=%E8%AF%BB%E4%B9%A6%E6%97%A5&amp;page=1"
        in page(client, view="list", page="2", q="读书日").content.decode()
    )


@pytest.mark.parametrize("role", [Role.CADRE, Role.OFFICE])
@pytest.mark.parametrize(("view", "many"), [("month", 60), ("list", 30)])
def test_a_page_asks_as_much_for_many_as_for_one(client, role, view, many):
    person = reader(role)
    client.force_login(person)
    counts = []
    for number in (1, many - 1):
        for each in range(number):
            made = activity("读书日", date(2026, 3, 28 + each % 4), theme=Theme.objects.first(), department=None)
            made.events.create(action="cancel", at=datetime(2026, 3, 1, tzinfo=SHANGHAI), to_state="cancelled")
            sign_up(made, person)
            Theme.objects.create(title="主题", since=TODAY, until=TODAY)
        with CaptureQueriesContext(connection) as queries:
            assert len(in_month(client) if view == "month" else listed(client)) == min(
                Activity.objects.count(), 20 if view == "list" else 60
            )
        counts.append(len(queries) - 1)
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_addresses_and_titles_are_shown_or_left_out(client, viewer, text):
    activity(text.replace("\x00", "")[:200] or "名")
    names = ("view", "month", "when", "label", "category", "theme", "mine", "q", "page")
    for name in names:
        for view in ("month", "list"):
            page(client, **{"view": view, name: text[:2000]})
    html = page(client, view="list").content.decode()
    assert "<script>alert" not in html


def test_what_is_over_is_apart_and_the_next_ones_follow_where_the_month_has_nothing_left(client, viewer):
    activity("过去的", date(2026, 3, 3))
    activity("取消的", date(2026, 3, 30), state="cancelled")
    for number in range(1, 7):
        activity(f"四月之{number}", date(2026, 4, number))
    found = page(client)
    assert [each.title for each in found.context["next"]] == [f"四月之{number}" for number in range(1, 6)]
    assert found.content.decode().count("已结束") == 1
    assert "next" not in page(client, month="2026-02").context
    activity("今天的")
    assert "接下来" not in page(client).content.decode()
