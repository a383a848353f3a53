"""The pages in the distribution's Chromium: signing in, widths, keyboard, nothing fetched from elsewhere."""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.rows import make_row

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("BROWSER_TESTS"), reason="BROWSER_TESTS=1 drives the pages in Chromium"),
]
PASSWORD = "Reading-2024"
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in QUIET:
        options.add_argument(argument)
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture
def people(seeds) -> dict[str, Cadre]:
    department = DepartmentFactory(parent=bureau(), name="办公室")
    roles = {"cadre": Role.CADRE, "office": Role.OFFICE, "leader": Role.LEADER, "security": Role.SECURITY}
    found = {
        name: CadreFactory(
            employee_number=name.upper(), roles=[role], department=department, password=make_password(PASSWORD)
        )
        for name, role in roles.items()
    }
    for number in range(3):
        make_row(number)
    return found


def sign_in(driver, server, number: str) -> None:
    driver.delete_all_cookies()
    driver.get(f"{server.url}/login/")
    driver.find_element(By.NAME, "username").send_keys(number)
    driver.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)
    WebDriverWait(driver, 10).until(lambda driver: urlsplit(driver.current_url).path != "/login/")


def check_page(driver, server, path: str) -> None:
    """No sideways scroll, no console error, nothing loaded from another origin."""
    for width in (360, 1280):
        driver.set_window_size(width, 800)
        # A headless window is never narrower than 500 px: the device metrics are.
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        driver.get(server.url + path)
        wide = driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} 在 {width} px 下横向溢出 {wide} px"
        loaded = driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert [url for url in loaded if not url.startswith(server.url)] == []
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.django_db(transaction=True)
def test_pages_of_each_role(chromium, live_server, people):
    check_page(chromium, live_server, "/login/")
    for name in people:
        sign_in(chromium, live_server, name)
        check_page(chromium, live_server, "/")
        check_page(chromium, live_server, "/password/")


@pytest.mark.django_db(transaction=True)
def test_the_desk(chromium, live_server, people):
    sign_in(chromium, live_server, "office")
    cadre = people["cadre"].pk
    for path in (
        "/admin/",
        "/admin/organization/cadre/",
        f"/admin/organization/cadre/{cadre}/change/",
        "/admin/submissions/submission/",
        "/admin/assessment/personresult/",
        "/admin/assessment/scheme/",
    ):
        check_page(chromium, live_server, path)


@pytest.mark.django_db(transaction=True)
def test_a_first_password_is_changed_by_keyboard_alone(chromium, live_server, people):
    Cadre.objects.filter(pk=people["cadre"].pk).update(must_change_password=True)
    sign_in(chromium, live_server, "cadre")
    assert urlsplit(chromium.current_url).path == "/password/"
    for text in (PASSWORD, "Shuxiang-2025", "Shuxiang-2025"):
        chromium.switch_to.active_element.send_keys(text, Keys.TAB)
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(chromium, 10).until(lambda driver: urlsplit(driver.current_url).path == "/")
    assert Cadre.objects.get(pk=people["cadre"].pk).must_change_password is False
