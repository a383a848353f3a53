import pytest
from django.test import Client

from organization.roles import Role
from organization.tests.factories import CadreFactory

pytestmark = pytest.mark.django_db


def choose(client, size: str, next: str = "/login/"):
    return client.post("/type/", {"size": size, "next": next})


def test_the_choice_is_written_on_the_page_and_kept(client):
    assert "data-type" not in client.get("/login/").content.decode()
    response = choose(client, "large")
    assert (response.status_code, response["Location"]) == (302, "/login/")
    page = client.get("/login/").content.decode()
    assert '<html lang="zh-CN" data-type="large">' in page
    assert 'value="normal" aria-pressed="true"' in page
    choose(client, "normal")
    page = client.get("/login/").content.decode()
    assert "data-type" not in page
    assert 'value="large" aria-pressed="false"' in page


def test_the_cookie_is_closed_to_scripts_and_strangers(client):
    cookie = choose(client, "large").cookies["type"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 31_536_000)


def test_the_desk_is_enlarged_too(client):
    client.force_login(CadreFactory(roles=[Role.OFFICE]))
    assert "large.css" not in client.get("/admin/").content.decode()
    choose(client, "large")
    assert "large.css" in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "nowhere", "me", ""]
)
def test_it_never_leads_out(client, target):
    assert choose(client, "large", target)["Location"] == "/"


@pytest.mark.parametrize("size", ["huge", "", '"><script>'])
def test_anything_else_is_normal_type(client, size):
    choose(client, "large")
    choose(client, size)
    assert "data-type" not in client.get("/login/").content.decode()


def test_it_is_posted_with_a_token(client):
    assert client.get("/type/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/type/", {"size": "large"}).status_code == 403
