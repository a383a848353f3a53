"""The form of an activity: new, copied, changed, with rows that work without scripts."""

import re
import time
from datetime import date, datetime

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from activities.forms.activity import ActivityForm
from activities.kinds import Part, SignUp
from activities.models import Activity, Lecturer, Theme
from activities.services.content import Title, Voice
from activities.tests.people import office
from activities.tests.scheduled import DAY, NOW, ROWS, clerk, on, scheduled, sign_up
from organization.tests.county import County
from reading.tests.factories import BookFactory, reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI
from shuxiang.tests.queries import queries

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(datetime(2026, 3, 20, 9, tzinfo=SHANGHAI))]
NEW = "/activities/new/"
FIELDS = {"title": "三月读书日", "date": "2026-03-28", "for_office": "on", "sign_up": "none", **ROWS}


def rows(prefix: str, *typed: dict) -> dict[str, object]:
    cells = {f"{prefix}-{place}-{name}": value for place, row in enumerate(typed) for name, value in row.items()}
    return {f"{prefix}-TOTAL_FORMS": len(typed), f"{prefix}-INITIAL_FORMS": 0, **cells}


def words(response) -> str:
    return response.content.decode()


def test_a_new_activity_with_everything(client, office):
    theme = Theme.objects.create(title="党史", since=DAY, until=DAY)
    speaker, book = reader(), BookFactory(title="乡土中国", isbn="9787208171336")
    sent = FIELDS | {
        "category": "自己写的类型", "theme": theme.pk, "until": "2026-03-29", "starts_at": "14:30", "ends_at": "16：00",
        "venue": "三楼", "organiser": speaker.employee_number, "sign_up": "open", "capacity": "３０", "for_union": "on",
        "sign_up_until": "2026-03-27T17:30", "description": "一\r\n\r\n二", "guests": "0", "partner": "晚报",
        "conclusions": "好", "version": "0",
        **rows("speakers", {"name": speaker.name, "part": "host"}, {"name": "", "part": "lecturer"},
               {"name": "陈教授", "part": "lecturer", "unit": "大学", "topic": "读史"}),
        **rows("books", {"title": "没有的书"}, {"title": "9787208171336"}, {"title": ""}),
    }  # fmt: skip
    response = client.post(NEW, sent)
    made = Activity.objects.get()
    assert response.url == reverse("activity", args=[made.pk])
    assert (made.reference, made.category, made.theme, made.until) == (
        "HD2026-0001", "自己写的类型", theme, date(2026, 3, 29),
    )  # fmt: skip
    assert (made.hours, made.organiser, made.capacity, made.guests) == ("14:30–16:00", speaker, 30, 0)
    assert (made.sign_up_until, made.tags) == (on(date(2026, 3, 27), 17, 30), ["机关", "工会"])
    assert [(str(each), each.part) for each in made.speakers.all()] == [
        (str(speaker), "host"), ("陈教授（大学）", "lecturer"),
    ]  # fmt: skip
    assert [(each.title, each.book) for each in made.books.all()] == [("没有的书", None), ("乡土中国", book)]
    again = words(client.post(NEW, sent))
    assert "已经安排了同名的活动，编号 HD2026-0001" in again
    assert Activity.objects.count() == 1


def test_what_is_wrong_is_told_at_once_and_what_was_typed_stays(client, office):
    sent = FIELDS | {
        "title": "", "date": "三月", "starts_at": "二点", "capacity": "很多", "organiser": "没有这个人",
        "venue": "大礼堂",
        **rows("speakers", {"name": "没有此人", "part": "host"}, {"name": "", "unit": "大学"},
               {"name": "甲", "part": "x"}),
    }  # fmt: skip
    page = words(client.post(NEW, sent))
    for told in (
        "请填写活动名称", "日期请填成", "开始时间请填成", "名额请填", "没有找到“没有这个人”", "大礼堂",
        "外请的专家请同时填写单位职务", "请填写姓名，或清空这一行", "请从列出的身份里选",
    ):  # fmt: skip
        assert told in page, told
    assert Activity.objects.count() == 0
    assert "请至少选一个" in words(client.post(NEW, {k: v for k, v in FIELDS.items() if k != "for_office"}))
    assert "结束日期不能早于开始日期" in words(client.post(NEW, FIELDS | {"until": "2026-03-27"}))
    assert "表格没有收全" in words(client.post(NEW, {"title": "甲", "date": "2026-03-28", "sign_up": "none"}))


def test_a_lecturer_who_was_here_before_is_known_by_name(client, office):
    known = Lecturer.objects.create(name="陈教授", unit="大学")
    alone = Lecturer.objects.create(name="作家甲")
    assert '<option value="陈教授（大学）">' in words(client.get(NEW))
    typed = [{"name": name, "part": "lecturer", "unit": unit} for name, unit in (
        ("陈教授（大学）", ""), ("陈教授", "大学"), ("作家甲", ""),
    )]  # fmt: skip
    client.post(NEW, FIELDS | rows("speakers", *typed))
    assert [each.lecturer for each in Activity.objects.get().speakers.all()] == [known, known, alone]
    assert Lecturer.objects.count() == 2


def test_more_rows_and_the_catalogue_are_buttons_that_store_nothing(client, office):
    book = BookFactory(title="乡土中国", isbn="9787208171336")
    sent = (
        FIELDS
        | {"title": "没写完", "venue": "三楼", "version": "0"}
        | rows("speakers", {"name": "某", "topic": "题目"})
    )
    sent |= rows("books", {"title": "978-7-208-17133-6"})
    more = client.post(NEW, sent | {"action": "speakers"})
    assert (len(more.context["speakers"].forms), "题目" in words(more), "三楼" in words(more)) == (4, True, True)
    assert "没有保存" not in words(more)
    assert len(client.post(NEW, sent | {"action": "books"}).context["books"].forms) == 4
    found = client.post(NEW, sent | {"action": "find:0"})
    assert [each.pk for each in found.context["books"].forms[0].offered] == [book.pk]
    for action in ("find:9", "find:x", "find:" + "9" * 30):
        assert client.post(NEW, sent | {"action": action}).status_code == 200
    assert Activity.objects.count() == 0


def test_an_earlier_activity_is_copied_without_what_belongs_to_its_day(client, office):
    speaker = reader()
    earlier = scheduled(
        office, description="带书", guests=9, conclusions="好", sign_up=SignUp.OPEN, capacity=20, for_union=True,
        voices=[Voice(Part.LEAD, speaker, topic="题目")], titles=[Title("一本书")],
    )  # fmt: skip
    opened = client.get(NEW, {"copy": earlier.pk})
    shown = {name: opened.context["form"][name].value() for name in (
        "title", "venue", "capacity", "for_union", "date", "guests", "conclusions",
    )}  # fmt: skip
    assert shown == {
        "title": "三月读书日", "venue": "三楼会议室", "capacity": 20, "for_union": True, "date": None, "guests": None,
        "conclusions": "",
    }  # fmt: skip
    assert (speaker.employee_number in words(opened), "一本书" in words(opened)) == (True, True)
    for nonsense in ("987654", "x", "9" * 30, "\x00"):
        assert client.get(NEW, {"copy": nonsense}).context["form"]["date"].value() == date(2026, 3, 20)


def test_an_edit_changes_what_was_changed_and_keeps_who_left(client, office):
    speaker = reader()
    activity = scheduled(office, organiser=speaker, voices=[Voice(Part.LEAD, speaker)], titles=[Title("一本书")])
    type(speaker).objects.filter(pk=speaker.pk).update(is_active=False)
    url = reverse("activity_edit", args=[activity.pk])
    opened = client.get(url)
    label = f"{speaker.name}（{speaker.employee_number}）"
    assert (label in words(opened), 'name="version" value="1"' in words(opened)) == (True, True)
    sent = FIELDS | {"starts_at": "14:30", "ends_at": "16:00", "venue": "大礼堂", "organiser": label, "version": "1"}
    sent |= rows("speakers", {"name": label, "part": "lead"}) | rows("books", {"title": "一本书"})
    assert client.post(url, sent).url == reverse("activity", args=[activity.pk])
    stored = Activity.objects.get()
    assert (stored.venue, stored.organiser, stored.version) == ("大礼堂", speaker, 2)
    assert stored.events.last().reason == "地点：三楼会议室 → 大礼堂"


def test_the_second_of_two_is_told_keeps_the_text_and_may_save_over_it(client, office):
    activity = scheduled(office)
    url = reverse("activity_edit", args=[activity.pk])
    client.post(url, FIELDS | {"venue": "大礼堂", "version": "1"})
    late = client.post(url, FIELDS | {"venue": "一楼", "description": "写了很久", "version": "1"})
    assert late.status_code == 409
    for told in ("刚被别人改过", "大礼堂", "一楼", "写了很久", 'name="version" value="2"'):
        assert told in words(late), told
    assert client.post(url, FIELDS | {"venue": "一楼", "version": "2"}).status_code == 302
    assert client.post(url, FIELDS | {"venue": "三楼", "version": "x"}).status_code == 409
    assert Activity.objects.get().venue == "一楼"


def test_what_the_service_refuses_stands_at_its_field(client, office):
    activity = scheduled(office, sign_up=SignUp.OPEN, capacity=2)
    sign_up(activity, reader()), sign_up(activity, reader())
    sent = FIELDS | {"sign_up": "open", "capacity": "1", "version": "1"}
    page = client.post(reverse("activity_edit", args=[activity.pk]), sent)
    assert list(page.context["form"].errors) == ["capacity"]


def test_a_cancelled_one_is_not_edited(client, office):
    activity = scheduled(office)
    Activity.objects.update(state="cancelled")
    url = reverse("activity_edit", args=[activity.pk])
    assert "要修改请先恢复" in words(client.get(url, follow=True))
    assert "现在是“已取消”，不能修改" in words(client.post(url, FIELDS | {"version": "1"}))


def test_an_agencys_office_hosts_in_its_own_departments(client):
    county = County()
    client.force_login(county.clerk)
    choices = dict(client.get(NEW).context["form"].fields["department"].choices)
    assert set(choices) == {"", county.ours.pk, county.office.pk}
    assert "请选择主办的科室" in words(client.post(NEW, FIELDS))
    assert "请从列出的科室里选" in words(client.post(NEW, FIELDS | {"department": county.theirs.pk}))
    assert client.post(NEW, FIELDS | {"department": county.office.pk}).status_code == 302
    client.force_login(county.head)
    assert client.post(NEW, FIELDS).status_code == 302
    whole = Activity.objects.get(department=None)
    client.force_login(county.clerk)
    assert client.get(reverse("activity_edit", args=[whole.pk])).status_code == 404


def test_a_closed_theme_stays_with_its_activity_only(client, office):
    theme = Theme.objects.create(title="旧主题", since=DAY, until=DAY, is_closed=True)
    activity = scheduled(office, theme=theme)
    assert "旧主题" in words(client.get(reverse("activity_edit", args=[activity.pk])))
    assert "旧主题" not in words(client.get(NEW))
    assert "请从列出的主题阅读里选" in words(client.post(NEW, FIELDS | {"theme": theme.pk}))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_told_or_kept(client, office, text):
    activity = scheduled(office)
    sent = dict.fromkeys((*FIELDS, *ActivityForm.base_fields, "version"), text) | ROWS
    cells = rows("speakers", dict.fromkeys(("name", "part", "unit", "topic"), text))
    cells |= rows("books", dict.fromkeys(("title", "book"), text))
    for url in (NEW, reverse("activity_edit", args=[activity.pk])):
        for action in ("save", "speakers", "books", "find:0", text):
            assert client.post(url, sent | cells | {"action": action}).status_code in (200, 409)
        assert client.post(url, sent | dict.fromkeys(ROWS, text)).status_code in (200, 409)
    fine = FIELDS | dict.fromkeys(("title", "venue", "description", "partner"), text[:100]) | {"version": "1"}
    response = client.post(reverse("activity_edit", args=[activity.pk]), fine, follow=True)
    assert (response.status_code, "<script>alert" in words(response)) == (200, False)


def test_what_was_typed_outlives_the_session(client):
    person = clerk()
    person.password = make_password("Lanting-3-yue")
    person.save(update_fields=["password"])
    activity = scheduled(person)
    pages = {
        NEW: FIELDS | {"title": "没有保存的话"} | rows("books", {"title": "没写完的书"}),
        reverse("activity_edit", args=[activity.pk]): FIELDS | {"venue": "没有保存的话", "version": "1"},
        reverse("activity_cancel", args=[activity.pk]): {"reason": "没有保存的话", "seen": "1"},
    }
    for page, typed in pages.items():
        client.force_login(person)
        hidden = dict(re.findall(r'<input type="hidden" name="(writer)" value="([^"]*)"', words(client.get(page))))
        session = client.session
        session["seen_at"] = int(time.time()) - 31 * 60
        session.save()
        response = client.post(page, hidden | typed, headers={"referer": f"http://testserver{page}"})
        assert response.url.startswith(reverse("login")), page
        client.post(response.url, {"username": person.employee_number, "password": "Lanting-3-yue"})
        again = words(client.get(page))
        assert ("没有保存的话" in again, "已取回登录失效前填写的文字" in again) == (True, True), page
    assert Activity.objects.get().version == 1


def test_the_form_asks_as_much_for_many_rows_as_for_one(client, office):
    counts = []
    for number in (1, 30):
        voices = [Voice(Part.LEAD, reader()) for _ in range(number)]
        titles = [Title("书", BookFactory()) for _ in range(number)]
        activity = scheduled(office, NOW, title=f"读书日{number}", voices=voices, titles=titles)
        counts.append(queries(client, reverse("activity_edit", args=[activity.pk])))
    assert counts[0] == counts[1] <= 10
