"""The page of an activity and the steps of its life, by whom and on which version."""

import re
from datetime import datetime

import pytest
from django.urls import reverse

from activities.kinds import PROGRESS_MEETING, TALK, Part, PhotographKind
from activities.models import Activity, Attendance
from activities.services.content import Title, Voice
from activities.services.findings import raise_finding
from activities.services.scheduling import cancel
from activities.tests.calling import opened_call
from activities.tests.factories import ActivityFactory, SeriesFactory
from activities.tests.media import a_material, a_photograph
from activities.tests.scheduled import DAY, NOW, clerk, on, scheduled, sign_up
from notices.models import Notice
from organization.roles import Role
from organization.tests.county import County
from reading.tests.factories import BookFactory, reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI
from shuxiang.tests.queries import queries

pytestmark = [pytest.mark.django_db, pytest.mark.at(datetime(2026, 3, 20, 9, tzinfo=SHANGHAI))]


def shown(client, activity) -> str:
    response = client.get(reverse("activity", args=[activity.pk]))
    assert response.status_code == 200
    return response.content.decode()


def step(client, activity, action, seen=None):
    sent = {"action": action, "seen": activity.version if seen is None else seen}
    return client.post(reverse("activity_state", args=[activity.pk]), sent, follow=True)


def test_everything_stands_on_the_page(client):
    speaker, book = reader(), BookFactory(title="乡土中国", author="费孝通")
    activity = scheduled(
        for_union=True, description="第一段\n\n第二段", partner="晚报", guests=12, conclusions="一致同意",
        voices=[Voice(Part.HOST, speaker), Voice(Part.LECTURER, name="陈教授", unit="大学", topic="怎样读史")],
        titles=[Title("没有的书"), Title(book.title, book)],
    )  # fmt: skip
    client.force_login(reader())
    html = shown(client, activity)
    for words in (
        "2026 年 3 月 28 日 星期六 14:30–16:00", "三楼会议室", "HD2026-0001", "机关", "工会", "已安排", "晚报", "12 人",
        speaker.name, "主持", "陈教授", "大学", "怎样读史", "《没有的书》", f'href="/books/{book.pk}/"', "费孝通",
        "<p>第一段</p>", "一致同意",
    ):  # fmt: skip
        assert words in html, words
    for words in ("支部", "取消活动", "修改</a>", "经过", "照此再办一次"):
        assert words not in html, words


@pytest.mark.parametrize(
    ("key", "words"), [("2026Q1", "2026 年第一季度"), ("2026-03", "2026 年 3 月"), ("2026", "2026 年")]
)
def test_which_one_of_its_series_is_said_in_words(client, key, words):
    activity = ActivityFactory(series=SeriesFactory(title="分享会"), occurrence=key, date=DAY)
    client.force_login(reader())
    assert f"<bdi>分享会</bdi>，{words}</dd>" in shown(client, activity)


def lines(client, activity) -> list[tuple[str, str]]:
    """The parts with nothing in them, each with the words of its way on."""
    found = re.findall(r'<section class="unfilled".*?</section>', shown(client, activity), re.DOTALL)
    return [
        (re.search(r"<h2[^>]*>(.*?)</h2>", each)[1], "".join(re.findall(r"<a[^>]*>(.*?)</a>", each))) for each in found
    ]


def test_what_has_nothing_in_it_is_one_line_with_its_way_on(client):
    organiser, office = reader(), clerk()
    activity = scheduled(office, organiser=organiser, category=PROGRESS_MEETING)
    before = [("签到", "打印签到表"), ("纪要", "登记纪要"), ("材料", "管理材料"), ("照片", "管理照片")]
    problems = ("发现的问题", "记一条问题推进会和问题台账")
    client.force_login(organiser)
    assert lines(client, activity) == [*before, problems]
    client.force_login(office)
    assert lines(client, activity) == [*before, ("征集令", "起草征集令"), problems]
    client.force_login(reader())
    assert lines(client, activity) == [("签到", "")]


def test_what_is_filled_is_a_part_of_its_own(client):
    office = clerk()
    activity = ActivityFactory(date=DAY.replace(day=20), minutes="会上说的", category=TALK)
    a_material(activity=activity)
    a_photograph(activity, PhotographKind.SHEET)
    opened_call(activity=activity)
    raise_finding(by=office, text="灯太暗", source=activity, now=NOW)
    client.force_login(office)
    assert lines(client, activity) == [("问卷", "发放活动后反馈")]
    page = shown(client, activity)
    for words in ("登记签到", "修改纪要", "管理材料", "签到表照片 1 张", "起草征集令", "灯太暗"):
        assert words in page, words


def test_who_sees_which_buttons(client):
    organiser, office = reader(), clerk()
    activity = scheduled(office, organiser=organiser)
    buttons = ("登记举办", "修改</a>", "照此再办一次", "取消活动", "经过")

    def seen(person) -> list[str]:
        client.force_login(person)
        html = shown(client, activity)
        return [word for word in buttons if word in html]

    assert seen(office) == list(buttons[1:])
    assert seen(organiser) == ["经过"]
    assert seen(reader(Role.LEADER)) == []


@pytest.mark.parametrize(("now", "offered"), [(on(DAY, 0, 0), True), (on(DAY.replace(day=27), 23, 59), False)])
def test_held_is_offered_on_its_day(client, clock, now, offered):
    activity = scheduled()
    clock.move_to(now)
    client.force_login(clerk())
    html = shown(client, activity)
    assert ("登记举办" in html, "今天</span>" in html) == (offered, offered)


def test_a_stranger_finds_nothing(client):
    county = County()
    activity = scheduled(county.clerk, department=county.office)
    for person, status in ((county.stranger, 404), (county.colleague, 200)):
        client.force_login(person)
        assert client.get(reverse("activity", args=[activity.pk])).status_code == status
        for name in ("activity_edit", "activity_cancel"):
            assert client.get(reverse(name, args=[activity.pk])).status_code == 404
            assert client.post(reverse(name, args=[activity.pk]), {"reason": "x"}).status_code == 404
        assert client.post(reverse("activity_state", args=[activity.pk]), {"action": "hold"}).status_code == 404
    assert Activity.objects.get().state == "scheduled"


def test_the_steps_from_the_page(client, clock):
    activity = scheduled()
    client.force_login(clerk())
    assert "到那天才能登记举办" in step(client, activity, "hold").content.decode()
    clock.move_to(on(DAY))
    client.force_login(clerk())
    for action, words, state in (("hold", "已登记举办", "held"), ("reopen", "已改回已安排", "scheduled")):
        assert words in step(client, activity, action).content.decode()
        activity.refresh_from_db()
        assert activity.state == state
    cancel(activity=activity, by=clerk(), reason="停电", now=NOW)
    assert "恢复" in step(client, activity, "restore").content.decode()
    assert Activity.objects.get().state == "scheduled"


def test_a_step_from_an_older_page_or_one_that_is_none_is_told(client, clock):
    activity = scheduled()
    clock.move_to(on(DAY))
    client.force_login(clerk())
    for action, seen, words in (
        ("hold", 7, "刚被别人办理过"), ("hold", "x" * 5000, "刚被别人办理过"), ("burn", 1, "没有看懂"),
        ("reopen", 1, "现在是“已安排”，不能改回已安排"), ("cancel", 1, "没有看懂"), ("", "", "没有看懂"),
    ):  # fmt: skip
        assert words in step(client, activity, action, seen).content.decode(), action
    assert Activity.objects.get().state == "scheduled"


def test_the_organiser_holds_it_but_cancels_nothing(client, clock):
    organiser = reader()
    activity = scheduled(organiser=organiser)
    clock.move_to(on(DAY))
    client.force_login(organiser)
    assert "登记举办" in shown(client, activity)
    step(client, activity, "hold")
    assert Activity.objects.get().state == "held"
    assert client.get(reverse("activity_cancel", args=[activity.pk])).status_code == 404


def test_cancelling_from_the_page(client):
    activity, person = scheduled(), reader()
    sign_up(activity, person)
    client.force_login(clerk())
    url = reverse("activity_cancel", args=[activity.pk])
    opened = client.get(url).content.decode()
    assert ("已有 1 人报名或候补" in opened, 'name="seen" value="1"' in opened) == (True, True)
    assert "请填写原因" in client.post(url, {"seen": "1", "reason": " "}).content.decode()
    late = client.post(url, {"seen": "9", "reason": "会议室停电"})
    assert (late.status_code, "会议室停电" in late.content.decode()) == (409, True)
    done = client.post(url, {"seen": "1", "reason": "会议室停电"}, follow=True).content.decode()
    assert "活动已取消：<bdi>会议室停电</bdi>" in done
    assert Notice.objects.get().recipient == person
    assert "不能取消" in client.get(url, follow=True).content.decode()
    for address in (reverse("activities") + "?month=2026-03", reverse("activities") + "?view=list"):
        assert "会议室停电" in client.get(address).content.decode()


def test_attendance_that_stands_is_told_when_cancelling(client):
    activity = scheduled()
    Attendance.objects.create(activity=activity, cadre=reader())
    client.force_login(clerk())
    page = client.post(reverse("activity_cancel", args=[activity.pk]), {"seen": "1", "reason": "停电"})
    assert "已经登记了 1 人的签到，不能取消" in page.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_reasons_are_told_or_kept(client, text):
    activity = scheduled()
    client.force_login(clerk())
    sent = dict.fromkeys(("seen", "action", "reason"), text)
    assert client.post(reverse("activity_state", args=[activity.pk]), sent).status_code == 302
    assert client.post(reverse("activity_cancel", args=[activity.pk]), sent).status_code in (200, 409)
    response = client.post(reverse("activity_cancel", args=[activity.pk]), {"seen": "1", "reason": text}, follow=True)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_a_page_asks_as_much_for_many_rows_as_for_one(client):
    office, counts = clerk(), []
    client.force_login(office)
    for number in (1, 30):
        titles = [Title(f"书{each}", BookFactory()) for each in range(number)]
        voices = [Voice(Part.LEAD, reader()) for _ in range(number)]
        activity = scheduled(title=f"读书日{number}", voices=voices, titles=titles)
        for _ in range(number):
            activity.events.create(action="edit", at=NOW, to_state="scheduled", actor=reader())
        counts.append(queries(client, reverse("activity", args=[activity.pk])))
    assert counts[0] == counts[1] <= 13
