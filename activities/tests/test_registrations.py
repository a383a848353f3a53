"""The organiser's list: entering and removing colleagues, order, Excel, hostile input."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from activities.models import Activity, Registration
from activities.services.signing_up import cancel_sign_up, sign_up
from activities.states import ActivityState
from activities.tests.factories import with_sign_up
from organization.models import AccessEvent, Cadre
from organization.roles import Role
from organization.tests.county import County
from reading.tests.factories import reader
from reading.tests.hostile import HOSTILE
from shuxiang.periods import SHANGHAI
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 3, 28)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


@pytest.fixture
def organiser(client) -> Cadre:
    person = reader()
    client.force_login(person)
    return person


@pytest.fixture
def activity(organiser) -> Activity:
    return with_sign_up(capacity=2, organiser=organiser, date=DAY, title="清明读书会", reference="HD-1")


def enter(activity, cadre=None, minutes=0) -> Registration:
    person = cadre or reader()
    return sign_up(activity=activity, cadre=person, by=person, now=NOW - timedelta(days=1, minutes=-minutes))


def test_the_list_shows_who_has_a_seat_and_who_waits_in_order(client, activity):
    made = [enter(activity, minutes=number) for number in range(4)]
    text = text_of(client.get(f"/activities/{activity.pk}/registrations/").content.decode())
    assert "已报 2 / 2 人，候补 2 人；报名截止 3 月 28 日 14:30。" in text
    places = [text.index(each.cadre.employee_number) for each in made]
    assert places == sorted(places)
    assert text.count("候补第 2 位") == 1


def test_a_colleague_is_found_and_entered(client, activity, organiser):
    Cadre.objects.filter(pk=organiser.pk).update(name="组织者")
    colleague = reader()
    enter(activity), enter(activity)
    Cadre.objects.filter(pk=colleague.pk).update(name="诸葛明")
    url = reverse("registrations", args=[activity.pk])
    assert "诸葛明" in client.get(url, {"q": "zgm"}).content.decode()
    sent = {"cadre": colleague.pk, "reason": "电话报名"}
    assert client.post(reverse("registration_add", args=[activity.pk]), sent).url == url
    made = Registration.objects.get(cadre=colleague)
    assert (made.state, made.events.get().actor, made.events.get().reason) == ("waiting", organiser, "电话报名")
    assert "候补第 1 位" in client.get(url, {"q": "诸葛"}).content.decode()


def test_a_refusal_keeps_what_was_typed(client, activity):
    colleague = enter(activity).cadre
    url = reverse("registration_add", args=[activity.pk])
    refused = client.post(url, {"cadre": colleague.pk, "reason": "电话报名"}, query_params={"q": colleague.name})
    page = refused.content.decode()
    assert (refused.status_code, "已经报名，不用再报" in page, 'value="电话报名"' in page) == (409, True, True)
    assert client.post(url, {"cadre": "9" * 40}).status_code == 409


def test_strangers_are_not_offered(client):
    county = County()
    activity = with_sign_up(organiser=county.colleague, department=county.office, date=DAY)
    client.force_login(county.colleague)
    page = client.get(reverse("registrations", args=[activity.pk]), {"q": county.stranger.employee_number})
    assert "没有找到" in page.content.decode()
    refused = client.post(reverse("registration_add", args=[activity.pk]), {"cadre": county.stranger.pk})
    assert (refused.status_code, Registration.objects.count()) == (409, 0)


def test_removing_asks_why_and_the_next_moves_up(client, activity):
    first, _, third = (enter(activity, minutes=number) for number in range(3))
    url = reverse("registration_remove", args=[activity.pk, first.pk])
    assert "名额让给候补的第一位" in client.get(url).content.decode()
    empty = client.post(url, {"seen": "registered", "reason": " "})
    assert (empty.status_code, "请写明原因" in empty.content.decode()) == (200, True)
    client.post(url, {"seen": "registered", "reason": "本人电话说明"})
    states = dict(Registration.objects.values_list("pk", "state"))
    assert (states[first.pk], states[third.pk]) == ("cancelled", "registered")
    assert client.get(url).url == reverse("registrations", args=[activity.pk])


def test_the_loser_of_two_keeps_the_reason(client, activity):
    first, _, third = (enter(activity, minutes=number) for number in range(3))
    url = reverse("registration_remove", args=[activity.pk, third.pk])
    cancel_sign_up(registration=first, by=first.cadre, now=NOW)
    refused = client.post(url, {"seen": "waiting", "reason": "写了很久的原因"}).content.decode()
    assert ("刚被别人办理过" in refused, "写了很久的原因" in refused) == (True, True)
    assert 'name="seen" value="registered"' in refused
    assert Registration.objects.get(pk=third.pk).state == "registered"


def test_once_it_was_held_the_list_is_only_read(client, activity):
    made = enter(activity)
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.HELD)
    page = client.get(reverse("registrations", args=[activity.pk])).content.decode()
    assert ("为同事报名" in page, "取消报名" in page) == (False, False)
    client.post(reverse("registration_remove", args=[activity.pk, made.pk]), {"reason": "换人", "seen": "registered"})
    assert Registration.objects.get().state == "registered"


def test_the_workbook_says_what_the_page_says_and_is_written_down(client, activity, organiser):
    first, _, third = (enter(activity, minutes=number) for number in range(3))
    Cadre.objects.filter(pk=first.cadre_id).update(name="=cmd()")
    answer = client.get(reverse("registrations_workbook", args=[activity.pk]))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content)))["报名名单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == ["序号", "姓名", "工号", "科室", "状态", "报名时间"]
    assert rows[1][1:3] == ["=cmd()", first.cadre.employee_number]
    assert rows[1][4:] == ["已报名", "2026-03-19 09:00"]
    assert rows[3][1:3] + rows[3][4:] == [
        third.cadre.name, third.cadre.employee_number, "候补第 1 位", "2026-03-19 09:02",
    ]  # fmt: skip
    assert sheet["B4"].data_type == "s"
    event = AccessEvent.objects.get(action="export")
    assert (event.actor, event.about, event.detail) == (organiser, "活动 HD-1 报名名单", "清明读书会")


def test_only_who_runs_it_opens_the_list(client, activity):
    made = enter(activity)
    urls = [
        *(reverse(name, args=[activity.pk]) for name in ("registrations", "registrations_workbook")),
        reverse("registration_remove", args=[activity.pk, made.pk]),
    ]
    for viewer, status in ((reader(), 404), (reader(Role.OFFICE), 200)):
        client.force_login(viewer)
        assert [client.get(url).status_code for url in urls] == [status] * 3
    client.force_login(reader())
    assert client.post(reverse("registration_add", args=[activity.pk]), {"cadre": made.cadre_id}).status_code == 404


def test_a_row_of_another_activity_is_not_found(client, activity):
    other = enter(with_sign_up(date=DAY))
    assert client.get(reverse("registration_remove", args=[activity.pk, other.pk])).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_told_or_kept(text, client, activity):
    made = enter(activity)
    sent = dict.fromkeys(("cadre", "reason", "seen", "q"), text)
    assert (
        client.get(reverse("registrations", args=[activity.pk]), {"q": text[:2000], "page": text[:90]}).status_code
        == 200
    )
    assert client.post(reverse("registration_add", args=[activity.pk]), sent).status_code == 409
    assert client.post(reverse("registration_remove", args=[activity.pk, made.pk]), sent).status_code in (200, 302)
    assert client.post(reverse("sign_up_cancel", args=[activity.pk]), sent).status_code == 404


def test_as_many_queries_for_thirty_as_for_one(client, activity):
    office, url = reader(Role.OFFICE), reverse("registrations", args=[activity.pk])
    client.force_login(office)
    counts = []
    for number in (1, 29):
        for _ in range(number):
            enter(activity)
        for query in ({}, {"q": "某"}):
            counts.append(queries(client, url, query))
    assert (counts[0], counts[1]) == (counts[2], counts[3])
    assert counts[0] <= 10
    assert counts[1] <= 10
