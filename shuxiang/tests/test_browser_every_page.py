"""Every page of every role in Chromium, on the demo's data, at the width of a telephone and of a desk:
nothing that the content security policy refuses, no console error, no sideways scroll, no grave fault of access.
"""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory
from shuxiang.tests.addresses import addresses, read_out
from shuxiang.tests.browsing import LISTEN, grave_faults, set_width
from shuxiang.tests.objects import object_addresses

pytestmark = pytest.mark.browser
WIDTHS = (360, 1280)
VIEWERS = {
    Role.OFFICE: "YZ005", Role.LEADER: "YZ001", Role.LIAISON: "YZ012", Role.CADRE: "YZ020",
    Role.SYSTEM: "ADMIN1", Role.SECURITY: "ADMIN2", Role.AUDIT: "ADMIN3", Role.RATER: "", Role.LIBRARIAN: "YZ042",
}  # fmt: skip
NO_PAGES = {"admin:jsi18n", "admin:autocomplete", "logout", "admin:logout", "type"}


@pytest.fixture(scope="module")
def watched(chromium):
    """Every page says which rule of the content security policy it broke."""
    chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN})
    return chromium


@pytest.fixture
def demo(seeds, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    call_command("demo", no_serve=True)


def viewer_of(role: Role) -> Cadre:
    number = VIEWERS[role]
    return Cadre.objects.get(employee_number=number) if number else CadreFactory(roles=[role])


def pages(client: Client) -> list[str]:
    """The addresses that open for the signed-in person as a page to look at."""
    plain = [reverse(each.name) for each in addresses() if not each.arguments and each.name not in NO_PAGES]
    opened = []
    for url in dict.fromkeys([*plain, *object_addresses(), "/nothing/"]):
        response = client.get(url)
        if response.status_code in (200, 403, 404) and response.headers["Content-Type"].startswith("text/html"):
            opened.append(url)
        read_out(response)
    return opened


def faults(driver: Any, server: Any, url: str, width: int) -> list[str]:
    set_width(driver, width)
    driver.get(server.url + url)
    wide = driver.execute_script("return document.scrollingElement.scrollWidth - window.innerWidth")
    found = [f"横向溢出 {wide} px"] if wide > 0 else []
    found += grave_faults(driver)
    found += driver.execute_script("return window.refused")
    loaded = driver.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    found += [each for each in loaded if not each.startswith((server.url, "data:"))]
    found += [
        entry["message"]
        for entry in driver.get_log("browser")
        if entry["level"] == "SEVERE" and "status of 40" not in entry["message"]
    ]
    return [f"{url} {width} px: {fault}" for fault in found]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.name if role else "NOBODY")
def test_every_page(role, demo, watched, live_server):
    client = Client()
    watched.delete_all_cookies()
    if role is not None:
        client.force_login(viewer_of(role))
        watched.get(f"{live_server.url}/login/")
        watched.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"})
    opened = pages(client)
    assert len(opened) >= (3 if role is not None else 2)
    found = [fault for url in opened for width in WIDTHS for fault in faults(watched, live_server, url, width)]
    assert not found, "\n".join(found)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_listener_hears_what_the_policy_refuses(watched, live_server, seeds):
    watched.get(f"{live_server.url}/login/")
    watched.execute_script("document.body.innerHTML += '<p style=color:red onclick=1>'")
    watched.execute_async_script("setTimeout(arguments[0], 200)")
    assert len(watched.execute_script("return window.refused")) > 0
    watched.get_log("browser")
