from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from organization.models import Cadre
from organization.passwords import OfficePasswordValidator, first_password
from organization.roles import Role
from organization.services.passwords import (
    StalePassword,
    change_password,
    draw_first_passwords,
    give_first_password,
    store_first_passwords,
)
from organization.tests.factories import CadreFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "Lanting-3-yue", "Qingming-4-yue"
NOW = datetime(2024, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def cadre() -> Cadre:
    return CadreFactory(employee_number="0312", name="沈知微", password=make_password(OLD), must_change_password=True)


@pytest.fixture
def signed_in(client, cadre) -> Client:
    client.force_login(cadre)
    return client


def change(client, old=OLD, new=NEW, again=NEW):
    return client.post("/password/", {"old_password": old, "new_password1": new, "new_password2": again})


def test_a_change_frees_the_portal_and_keeps_the_log_in(signed_in, cadre):
    other = Client()
    other.force_login(cadre)
    page = change(signed_in)
    assert (page.status_code, page["Location"]) == (302, "/")
    cadre.refresh_from_db()
    assert cadre.check_password(NEW)
    assert not cadre.must_change_password
    assert cadre.password_changed_at is not None
    home = signed_in.get("/me/")
    assert home.status_code == 200
    assert "密码已修改，下次登录请用新密码。" in home.content.decode()
    assert other.get("/me/").status_code == 302  # every other session of this person has ended


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("wrong", NEW, NEW, "现在的密码不正确，请重新输入。"),
        (OLD, NEW, NEW + "x", "两次输入的新密码不一样，请重新输入。"),
        (OLD, OLD, OLD, "新密码与现在的密码相同，请换一个。"),
        (OLD, "Ab3-5678", "Ab3-5678", OfficePasswordValidator().get_help_text()),
        (OLD, "abcdefgh12", "abcdefgh12", OfficePasswordValidator().get_help_text()),
        ("", NEW, NEW, "请填写现在的密码。"),
        (OLD, "", NEW, "请填写新密码。"),
        (OLD, NEW, "", "请再输一次新密码。"),
    ],
)
def test_what_is_refused_changes_nothing(signed_in, cadre, old, new, again, message):
    page = change(signed_in, old, new, again)
    assert page.status_code == 200
    assert message in page.content.decode()
    assert NEW not in page.content.decode()
    cadre.refresh_from_db()
    assert cadre.check_password(OLD)
    assert cadre.must_change_password


def test_an_empty_form_is_answered(signed_in):
    assert "请填写现在的密码。" in signed_in.post("/password/", {}).content.decode()


def test_the_rule_is_shown_before_typing(signed_in):
    assert OfficePasswordValidator().get_help_text() in signed_in.get("/password/").content.decode()


@pytest.mark.parametrize("path", ["/", "/me/", "/admin/", "/media/00000000-0000-0000-0000-000000000000/", "/nothing/"])
def test_a_first_password_opens_only_the_page_that_changes_it(client, path):
    client.force_login(CadreFactory(roles=[Role.OFFICE], must_change_password=True))
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/password/?next={quote(path, safe='')}")
    assert client.post(path).status_code == 302


def test_a_first_password_still_lets_people_out_and_shows_the_styles(signed_in):
    assert signed_in.get("/password/").status_code == 200
    assert "现在用的是密码条上的密码" in signed_in.get("/password/").content.decode()
    assert signed_in.get("/static/nothing.css").status_code == 404
    assert signed_in.post("/logout/")["Location"] == "/login/"


def test_changing_writes_no_other_column(cadre):
    Cadre.objects.filter(pk=cadre.pk).update(name="沈知薇")
    before = Cadre.objects.get(pk=cadre.pk).changed_at
    change_password(cadre=cadre, password=NEW, now=NOW)
    stored = Cadre.objects.get(pk=cadre.pk)
    assert (stored.name, stored.password_changed_at, stored.changed_at) == ("沈知薇", NOW, before)


def test_first_passwords_meet_the_rule_and_differ():
    drawn = {first_password() for _ in range(50)}
    assert len(drawn) == 50
    for password in drawn:
        OfficePasswordValidator().validate(password)


def test_giving_first_passwords_stores_what_it_returns(cadre):
    Cadre.objects.filter(pk=cadre.pk).update(must_change_password=False)
    other = CadreFactory()
    given = give_first_password(cadres=[Cadre.objects.get(pk=cadre.pk), other], now=NOW)
    assert [each for each, _ in given] == [cadre, other]
    for each, password in given:
        stored = Cadre.objects.get(pk=each.pk)
        assert stored.check_password(password)
        assert (stored.must_change_password, stored.password_changed_at) == (True, NOW)
        assert (each.password, each.must_change_password) == (stored.password, True)


def test_a_batch_drawn_twice_is_stored_once(cadre):
    other = CadreFactory()
    first = draw_first_passwords(cadres=[other, cadre])
    second = draw_first_passwords(cadres=[other])
    store_first_passwords(drawn=second, now=NOW)
    with pytest.raises(StalePassword, match="这一批都没有发放"):
        store_first_passwords(drawn=first, now=NOW)
    assert Cadre.objects.get(pk=other.pk).check_password(second[0].password)
    assert Cadre.objects.get(pk=cadre.pk).check_password(OLD)


def test_a_drawn_password_does_not_show_itself(cadre):
    [drawn] = draw_first_passwords(cadres=[cadre])
    assert drawn.password not in repr(drawn)
