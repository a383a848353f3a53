from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organization.forms import REFUSED
from organization.models import AccessAction, AccessEvent, Lock
from organization.roles import Role
from organization.services.locks import lift_lock
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory
from organization.tests.signing_in import PASSWORD, CountingHasher, cadre

NOW = datetime(2024, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
LOCKED = "这个工号已连续 5 次登录失败，暂时锁定，请在 10:16 之后再试。"
__all__ = ["cadre"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def log_in(client, number="Ab012", password=PASSWORD, address="10.0.0.1", **headers):
    return client.post("/login/", {"username": number, "password": password}, REMOTE_ADDR=address, **headers)


def fail(client, times, **more):
    return [log_in(client, password=f"Wrong-{attempt}-yue", **more) for attempt in range(times)][-1].content.decode()


def test_the_fifth_failure_locks_and_says_how_long_and_whom_to_ask(client, cadre, clock):
    page = fail(client, 4)
    assert (REFUSED in page, "锁定" in page) == (True, False)
    page = fail(client, 1)
    assert (REFUSED in page, LOCKED in page, "请联系安全管理员解锁" in page) == (False, True, True)
    response = log_in(client)
    assert (response.status_code, LOCKED in response.content.decode()) == (200, True)
    assert "_auth_user_id" not in client.session


def test_a_lock_ends_after_a_quarter_of_an_hour_and_trying_on_does_not_prolong_it(client, cadre, clock):
    fail(client, 5)
    clock.shift(timedelta(minutes=14, seconds=59))
    assert LOCKED in log_in(client).content.decode()
    clock.shift(timedelta(seconds=2))
    assert log_in(client).status_code == 302


@pytest.mark.parametrize("number", ["ab012", "AB012", "  Ab012 ", "Ａｂ０１２"])
def test_every_way_to_type_a_number_counts_together(client, cadre, number):
    fail(client, 2)
    fail(client, 3, number=number)
    assert "暂时锁定" in log_in(client).content.decode()


def test_one_colleague_locks_out_nobody_else(client, cadre):
    other = CadreFactory(password=make_password(PASSWORD))
    fail(client, 5)
    assert log_in(Client(), other.employee_number).status_code == 302
    assert log_in(Client(), address="10.0.0.2").status_code == 302


def test_a_success_forgets_the_failures_before(client, cadre):
    fail(client, 4)
    assert log_in(client).status_code == 302
    client.post("/logout/")
    assert REFUSED in fail(client, 4)


def test_another_browser_at_the_same_address_does_not_help(client, cadre):
    for attempt in range(5):
        log_in(Client(), password="Wrong-1-yue", HTTP_USER_AGENT=f"Browser {attempt}\x00")
    assert "暂时锁定" in log_in(Client(), HTTP_USER_AGENT="Browser 9").content.decode()
    assert AccessAttempt.objects.count() == 1


def test_an_unknown_number_is_locked_just_the_same(client, clock):
    page = fail(client, 5, number="Nobody")
    assert LOCKED in page


def test_a_locked_number_costs_no_hashing(client, cadre, settings):
    fail(client, 5)
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.encoded = 0
    log_in(client)
    assert CountingHasher.encoded == 0


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [(False, "10.0.0.1"), (True, "203.0.113.7")],
)
def test_the_proxys_header_counts_only_where_there_is_a_proxy(client, cadre, settings, trusted, expected):
    settings.BEHIND_PROXY = trusted
    fail(client, 1, HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    assert AccessAttempt.objects.get().ip_address == expected
    assert AccessEvent.objects.get().address == expected


@pytest.mark.parametrize(
    ("sent", "address", "expected"),
    [
        ("unknown", "10.0.0.1", "10.0.0.1"),
        ("1.2.3.4:5678", "10.0.0.1", "10.0.0.1"),
        ("", "", None),
        ("fe80::1%eth0", "10.0.0.1", "fe80::1"),
        ("::ffff:10.0.0.9", "10.0.0.1", "10.0.0.9"),
        ("a,b,\x00'; --", "not an address", None),
    ],
)
def test_what_is_no_address_breaks_nothing(client, cadre, settings, sent, address, expected):
    settings.BEHIND_PROXY = True
    page = fail(client, 5, address=address, HTTP_X_FORWARDED_FOR=sent)
    assert "暂时锁定" in page
    assert [lock.ip_address for lock in Lock.objects.all()] == [expected]


def test_axes_keeps_no_typed_text(client, cadre):
    client.get("/login/?next=/me/")
    for number in ("Ab012", PASSWORD, "x" * 32, "'; DROP"):
        client.post("/login/?token=a", {"username": number, "password": "Wrong-1-yue", "next": "/me/"})
    kept = " ".join(str(value) for row in AccessAttempt.objects.values() for value in row.values())
    assert [typed for typed in (PASSWORD, "Wrong", "x" * 32, "DROP") if typed in kept] == []
    assert (AccessLog.objects.count(), AccessFailureLog.objects.count()) == (0, 0)


def test_a_page_asks_axes_nothing(client, cadre):
    client.force_login(cadre)
    with CaptureQueriesContext(connection) as captured:
        client.get("/password/")
    assert [query["sql"] for query in captured if "axes" in query["sql"]] == []


def lock_list(client, role=Role.SECURITY):
    client.force_login(CadreFactory(roles=[role]))
    return client.get("/admin/organization/lock/")


def test_the_security_administrator_sees_locks_in_force(client, cadre, clock):
    fail(Client(), 5)
    fail(Client(), 4, number="other")
    page = lock_list(client).content.decode()
    assert [text for text in ("AB012", "沈知微", "10.0.0.1", "2024-11-20 10:15") if text not in page] == []
    assert "没有这个工号" not in page
    clock.shift(timedelta(minutes=16))
    assert lock_list(client).context["cl"].result_count == 0


def test_lifting_a_lock_lets_the_person_in_at_once(client, cadre):
    fail(Client(), 5)
    lock = Lock.objects.get()
    lock_list(client)
    chosen = {"action": "lift", "_selected_action": [lock.pk]}
    page = client.post("/admin/organization/lock/", chosen, follow=True).content.decode()
    assert "AB012（10.0.0.1） 已解除锁定，可以立即登录。" in page
    assert log_in(Client()).status_code == 302
    event = AccessEvent.objects.get(action=AccessAction.UNLOCK)
    assert (event.about, event.actor.has_role(Role.SECURITY)) == ("AB012（10.0.0.1）", True)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY}))
def test_nobody_else_lifts_a_lock(client, cadre, role):
    fail(Client(), 5)
    lock = Lock.objects.get()
    other = CadreFactory(roles=[role])
    with pytest.raises(NotAllowed):
        lift_lock(lock=lock, by=other)
    client.force_login(other)
    chosen = {"action": "lift", "_selected_action": [lock.pk]}
    assert client.post("/admin/organization/lock/", chosen).status_code in (302, 403)
    assert Lock.objects.count() == 1


def test_a_lock_that_had_gone_is_no_event(cadre, client):
    fail(client, 5)
    lock, security = Lock.objects.get(), CadreFactory(roles=[Role.SECURITY])
    assert (lift_lock(lock=lock, by=security), lift_lock(lock=lock, by=security)) == (True, False)
    assert AccessEvent.objects.filter(action=AccessAction.UNLOCK).count() == 1
