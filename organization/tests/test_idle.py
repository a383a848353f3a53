from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organization.middleware import IDLE, IDLE_UNSAVED, UNSAVED
from organization.models import AccessAction, AccessEvent, Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau

PASSWORD = "Lanting-3-yue"
NOW = datetime(2024, 11, 20, 2, 0, tzinfo=UTC)
PAGE = "/me/?year=2024"
TO_LOG_IN = f"/login/?next={quote(PAGE, safe='')}"
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


@pytest.fixture
def cadre(clock) -> Cadre:
    return CadreFactory(
        roles=[Role.OFFICE], department=DepartmentFactory(parent=bureau()), password=make_password(PASSWORD)
    )


@pytest.fixture
def signed_in(client, cadre) -> Client:
    client.post("/login/", {"username": cadre.employee_number, "password": PASSWORD})
    return client


def rest(clock, **time):
    clock.shift(timedelta(**time))


def test_half_an_hour_of_rest_ends_the_session(signed_in, clock):
    rest(clock, minutes=29)
    assert signed_in.get(PAGE).status_code == 200
    rest(clock, minutes=30)
    response = signed_in.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, quote(TO_LOG_IN, safe="/?=%"))
    page = signed_in.get(response["Location"]).content.decode()
    assert page.count(IDLE) == 1
    assert f'name="next" value="{PAGE}"' in page


def test_somebody_at_work_stays(signed_in, clock):
    for _ in range(10):
        rest(clock, minutes=20)
        assert signed_in.get("/me/").status_code == 200


def test_the_time_is_a_setting(signed_in, clock, settings):
    settings.IDLE_MINUTES = 5
    rest(clock, minutes=5)
    assert signed_in.get("/me/").status_code == 302


def test_the_session_is_written_once_a_minute(signed_in, clock):
    def writes():
        with CaptureQueriesContext(connection) as captured:
            signed_in.get("/me/")
        return [query["sql"] for query in captured if query["sql"].startswith(("UPDATE", "INSERT"))]

    assert writes() == []
    rest(clock, seconds=59)
    assert writes() == []
    rest(clock, seconds=1)
    assert len(writes()) == 1
    assert writes() == []


def test_a_page_that_asks_again_by_itself_is_no_activity(signed_in, clock):
    for _ in range(3):
        rest(clock, minutes=9, seconds=30)
        assert signed_in.get("/me/", headers={"X-Polling": "1"}).status_code == 200
    rest(clock, minutes=2)
    assert signed_in.get("/me/", headers={"X-Polling": "1"}).status_code == 302


def test_a_part_of_a_page_sends_the_whole_page_to_the_log_in(signed_in, clock):
    rest(clock, hours=1)
    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
    response = signed_in.get("/me/?part=1", headers=htmx)
    assert (response.status_code, response["HX-Redirect"]) == (200, TO_LOG_IN)
    again = signed_in.get("/me/?part=1", headers=htmx)
    assert (again.status_code, again["HX-Redirect"]) == (200, TO_LOG_IN)


def test_what_was_typed_into_an_ended_session_is_told(signed_in, clock):
    rest(clock, hours=1)
    page = f"http://testserver{PAGE}"
    response = signed_in.post("/admin/organization/holiday/add/", {"name": "节"}, headers={"Referer": page})
    assert response["Location"] == TO_LOG_IN
    assert IDLE_UNSAVED in signed_in.get(response["Location"]).content.decode()


def test_what_was_typed_without_a_session_is_told(client, db):
    referer = f"http://testserver{PAGE}"
    for path in ("/password/", "/admin/organization/holiday/add/"):
        response = client.post(path, {"name": "节"}, headers={"Referer": referer})
        assert response["Location"] == TO_LOG_IN
        assert UNSAVED in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("referer", ["https://example.org/", "javascript:alert(1)", "", "//example.org/"])
def test_the_way_back_never_leads_out(client, referer):
    response = client.post("/password/", {}, headers={"Referer": referer})
    assert response["Location"] == "/login/?next=%2F"


def test_leaving_after_a_long_rest_is_just_leaving(signed_in, clock):
    rest(clock, hours=1)
    page = signed_in.post("/logout/", follow=True)
    assert page.redirect_chain == [("/login/", 302)]
    assert (UNSAVED in page.content.decode(), "已退出登录。" in page.content.decode()) == (False, True)


def test_opening_the_log_in_after_a_long_rest_shows_it(signed_in, clock):
    rest(clock, hours=1)
    response = signed_in.get("/login/")
    assert (response.status_code, IDLE in response.content.decode()) == (200, True)


def test_the_event_is_kept_and_the_session_gone(signed_in, cadre, clock):
    rest(clock, hours=1)
    signed_in.get("/me/")
    event = AccessEvent.objects.get(action=AccessAction.LOG_OUT)
    assert (event.actor, event.detail, Session.objects.count()) == (cadre, "长时间未操作", 0)


def test_another_log_in_wakes_no_session_that_rested(signed_in, cadre, clock):
    rest(clock, hours=1)
    other = Client()
    other.post("/login/", {"username": cadre.employee_number, "password": PASSWORD})
    assert other.get("/me/").status_code == 200
    assert signed_in.get("/me/").status_code == 302


def set_active(client, cadre, active):
    typed = {"seen": Cadre.objects.get(pk=cadre.pk).changed_at.isoformat()} | ({"is_active": "on"} if active else {})
    typed["groups"] = list(cadre.groups.values_list("pk", flat=True))
    rows = {f"{prefix}-{name}_FORMS": 0 for prefix in ("postings", "party_memberships", "leaves")
            for name in ("TOTAL", "INITIAL")}  # fmt: skip
    assert client.post(f"/admin/organization/cadre/{cadre.pk}/change/", typed | rows).status_code == 302


@pytest.mark.parametrize("asks_between", [True, False])
def test_a_closed_account_ends_its_sessions_and_a_reopened_one_revives_none(signed_in, cadre, asks_between):
    security = Client()
    security.force_login(CadreFactory(roles=[Role.SECURITY]))
    set_active(security, cadre, False)
    if asks_between:
        assert signed_in.get("/me/").status_code == 302
    set_active(security, cadre, True)
    assert Cadre.objects.get(pk=cadre.pk).is_active
    assert signed_in.get("/me/").status_code == 302
    events = AccessEvent.objects.filter(action=AccessAction.ACCOUNT).values_list("detail", "about")
    assert list(events) == [("启用账号", str(cadre)), ("停用账号", str(cadre))]
    assert signed_in.post("/login/", {"username": cadre.employee_number, "password": PASSWORD})["Location"] == "/"


def test_a_session_that_met_a_closed_account_is_gone(signed_in, cadre):
    Cadre.objects.filter(pk=cadre.pk).update(is_active=False)
    assert signed_in.get("/me/").status_code == 302
    Cadre.objects.filter(pk=cadre.pk).update(is_active=True)
    assert signed_in.get("/me/").status_code == 302
