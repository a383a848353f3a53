"""Minutes, conclusions, replay and guests: written by who runs the activity, both texts kept where two write."""

import re
import time

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from activities.kinds import PhotographKind
from activities.models import Activity, ActivityEvent, Attendance
from activities.services.minutes import Outcome, record_outcome
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory
from activities.tests.media import a_call, a_material, a_photograph, a_theme, activity, organiser
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from reading.tests.factories import reader
from shuxiang.links import BadLink

__all__ = ["activity", "organiser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeds")]
TYPED = {"minutes": "第一段。\n\n第二段。", "conclusions": "一、再办一次。", "replay": "", "guests": ""}


def post(client, activity, seen=1, **typed):
    return client.post(f"/activities/{activity.pk}/minutes/", {**TYPED, "seen": seen, **typed})


def test_what_changed_is_recorded(client, activity, organiser):
    before = Activity.objects.get()
    sent = post(client, activity, replay="HTTPS://学习.example/录像?a=1", guests="３０")
    assert sent.url == f"/activities/{activity.pk}/"
    now = Activity.objects.get()
    assert (now.minutes, now.conclusions, now.guests) == (TYPED["minutes"], TYPED["conclusions"], 30)
    assert now.replay.startswith("https://xn--")
    assert (now.version, now.changed_at, now.sequence) == (2, before.changed_at, 0)
    event = ActivityEvent.objects.get()
    assert (event.action, event.actor, event.reason) == ("edit", organiser, "纪要、结论、回放网址、外来人数")
    post(client, activity, seen=2, replay="HTTPS://学习.example/录像?a=1", guests="30")
    assert (Activity.objects.get().version, ActivityEvent.objects.count()) == (2, 1)


def test_the_loser_of_two_keeps_the_text_and_sees_the_other(client, activity):
    post(client, activity, minutes="先写的")
    late = post(client, activity, minutes="后写的<b>")
    page = late.content.decode()
    assert late.status_code == 409
    assert "后写的&lt;b&gt;</textarea>" in page
    assert "<p>先写的</p>" in page
    assert 'name="seen" value="2"' in page
    assert Activity.objects.get().minutes == "先写的"
    assert post(client, activity, seen=2, minutes="合在一起").status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "１"])
def test_a_version_that_is_none_is_stale(client, activity, seen):
    assert post(client, activity, seen=seen).status_code == 409


def test_two_stale_copies(activity, organiser):
    sent = {"activity": activity, "seen": 1, "by": organiser, "now": timezone.now()}
    assert record_outcome(outcome=Outcome(minutes="甲"), **sent) == ["纪要"]
    with pytest.raises(Stale):
        record_outcome(outcome=Outcome(minutes="乙"), **sent)
    assert (Activity.objects.get().minutes, ActivityEvent.objects.count()) == ("甲", 1)


def test_who_does_not_run_it_may_not(client, activity):
    stranger = reader(Role.LEADER)
    with pytest.raises(NotAllowed):
        record_outcome(activity=activity, seen=1, outcome=Outcome(), by=stranger, now=timezone.now())
    client.force_login(stranger)
    assert client.get(f"/activities/{activity.pk}/minutes/").status_code == 404
    assert post(client, activity).status_code == 404


def test_a_cancelled_activity_has_none(client, organiser):
    cancelled = ActivityFactory(organiser=organiser, state=ActivityState.CANCELLED)
    with pytest.raises(IllegalStep):
        record_outcome(activity=cancelled, seen=1, outcome=Outcome("x"), by=organiser, now=timezone.now())
    assert client.get(f"/activities/{cancelled.pk}/minutes/").url == f"/activities/{cancelled.pk}/"
    assert "现在是“已取消”" in post(client, cancelled).content.decode()


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "ftp://a.example/", "//a.example/x", "https://", "http://a:b@c.d/", "data:text/html,x"],
)
def test_only_addresses_of_the_web_replay(client, activity, organiser, link):
    page = post(client, activity, replay=link).content.decode()
    assert "回放网址</a>：网址" in page
    assert "第二段。" in page
    with pytest.raises(BadLink):
        record_outcome(activity=activity, seen=1, outcome=Outcome(replay=link), by=organiser, now=timezone.now())
    assert Activity.objects.get().replay == ""


@pytest.mark.parametrize("guests", ["-1", "100000", "几十", "1.5"])
def test_guests_are_a_number(client, activity, guests):
    assert "外来人数请填 0 到 99999 的整数。" in post(client, activity, guests=guests).content.decode()


def test_nobody_counted_is_not_none_came(client, activity):
    post(client, activity, guests="0")
    assert Activity.objects.get().guests == 0
    post(client, activity, seen=2, guests="")
    assert Activity.objects.get().guests is None


@pytest.mark.parametrize(
    "text", ["𠮷\U0001f4da", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "甲\u202e乙\x00丙"]
)
def test_strange_texts_are_kept_and_shown_as_text(client, activity, text):
    post(client, activity, minutes=text)
    assert Activity.objects.get().minutes == text.replace("\u202e", "").replace("\x00", " ")
    page = client.get(f"/activities/{activity.pk}/minutes/print/").content.decode()
    assert "<script>alert" not in page


def test_a_text_much_too_long_stays_in_the_form(client, activity):
    page = post(client, activity, minutes="长" * 100_000).content.decode()
    assert "纪要最多 20,000 字，现在有 100000 字" in page
    assert "长" * 100_000 in page


@pytest.mark.parametrize(
    ("page", "sent_to", "typed"),
    [
        ("minutes/", "minutes/", {"minutes": "写了很久"}),
        ("materials/", "materials/", {"title": "写了很久"}),
        ("photographs/", "photographs/arrange/", {"caption": "写了很久"}),
    ],
)
def test_the_text_outlives_the_session(client, activity, organiser, page, sent_to, typed):
    row, home = a_photograph(activity), f"/activities/{activity.pk}/"
    organiser.set_password("Lanting-3-yue")
    organiser.save(update_fields=["password"])
    client.force_login(organiser)
    opened = client.get(home + page).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(writer|seen)" value="([^"]*)"', opened))
    session = client.session
    session["seen_at"] = int(time.time()) - 31 * 60
    session.save()
    form = hidden | {f"caption-{row.pk}" if name == "caption" else name: text for name, text in typed.items()}
    late = client.post(home + sent_to, form, headers={"referer": f"http://testserver{home}{page}"})
    client.post(late.url, {"username": organiser.employee_number, "password": "Lanting-3-yue"})
    again = client.get(home + page).content.decode()
    assert "写了很久" in again
    assert "已取回" in again
    for name, value in hidden.items():
        assert name == "writer" or f'name="{name}" value="{value}"' in again
    assert Activity.objects.get().minutes == ""


def test_the_paper_says_who_came_and_shows_photographs_when_asked(client, activity):
    for cadre in (reader(), reader()):
        for capacity in Attendance.Capacity.values:
            Attendance.objects.create(activity=activity, cadre=cadre, capacity=capacity)
    Attendance.objects.create(activity=activity, cadre=reader(), is_void=True)
    post(client, activity, guests="5")
    picture, sheet = a_photograph(activity), a_photograph(activity, PhotographKind.SHEET)
    client.force_login(reader())
    page = client.get(f"/activities/{activity.pk}/minutes/print/").content.decode()
    assert "本单位 2 人，外来 5 人" in page
    assert "<p>第一段。</p>" in page
    assert f"/activity-pictures/{picture.pk}/" not in page
    page = client.get(f"/activities/{activity.pk}/minutes/print/?photographs=1").content.decode()
    assert f'src="/activity-pictures/{picture.pk}/"' in page
    assert f"/activity-pictures/{sheet.pk}/" not in page


def part(viewer, activity) -> str:
    request = RequestFactory().get("/")
    request.user = viewer
    template = Template("{% load media %}{% media_part activity %}")
    return template.render(Context({"request": request, "activity": activity})).strip()


def test_the_paper_names_organiser_books_and_replay(client, activity, organiser):
    post(client, activity, replay="https://replay.example/1")
    activity.books.create(title="盐铁论")
    page = client.get(f"/activities/{activity.pk}/minutes/print/").content.decode()
    for words in (organiser.name, "《<bdi>盐铁论</bdi>》", "https://replay.example/1"):
        assert words in page


def test_the_part_shows_what_there_is_and_nothing_else(activity, organiser, django_assert_max_num_queries):
    viewer = reader()
    assert part(viewer, activity) == ""
    assert "登记纪要" in part(organiser, activity)
    for _ in range(9):
        a_photograph(activity)
    a_photograph(activity, PhotographKind.SHEET)
    a_material(activity=activity)
    Activity.objects.update(minutes="甲\n\n<b>乙", replay="https://a.example/")
    activity.refresh_from_db()
    viewer.has_role(Role.OFFICE)
    with django_assert_max_num_queries(2):
        shown = part(viewer, activity)
    assert "<p>&lt;b&gt;乙</p>" in shown
    assert shown.count("?small") == 8
    assert "全部 9 张" in shown
    assert "签到表" not in shown
    assert "签到表照片 1 张" in part(organiser, activity)


def test_themes_and_calls_show_their_materials():
    theme, call = a_theme(), a_call()
    a_material(theme=theme)
    request = RequestFactory().get("/")
    template = Template("{% load media %}{% materials_of theme=theme %}{% materials_of call=call %}")
    for role, count in ((Role.CADRE, 1), (Role.OFFICE, 2)):
        request.user = reader(role)
        shown = template.render(Context({"request": request, "theme": theme, "call": call}))
        assert shown.count("<section") == count
        assert ("管理材料" in shown) == (role == Role.OFFICE)
