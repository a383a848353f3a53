from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from organization.forms import REFUSED
from organization.roles import Role
from organization.tests.factories import CadreFactory
from organization.tests.signing_in import PASSWORD, CountingHasher, cadre

__all__ = ["cadre"]
pytestmark = pytest.mark.django_db


def log_in(client, number, password=PASSWORD, **more):
    return client.post("/login/", {"username": number, "password": password, **more})


def signed_in(client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("number", ["Ab012", "AB012", "ab012", "  Ab012 ", "　Ab012　", "Ａｂ０１２"])
def test_the_number_is_taken_as_people_type_it(client, cadre, number):
    response = log_in(client, number)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client) == str(cadre.pk)


@pytest.mark.parametrize(
    ("number", "password"),
    [
        ("Ab012", "Lanting-4-yue"),
        ("Ab012", PASSWORD + " "),
        ("nobody", PASSWORD),
        ("Ab01_", PASSWORD),
        ("Ab%", PASSWORD),
        ("out", PASSWORD),
        ("new", PASSWORD),
        ("x" * 70_000, PASSWORD),
    ],
)
def test_every_refusal_reads_the_same(client, cadre, number, password):
    CadreFactory(employee_number="out", password=make_password(PASSWORD), is_active=False)
    CadreFactory(employee_number="new", password=make_password(None))
    response = log_in(client, number, password)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count(REFUSED) == 1
    assert signed_in(client) is None
    assert f'value="{number}"' in page
    assert PASSWORD not in page


def test_what_is_missing_is_named(client):
    page = log_in(client, "", "").content.decode()
    assert "请填写工号。" in page
    assert "请填写密码。" in page


@pytest.mark.parametrize("number", ["Ab012", "nobody", "out", "new"])
def test_every_refusal_costs_one_hashing(client, cadre, settings, number):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CadreFactory(employee_number="out", password=make_password(PASSWORD), is_active=False)
    CadreFactory(employee_number="new", password=make_password(None))
    CountingHasher.encoded = 0
    log_in(client, number, "wrong")
    assert CountingHasher.encoded == 1


def test_next_is_followed_within_the_portal(client, cadre):
    page = client.get("/login/?next=/password/").content.decode()
    assert '<input type="hidden" name="next" value="/password/">' in page
    assert log_in(client, "Ab012", next="/password/")["Location"] == "/password/"


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "javascript:alert(1)",
        "/login/",
        "/login/?next=/login/",
        "/logout/",
    ],
)
def test_next_never_leads_out_or_in_circles(client, cadre, target):
    assert log_in(client, "Ab012", next=target)["Location"] == "/"
    again = client.get(f"/login/?next={quote(target)}")
    assert (again.status_code, again["Location"]) == (302, "/")


def test_somebody_signed_in_does_not_see_the_page(client, cadre):
    client.force_login(cadre)
    assert client.get("/login/")["Location"] == "/"


def test_personal_pages_ask_for_a_log_in_and_come_back(client):
    assert client.get("/me/?year=2024")["Location"] == f"/login/?next={quote('/me/?year=2024')}"
    assert client.get("/password/")["Location"] == "/login/?next=/password/"


def test_logging_out_needs_the_button(client, cadre):
    client.force_login(cadre)
    asked = client.get("/logout/")
    assert asked.status_code == 200
    assert '<form class="gate" method="post"' in asked.content.decode()
    assert signed_in(client) == str(cadre.pk)
    page = client.post("/logout/", follow=True)
    assert page.redirect_chain == [("/login/", 302)]
    assert "已退出登录。" in page.content.decode()
    assert signed_in(client) is None


def test_who_is_out_already_is_not_asked(client):
    assert client.get("/logout/")["Location"] == "/login/"


def test_nothing_of_a_page_stays_in_the_browser(client):
    assert "no-store" in client.get("/login/")["Cache-Control"]


def test_the_desk_uses_the_same_log_in(client, cadre):
    target = reverse("admin:organization_cadre_changelist")
    page = client.get(target, follow=True)
    assert page.redirect_chain == [
        (f"/admin/login/?next={target}", 302),
        (f"/login/?next={quote(target, safe='')}", 302),
    ]
    cadre.groups.all().delete()
    office = CadreFactory(roles=[Role.OFFICE], password=make_password(PASSWORD))
    assert log_in(client, office.employee_number, next=target)["Location"] == target
    assert client.get("/admin/login/", follow=True).redirect_chain[-1] == ("/admin/", 302)


def test_somebody_without_a_place_at_the_desk_is_told_so(client, cadre):
    client.force_login(cadre)
    page = client.get("/admin/", follow=True)
    assert page.status_code == 403
    assert "<h1>没有权限</h1>" in page.content.decode()


def test_the_desk_has_no_password_page_and_no_way_out_of_its_own(client):
    office = CadreFactory(roles=[Role.OFFICE])
    client.force_login(office)
    assert client.get("/admin/password_change/")["Location"] == "/password/"
    assert client.post("/admin/password_change/", {})["Location"] == "/password/"
    assert client.post("/admin/logout/")["Location"] == "/login/"
    assert signed_in(client) is None
