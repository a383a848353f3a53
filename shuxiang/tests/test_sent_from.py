"""Addresses that take POST alone: whoever opens one is led to the page of its form, and nothing changes by that."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organization.roles import Role
from organization.tests.factories import CadreFactory, bureau
from reading.tests.factories import reader
from shuxiang.tests.addresses import addresses, read_out
from shuxiang.tests.kept_areas import AREAS
from shuxiang.tests.typed_forms import Forms, some_address

pytestmark = pytest.mark.django_db
SENT = {name: page for area in AREAS.values() for name, page in area.pages.items() if page.method == "post"}
# A switch that stands on every page has no page of its own.
OF_NO_PAGE = {"type"}


@pytest.mark.parametrize("method", ["get", "head"])
def test_every_address_can_be_opened(client, method):
    """Whatever is there: the method is judged before the row is looked for."""
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    refused = set()
    for address in addresses():
        # Of the arguments this alone takes known words only.
        is_list = address.name == "admin:app_list"
        response = getattr(client, method)(
            reverse(address.name, args=["reading"]) if is_list else some_address(address)
        )
        read_out(response)
        refused |= {address.name} if response.status_code == 405 else set()
    assert refused == OF_NO_PAGE


def taker(name):
    """Who sends this form most, and where a row of theirs has it sent."""
    page = SENT[name]
    viewer = reader(next(role for role in (Role.OFFICE, Role.CADRE, Role.LEADER) if role in page.readers))
    return viewer, reverse(name, kwargs=page.arguments(viewer))


@pytest.mark.parametrize("name", sorted(SENT))
def test_whoever_opens_one_is_led_to_a_page_and_changes_nothing(client, seeds, name):
    viewer, url = taker(name)
    assert client.get(url, follow=True).redirect_chain[-1][0].startswith("/login/")
    client.force_login(viewer)
    for open_it in (client.get, client.head):
        with CaptureQueriesContext(connection) as captured:
            response = open_it(url)
        writes = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert (response.status_code, writes) == (302, [])
    assert client.get(url, follow=True).status_code == 200


def test_a_refused_form_stands_on_the_page_to_which_its_address_leads(client, seeds):
    shown = set()
    for name in SENT:
        viewer, url = taker(name)
        client.force_login(viewer)
        refused = client.post(url, {})
        if refused.status_code in (200, 409) and name in forms_in(refused, viewer, url):
            shown.add(name)
            assert name in forms_in(client.get(url, follow=True), viewer, url), name
    assert {"finding_assign", "suggestion_decide", "donation_step", "difference_resolve", "work_step"} <= shown


def forms_in(page, viewer, url) -> set[str]:
    is_page = page["Content-Type"].startswith("text/html")
    return {form.name for form in Forms(viewer, url, page.content.decode()).found} if is_page else set()


def test_what_the_address_asks_for_is_asked_of_the_page_too(client):
    client.force_login(CadreFactory(roles=[Role.OFFICE], department=bureau()))
    url = reverse("registration_add", args=[7])
    assert client.get(url, {"q": "王 & 李"}).url == f"{reverse('registrations', args=[7])}?q=%E7%8E%8B+%26+%E6%9D%8E"
    assert client.put(url).status_code == 405
