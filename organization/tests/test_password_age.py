from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import make_password

from organization.models import AccessAction, AccessEvent, Cadre
from organization.services.passwords import change_password, give_first_password, is_former
from organization.tests.factories import CadreFactory

NOW = datetime(2024, 11, 20, 2, 0, tzinfo=UTC)
PASSWORDS = [f"Lanting-{number}-yue" for number in range(8)]
DUE = "现在的密码已用满 90 天"
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


@pytest.fixture
def cadre(clock) -> Cadre:
    return CadreFactory(password=make_password(PASSWORDS[0]), password_changed_at=NOW)


def change(client, old, new, **more):
    return client.post("/password/", {"old_password": old, "new_password1": new, "new_password2": new, **more})


def test_a_password_lasts_90_days(client, cadre, clock):
    clock.shift(timedelta(days=89))
    client.force_login(cadre)
    assert client.get("/me/").status_code == 200
    clock.shift(timedelta(days=1))
    client.force_login(cadre)
    assert client.get("/me/")["Location"] == "/password/?next=%2Fme%2F"
    page = client.get("/password/").content.decode()
    assert (DUE in page, "密码条上的密码" in page, "不改了，回首页" in page) == (True, False, False)
    assert change(client, *PASSWORDS[:2])["Location"] == "/"
    assert client.get("/me/").status_code == 200


def test_the_age_of_a_password_is_a_setting(client, cadre, clock, settings):
    clock.shift(timedelta(days=400))
    client.force_login(cadre)
    for days, status in ((0, 200), (401, 200), (400, 302)):
        settings.PASSWORD_DAYS = days
        assert client.get("/me/").status_code == status


def test_a_password_of_unknown_age_is_as_old_as_the_account(cadre, clock):
    Cadre.objects.filter(pk=cadre.pk).update(password_changed_at=None)
    assert not Cadre.objects.get(pk=cadre.pk).password_expired
    clock.shift(timedelta(days=90))
    assert Cadre.objects.get(pk=cadre.pk).password_expired


def test_a_part_of_a_page_leads_the_whole_page_to_the_password(client, clock):
    client.force_login(CadreFactory(must_change_password=True))
    response = client.get("/me/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (200, "/password/?next=%2F")


def test_the_page_that_was_asked_for_follows_the_change(client, cadre, clock):
    clock.shift(timedelta(days=90))
    client.force_login(cadre)
    gate = client.get("/me/?year=2024")["Location"]
    assert gate == "/password/?next=%2Fme%2F%3Fyear%3D2024"
    assert 'name="next" value="/me/?year=2024"' in client.get(gate).content.decode()
    refused = client.post(gate, {"old_password": "x", "next": "/me/?year=2024"})
    assert 'name="next" value="/me/?year=2024"' in refused.content.decode()
    assert change(client, *PASSWORDS[:2], next="/me/?year=2024")["Location"] == "/me/?year=2024"


@pytest.mark.parametrize("onward", [
    "https://example.org/", "//example.org/", "/\\example.org/", "javascript:alert(1)", "me", "http:///example.org",
    "/password/", "/login/?next=/me/", "/logout/",
])  # fmt: skip
def test_the_change_never_leads_out_nor_in_circles(client, cadre, onward):
    client.force_login(cadre)
    assert change(client, *PASSWORDS[:2], next=onward)["Location"] == "/"


def test_the_last_five_are_refused_and_an_older_one_is_taken(client, cadre):
    client.force_login(cadre)
    for old, new in pairwise(PASSWORDS[:7]):
        assert change(client, old, new).status_code == 302
    for former in PASSWORDS[1:6]:
        assert "最近 5 个用过的密码不能再用" in change(client, PASSWORDS[6], former).content.decode()
    assert Cadre.objects.get(pk=cadre.pk).check_password(PASSWORDS[6])
    assert change(client, PASSWORDS[6], PASSWORDS[0]).status_code == 302


def test_a_slips_password_is_remembered_too(cadre):
    [(_, given)] = give_first_password(cadres=[cadre], now=NOW)
    stored = Cadre.objects.get(pk=cadre.pk)
    assert (is_former(cadre=stored, password=PASSWORDS[0]), is_former(cadre=stored, password=given)) == (True, False)
    change_password(cadre=stored, password=PASSWORDS[1], now=NOW)
    stored = Cadre.objects.get(pk=cadre.pk)
    assert is_former(cadre=stored, password=given)
    assert len(stored.former_passwords.split()) == 2


def test_having_had_no_password_is_not_remembered():
    cadre = CadreFactory(password=make_password(None))
    give_first_password(cadres=[cadre], now=NOW)
    assert Cadre.objects.get(pk=cadre.pk).former_passwords == ""


def test_changes_are_events_without_the_password(client, cadre):
    client.force_login(cadre)
    change(client, *PASSWORDS[:2])
    give_first_password(cadres=[Cadre.objects.get(pk=cadre.pk)], now=NOW)
    given, changed = AccessEvent.objects.filter(
        action__in=[AccessAction.PASSWORD, AccessAction.FIRST_PASSWORD]
    ).order_by("-id")
    assert (changed.actor, changed.address, changed.about + changed.detail) == (cadre, "127.0.0.1", "")
    assert (given.actor_label, given.address, given.about) == ("命令行", None, "1 人")
    assert given.detail == f"工号 {cadre.employee_number}"
