"""The ticking page, with scripts and without, and what the activity's own page says of attendance."""

from datetime import date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from activities.kinds import Part
from activities.models import Activity, Attendance, AttendanceEvent, Registration, Speaker
from activities.services.roll import with_counts
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory, held
from activities.tests.people import office
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from organization.tests.signing_in import PASSWORD
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI
from shuxiang.tests.queries import queries

__all__ = ["office"]
pytestmark = pytest.mark.django_db
HOSTILE = ("", "void", "held", "=cmd()", "\x00", "\u202e主讲", "𠮷" * 10, "9" * 40, "-1", "²", "a" * 100_000)


@pytest.fixture
def department():
    return DepartmentFactory(parent=bureau(), name="综合科")


@pytest.fixture
def people(department):
    return [CadreFactory(name=name, department=department) for name in ("陈一", "陈二", "曾三")]


@pytest.fixture
def activity():
    return ActivityFactory(date=timezone.localdate())


def url_of(activity, name="attendance", **more):
    return reverse(name, args=[activity.pk, *more.values()])


def shown(client, activity, **query):
    response = client.get(url_of(activity), query)
    assert response.status_code == 200
    return response


def names(response):
    return [row.name for row in response.context["rows"]]


def form_of(*ticks):
    """(person, what the page showed, what is chosen)."""
    sent = {}
    for person, before, chosen in ticks:
        sent |= {f"seen-{person.pk}": before, f"capacity-{person.pk}": chosen}
    return sent


def tick(client, activity, person, seen, capacity):
    data = {"one": person.pk, **form_of((person, seen, capacity))}
    return client.post(url_of(activity), data, headers={"HX-Request": "true"})


def states():
    return dict(Attendance.objects.valid().values_list("cadre__name", "capacity"))


def test_a_tick_answers_with_the_persons_line_and_the_counts(client, office, people, activity):
    page = tick(client, activity, people[0], "", "speaking").content.decode()
    assert states() == {"陈一": "speaking"}
    assert f'<li id="person-{people[0].pk}">' in page
    assert 'hx-swap-oob="true"' in page
    assert "<html" not in page
    assert Activity.objects.get(pk=activity.pk).state == ActivityState.HELD
    assert f'name="seen-{people[0].pk}" value="speaking"' in page
    assert AttendanceEvent.objects.get().actor == office


def test_a_tick_over_another_persons_is_told_in_the_line(client, office, people, activity):
    tick(client, activity, people[0], "", "speaking")
    client.force_login(reader(Role.OFFICE))
    page = tick(client, activity, people[0], "", "attending").content.decode()
    assert f"刚由{office.name}改为“主讲”" in page
    assert f'name="seen-{people[0].pk}" value="speaking"' in page
    assert states() == {"陈一": "speaking"}


def test_the_form_without_scripts_writes_what_was_changed_on_it_only(client, office, people, activity):
    tick(client, activity, people[1], "", "speaking")
    client.force_login(other := reader(Role.OFFICE))
    before = shown(client, activity)
    assert names(before)[:3] != []
    sent = form_of((people[0], "", "attending"), (people[1], "", ""), (people[2], "", "speaking"))
    response = client.post(f"{url_of(activity)}?show=absent&page=1", sent, follow=True)
    assert response.redirect_chain == [(f"{url_of(activity)}?show=absent&page=1", 302)]
    assert "已记下：新登记 2 人。" in response.content.decode()
    assert states() == {"陈一": "attending", "陈二": "speaking", "曾三": "speaking"}
    assert AttendanceEvent.objects.filter(actor=other).count() == 2
    sent = form_of((people[1], "", "attending"), (people[2], "speaking", "speaking"))
    page = client.post(url_of(activity), sent, follow=True).content.decode()
    assert "陈二的签到刚由" in page
    assert states()["陈二"] == "speaking"
    assert "本页没有改动" in client.post(url_of(activity), {}, follow=True).content.decode()


def test_the_page_begins_with_who_speaks_and_who_signed_up(client, office, people, activity, department):
    Speaker.objects.create(activity=activity, cadre=people[2], part=Part.LECTURER)
    Speaker.objects.create(activity=activity, cadre=CadreFactory(name="主持人", department=department), part=Part.HOST)
    for person, state in ((people[1], "registered"), (people[0], "waiting")):
        Registration.objects.create(activity=activity, cadre=person, state=state, queued_at=timezone.now())
    response = shown(client, activity)
    assert names(response)[:3] == ["曾三", "陈二", "主持人"]
    rows = response.context["rows"]
    assert [row.expected for row in rows[:4]] == ["安排主讲", "已报名", "安排主持", ""]
    assert [row.is_speaker for row in rows[:3]] == [True, False, False]
    assert sorted(names(shown(client, activity, show="expected"))) == sorted(["曾三", "陈二", "主持人"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "zeng"}, ["曾三"]),
        ({"q": "ceng"}, ["曾三"]),
        ({"q": "chen er"}, []),
        ({"q": "cy"}, ["陈一"]),
        ({"q": "陈"}, ["陈一", "陈二"]),
        ({"q": "《》"}, []),
        ({"show": "present"}, ["陈一"]),
        ({"show": "nonsense", "department": "x", "page": "99", "q": "曾"}, ["曾三"]),
    ],
)
def test_people_are_found_and_filtered(client, office, people, activity, query, found):
    tick(client, activity, people[0], "", "attending")
    assert names(shown(client, activity, **query)) == found


def test_the_own_line_has_no_ticks(client, people, activity):
    Activity.objects.filter(pk=activity.pk).update(organiser=people[0])
    client.force_login(people[0])
    page = shown(client, activity).content.decode()
    assert "您自己的签到请由办公室登记" in page
    assert f'name="capacity-{people[0].pk}"' not in page
    assert f'name="capacity-{people[1].pk}"' in page
    assert "您自己的签到" in tick(client, activity, people[0], "", "speaking").content.decode()
    assert states() == {}


def test_what_was_recorded_on_another_day_is_corrected_with_a_reason(client, office, people, activity):
    row = Attendance.objects.create(activity=activity, cadre=people[0])
    Attendance.objects.update(created_at=timezone.now() - timedelta(days=1))
    page = shown(client, activity).content.decode()
    assert f'name="capacity-{people[0].pk}"' not in page
    assert f'href="{reverse("attendance_record", args=[activity.pk, row.pk])}">更正' in page
    assert "要写明原因" in tick(client, activity, people[0], "attending", "").content.decode()
    assert states() == {"陈一": "attending"}


@pytest.mark.at(datetime(2026, 3, 27, 23, 59, tzinfo=SHANGHAI))
def test_before_the_day_the_page_offers_the_sheet_only(client, people, clock):
    office = reader(Role.OFFICE)
    activity = ActivityFactory(date=date(2026, 3, 28))
    client.force_login(office)
    page = shown(client, activity).content.decode()
    assert "活动在 2026 年 3 月 28 日 星期六举行，当天起才能登记签到" in page
    assert 'class="tick"' not in page
    assert "当天起才能登记" in tick(client, activity, people[0], "", "attending").content.decode()
    clock.move_to(datetime(2026, 3, 28, 23, 59, tzinfo=SHANGHAI))
    client.force_login(office)
    assert 'class="tick"' in shown(client, activity).content.decode()
    tick(client, activity, people[0], "", "attending")
    assert states() == {"陈一": "attending"}


def test_a_cancelled_one_takes_none(client, office, people, activity):
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.CANCELLED)
    assert "已经取消" in shown(client, activity).content.decode()
    assert "已经取消" in tick(client, activity, people[0], "", "attending").content.decode()
    sent = client.post(url_of(activity), form_of((people[0], "", "attending")), follow=True)
    assert "已经取消" in sent.content.decode()
    assert states() == {}


def test_strangers_and_colleagues_do_not_open_it(client, people, activity):
    for viewer in (people[0], reader(Role.LEADER), reader(Role.LIAISON)):
        client.force_login(viewer)
        assert client.get(url_of(activity)).status_code == 404
        assert tick(client, activity, people[1], "", "attending").status_code == 404
    assert states() == {}


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_record_nobody(client, office, people, activity, value):
    key = people[0].pk
    for data in (
        {f"seen-{key}": value, f"capacity-{key}": "attending"} if value else {f"capacity-{key}": "attending"},
        {f"seen-{key}": "", f"capacity-{key}": value},
        {f"seen-{value}": "", f"capacity-{value}": "attending"},
    ):
        assert client.post(url_of(activity), data).status_code in (302, 400)  # no browser sends a name so long
        one = client.post(url_of(activity), {**data, "one": value}, headers={"HX-Request": "true"})
        assert one.status_code in (200, 400, 404)
        assert client.post(url_of(activity, "attendance_guests"), {"guests": value, "seen": value}).status_code in (
            200,
            302,
        )
        assert client.get(url_of(activity), {"q": value, "department": value, "show": value}).status_code == 200
    assert states() == {}


def test_guests_are_kept_with_what_was_typed(client, office, activity):
    url = url_of(activity, "attendance_guests")
    assert client.post(url, {"guests": "１２", "seen": ""}).status_code == 302
    assert Activity.objects.get(pk=activity.pk).guests == 12
    late = client.post(url, {"guests": "7", "seen": ""})
    assert "刚被别人办理过" in late.content.decode()
    assert 'name="guests" value="7"' in late.content.decode()
    assert "请填 0 到" in client.post(url, {"guests": "-5", "seen": "12"}).content.decode()


def test_after_the_log_in_from_the_code_on_paper_one_is_on_the_page(client, people, activity):
    Activity.objects.filter(pk=activity.pk).update(organiser=people[0])
    people[0].set_password(PASSWORD)
    people[0].password_changed_at = timezone.now()
    people[0].save()
    asked = client.get(url_of(activity))
    assert asked.url == f"/login/?next={url_of(activity)}"
    sent = client.post(asked.url, {"username": people[0].employee_number, "password": PASSWORD}, follow=True)
    assert sent.redirect_chain[-1][0] == url_of(activity)
    assert sent.status_code == 200


def test_ticks_of_an_ended_session_are_given_back(client, office, people, activity):
    page = shown(client, activity)
    writer = page.content.decode().split('name="writer" value="')[1].split('"')[0]
    client.logout()
    sent = {**form_of((people[0], "", "speaking")), "writer": writer}
    client.post(url_of(activity), sent)
    client.force_login(office)
    page = client.get(url_of(activity))
    assert "已取回登录失效前填写的文字" in page.content.decode()
    chosen = {row.name: (row.state, row.shown) for row in page.context["rows"]}
    assert chosen["陈一"] == ("", "speaking")


def test_it_asks_as_little_for_three_hundred_as_for_three(client, office, people, activity, department):
    counts = []
    for _ in range(2):
        counts.append(queries(client, url_of(activity)))
        for person in [CadreFactory(department=department) for _ in range(300)]:
            Attendance.objects.create(activity=activity, cadre=person)
    assert len(shown(client, activity).context["rows"]) == 50
    assert counts[0] == counts[1] <= 10


def part(viewer, activity):
    request = RequestFactory().get("/")
    request.user = viewer
    return Template("{% load attendance %}{% attendance_part activity %}").render(
        Context({"request": request, "activity": with_counts(Activity.objects.all(), viewer).get(pk=activity.pk)})
    )


def test_the_activitys_page_says_how_many_came_and_the_own_state(people, django_assert_max_num_queries):
    activity = held(organiser=people[2])
    assert "还没有登记签到" in part(people[0], activity)
    for person, capacity in ((people[0], "speaking"), (people[0], "attending"), (people[1], "attending")):
        Attendance.objects.create(activity=activity, cadre=person, capacity=capacity)
    Attendance.objects.create(activity=activity, cadre=people[2], is_void=True)
    with django_assert_max_num_queries(1):
        page = part(people[0], activity)
    assert "2 人到场，其中主讲 1 人" in page
    assert "您的签到：主讲" in page
    assert "/attendance/" not in page
    own = part(people[2], activity)
    assert "没有您的签到" in own
    assert url_of(activity) in own
    assert url_of(activity, "sheet") in own
    assert url_of(activity, "attendance_workbook") in own
