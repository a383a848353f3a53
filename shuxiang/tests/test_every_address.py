"""Every address x role x method, with sense and nonsense: no failure, and the headers that keep pages safe."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.addresses import addresses, read_out
from shuxiang.tests.objects import object_addresses
from shuxiang.tests.rows import make_row

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self' blob:",
    "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'",
}  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}
PLAIN = [address.name for address in addresses() if not address.arguments]
HUGE = "?" + "&".join(f"{name}={'9' * 20}" for name in ("department", "cadre", "submission", "activity", "period"))


def check(response, url):
    assert response.status_code < 500, url
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, url
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY, url
    read_out(response)


@pytest.fixture(params=[None, *Role], ids=lambda role: role.name if role else "NOBODY")
def viewer(request) -> Cadre | None:
    if request.param is None:
        return None
    return CadreFactory(roles=[request.param], department=DepartmentFactory(parent=bureau()))


def client_of(viewer: Cadre | None) -> Client:
    client = Client()
    if viewer is not None:
        client.force_login(viewer)
    return client


def test_every_page_by_every_method(viewer):
    make_row(0)
    client = client_of(viewer)
    for url in [*map(reverse, PLAIN), *object_addresses(), "/nothing/"]:
        for method in (client.get, client.post, client.put):
            if viewer is not None and "logout" in url:
                client.force_login(viewer)
            check(method(url), f"{method.__name__} {url}")


@pytest.mark.parametrize("role", [Role.CADRE, Role.OFFICE, Role.SECURITY, Role.AUDIT])
def test_every_address_of_nothing(role):
    client = client_of(CadreFactory(roles=[role], department=DepartmentFactory(parent=bureau())))
    urls = {url for address in addresses() for url in address.garbage()}
    assert len(urls) > 200
    for url in sorted(urls):
        response = client.get(url)
        check(response, url)
        assert response.status_code in (301, 302, 403, 404, 405), url
        check(client.post(url), url)


@pytest.mark.parametrize("query", ["?q=%00", "?p=x", "?o=9.-9", "?e=1", "?all=", "?year=9999999999", "?next=//x", HUGE])
def test_every_page_with_a_strange_query(query):
    make_row(0)
    for role in (Role.OFFICE, Role.AUDIT, Role.SECURITY):
        client = client_of(CadreFactory(roles=[role], department=DepartmentFactory(parent=bureau())))
        for name in PLAIN:
            if "logout" not in name:
                check(client.get(reverse(name) + query), name + query)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data"])
def test_a_form_that_cannot_be_read_is_a_bad_request(kind):
    strict = Client(enforce_csrf_checks=True)
    strict.get(reverse("login"))
    for url in map(reverse, ("login", "logout", "type", "admin:login")):
        response = strict.post(url, b"a=b", content_type=kind)
        check(response, url)
        assert (response.status_code, "请求无法识别" in response.content.decode()) == (400, True), url


def test_static_files_may_be_kept(client):
    response = client.get(f"{settings.STATIC_URL}nothing.css")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in response.headers.get("Cache-Control", "")


def test_a_refused_host_gets_the_headers_too(client):
    check(client.get("/", headers={"host": "elsewhere.example"}), "/")


def test_a_failure_gets_the_headers_too(settings):
    class Broken:
        def __init__(self, get_response):
            pass

        def __call__(self, request):
            raise RuntimeError

    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.broken"]
    globals()["broken"] = Broken
    response = Client(raise_request_exception=False).get("/login/")
    assert response.status_code == 500
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
