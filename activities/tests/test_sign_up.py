"""The part of the activity's page where people sign up, its addresses, and 我的活动 on 我的书香."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.kinds import SignUp
from activities.models import Activity, Registration
from activities.services.sign_up_lists import with_list
from activities.services.signing_up import sign_up
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory, with_sign_up
from organization.models import Cadre, Posting
from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI
from shuxiang.tests.pages import text_of, words_of
from shuxiang.tests.queries import queries

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 3, 28)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def part(activity, viewer, **context) -> str:
    """As the activity's page shows it."""
    request = RequestFactory().get("/")
    request.user = viewer
    template = engines["django"].from_string("{% load sign_up %}{% sign_up_part activity %}")
    shown = with_list(Activity.objects.select_related("organiser"), viewer, timezone.localdate()).get(pk=activity.pk)
    return template.render({"activity": shown, **context}, request)


def enter(activity, cadre=None) -> Registration:
    person = cadre or reader()
    return sign_up(activity=activity, cadre=person, by=person, now=NOW)


def post(client, activity, cancel=False, **sent):
    name = "sign_up_cancel" if cancel else "sign_up"
    return client.post(reverse(name, args=[activity.pk]), sent)


def said(response) -> list[str]:
    return [str(each) for each in response.wsgi_request._messages]


def test_each_state_has_its_words_and_its_button():
    activity, first, second = with_sign_up(capacity=1, date=DAY), reader(), reader()
    assert words_of(part(activity, first)).startswith(
        "报名 0 / 1 人已报名 报名截止 3 月 28 日 14:30。 报名 报名后为您保留名额"
    )
    enter(activity, first)
    assert "已报名 取消报名 不能来就请取消，名额马上让给别人" in words_of(part(activity, first))
    assert "候补 名额已满。候补按先后排队" in words_of(part(activity, second))
    enter(activity)
    enter(activity, second)
    assert "1 / 1 人已报名，候补 2 人" in words_of(part(activity, second))
    assert "候补第 2 位 取消候补 有人取消或名额增加时" in words_of(part(activity, second))
    assert "名额马上让给候补的第一位" in words_of(part(activity, first))


def test_who_moved_to_another_agency_still_finds_the_activity_and_can_leave_it(client):
    county = County()
    activity = with_sign_up(date=DAY, department=county.office)
    enter(activity, county.colleague)
    Posting.objects.filter(cadre=county.colleague).update(department=county.foreign_office)
    client.force_login(county.colleague)
    page = reverse("activity", args=[activity.pk])
    assert (page in client.get("/me/").content.decode(), client.get(page).status_code) == (True, 200)
    left = client.post(reverse("sign_up_cancel", args=[activity.pk]), {"seen": "registered"}, follow=True)
    assert (left.redirect_chain, "已取消报名" in left.content.decode()) == ([("/activities/", 302)], True)
    assert [client.get(page).status_code, post(client, activity).status_code] == [404, 404]


def test_without_a_limit_it_says_so():
    activity = with_sign_up(date=DAY)
    assert "0 人已报名，名额不限" in words_of(part(activity, reader()))


def test_nothing_where_nobody_signs_up():
    assert part(ActivityFactory(date=DAY), reader()).strip() == ""


def test_where_sign_up_was_given_up_who_had_a_seat_still_sees_it():
    activity, viewer = with_sign_up(date=DAY), reader()
    enter(activity, viewer)
    Activity.objects.filter(pk=activity.pk).update(sign_up=SignUp.NONE)
    assert "不再要求报名。 已报名 取消报名" in words_of(part(activity, viewer))
    assert words_of(part(activity, reader())) == "报名 1 人已报名，名额不限 不再要求报名。 直接参加就行。"


def test_what_is_closed_held_or_cancelled_has_no_button(time_machine):
    organiser = reader()
    activity, viewer = with_sign_up(date=DAY, organiser=organiser), reader()
    enter(activity, viewer)
    time_machine.move_to(datetime(2026, 3, 28, 14, 30, tzinfo=SHANGHAI), tick=False)
    assert "报名已于 3 月 28 日 14:30截止。 已报名" in words_of(part(activity, viewer))
    assert f"仍想参加请联系组织人{organiser.name}。" in words_of(part(activity, reader()))
    assert "<form" not in part(activity, viewer)
    for state, words in ((ActivityState.HELD, "活动已举办"), (ActivityState.CANCELLED, "活动已取消")):
        Activity.objects.filter(pk=activity.pk).update(state=state)
        assert words in words_of(part(activity, viewer))
        assert "<form" not in part(activity, viewer)


def test_who_is_not_in_service_reads_why():
    activity, viewer = with_sign_up(date=DAY), CadreFactory(roles=[Role.SYSTEM])
    assert "您活动当天不在岗，不能报名" in words_of(part(activity, viewer))


def test_only_who_runs_it_is_led_to_the_list():
    organiser = reader()
    activity = with_sign_up(date=DAY, organiser=organiser)
    found = [reverse("registrations", args=[activity.pk]) in part(activity, each) for each in (organiser, reader())]
    assert found == [True, False]


def test_it_asks_nothing_but_the_activity_whatever_the_length_of_the_queue():
    activity, viewer, counts = with_sign_up(capacity=1, date=DAY), reader(), []
    for number in (1, 29):
        for _ in range(number):
            enter(activity)
        with CaptureQueriesContext(connection) as queries:
            part(activity, viewer, runs=False)
        counts.append(len(queries) - 1)  # the test's own look at the activity
    assert counts == [0, 0]


def test_signing_up_and_back_from_the_page(client):
    activity, viewer = with_sign_up(capacity=1, date=DAY), reader()
    client.force_login(viewer)
    first, second = post(client, activity), post(client, activity)
    assert first.url == second.url == f"/activities/{activity.pk}/"
    assert said(second)[-1] == "您已经报名，不用再报。"
    assert Registration.objects.get().state == "registered"
    assert said(post(client, activity, cancel=True, seen="registered"))[-1] == "已取消报名。"
    assert said(post(client, activity, cancel=True, seen="registered"))[-1] == "您的报名已经取消。"
    enter(activity)
    assert said(post(client, activity))[-1] == "名额已满，已登记候补，轮到您时通知您。"
    assert Activity.objects.get().seats_taken == 1


def test_who_moved_up_meanwhile_is_asked_once_more(client):
    activity, viewer = with_sign_up(capacity=1, date=DAY), reader()
    first = enter(activity)
    enter(activity, viewer)
    client.force_login(first.cadre)
    post(client, activity, cancel=True)
    client.force_login(viewer)
    assert said(post(client, activity, cancel=True, seen="waiting"))[-1].startswith("您刚刚递补成功")
    assert Registration.objects.get(cadre=viewer).state == "registered"


def test_a_refusal_is_told(client):
    activity, viewer = with_sign_up(date=date(2026, 3, 1)), reader()
    client.force_login(viewer)
    assert said(post(client, activity))[-1].startswith("报名已于 3 月 1 日 14:30截止")


def test_strangers_and_idle_looks_get_nothing(client):
    county = County()
    activity = with_sign_up(department=county.office, date=DAY)
    client.force_login(county.stranger)
    assert post(client, activity).status_code == 404
    assert post(client, activity, cancel=True).status_code == 404
    assert client.get(reverse("sign_up", args=[activity.pk])).url == reverse("activity", args=[activity.pk])
    assert Registration.objects.count() == 0


def test_my_activities_stand_on_my_page_with_state_and_time(client):
    viewer = reader()
    full = with_sign_up(capacity=1, date=DAY, title="清明读书会")
    enter(full), enter(full), enter(full, viewer)
    enter(with_sign_up(date=date(2026, 3, 21), title="春分读书会"), viewer)
    gone = with_sign_up(date=date(2026, 4, 1), title="谷雨读书会")
    enter(gone, viewer)
    Activity.objects.filter(pk=gone.pk).update(state=ActivityState.CANCELLED)
    past = with_sign_up(date=DAY, title="过去的读书会")
    enter(past, viewer)
    Activity.objects.filter(pk=past.pk).update(date=date(2026, 3, 19))
    running = with_sign_up(date=DAY, title="三月读书月")
    enter(running, viewer)
    Activity.objects.filter(pk=running.pk).update(date=date(2026, 3, 1), until=date(2026, 3, 31), starts_at=None)
    client.force_login(viewer)
    text = text_of(client.get("/me/").content.decode())
    assert (
        "我的活动 活动日历 三月读书月 已报名 3 月 1 日 星期日 春分读书会 已报名 3 月 21 日 星期六 14:30 "
        "清明读书会 候补第 2 位 3 月 28 日 星期六 14:30 谷雨读书会 已取消 4 月 1 日 星期三 14:30 放进手机日历"
    ) in text


def test_my_page_asks_once_for_any_number_of_them(client):
    viewer, counts = reader(), []
    client.force_login(viewer)
    for number in (1, 29):
        for place in range(number):
            enter(with_sign_up(date=DAY + timedelta(days=place)), viewer)
        counts.append(queries(client, "/me/"))
    assert counts[0] == counts[1]


def test_somebody_who_left_is_no_longer_asked(client):
    viewer = reader()
    activity = with_sign_up(date=DAY)
    client.force_login(viewer)
    Posting.objects.filter(cadre=viewer).update(until=date(2026, 3, 27))
    assert said(post(client, activity))[-1].startswith("您活动当天不在岗")
    assert Cadre.objects.get(pk=viewer.pk).registrations.count() == 0


def test_who_waited_is_told_so_and_of_queues_only_where_there_is_a_limit(client):
    activity, viewer = with_sign_up(capacity=1, date=DAY), reader()
    enter(activity)
    client.force_login(viewer)
    post(client, activity)
    assert said(post(client, activity, cancel=True, seen="waiting"))[-1] == "已取消候补。"
    free = with_sign_up(capacity=None, date=DAY)
    post(client, free)
    post(client, Activity.objects.get(pk=with_sign_up(capacity=9, date=DAY).pk))
    pages = [part(each, viewer) for each in Activity.objects.exclude(pk=activity.pk).order_by("pk")]
    assert ["重新排队" in page for page in pages] == [False, True]
