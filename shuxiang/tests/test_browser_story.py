"""The main job as it is lived, in Chromium on `make demo`: review by keyboard, run, watch, drill down, download."""

import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from openpyxl import load_workbook
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from organization.roles import Role
from shuxiang.tests.office import Office
from shuxiang.tests.patience import patient

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("BROWSER_TESTS"), reason="BROWSER_TESTS=1 drives the pages in Chromium"),
]
PHONE, DESKTOP = 360, 1280


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    folder = Path(tempfile.mkdtemp(prefix="shuxiang-office-"))
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
    office = Office(folder, kept | {"SHUXIANG_DATA": str(folder), "SHUXIANG_STATIC_MANIFEST": "on"})
    yield office
    office.stop()


class Person:
    """Somebody at the browser, who prefers keys."""

    def __init__(self, driver, office: Office, width: int) -> None:
        self.driver, self.office = driver, office
        self.wait = patient(driver, 60)
        mobile = width < 500
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": mobile}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def sign_in(self, role: Role) -> None:
        number, password = self.office.passwords[role]
        self.driver.delete_all_cookies()
        self.open("/login/")
        self.driver.find_element(By.NAME, "username").send_keys(number)
        self.driver.find_element(By.NAME, "password").send_keys(password, Keys.ENTER)
        self.wait.until(lambda driver: "/login/" not in driver.current_url)

    def open(self, path: str) -> None:
        self.driver.get(self.office.url + path)

    def press(self, *keys: str, ctrl: bool = False) -> None:
        target = self.driver.switch_to.active_element
        for key in keys:
            target.send_keys(Keys.CONTROL, key) if ctrl else target.send_keys(key)
            target = self.driver.switch_to.active_element

    def find(self, selector: str):
        """The first match, waited for."""
        return self.wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def text(self, selector: str = "main, #content") -> str:
        return self.find(selector).text

    def fits(self) -> bool:
        return self.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def review_by_keyboard(clerk: Person, grade_key: str) -> str:
    """Approves and rates the work on the page, and goes on to the next; gives the title."""
    title = clerk.text("h1")
    address = clerk.driver.current_url
    clerk.press("1", grade_key)
    clerk.press(Keys.ENTER, ctrl=True)
    clerk.wait.until(lambda driver: driver.current_url != address)
    return title


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_from_the_review_desk_to_the_workbook(chromium, office, width):
    clerk = Person(chromium, office, width)
    clerk.sign_in(Role.OFFICE)
    clerk.open("/admin/submissions/submission/review/")
    assert clerk.fits()
    clerk.press("j")
    clerk.press(Keys.ENTER)
    clerk.find("#work")
    while not chromium.find_elements(By.ID, "decide"):
        clerk.press("j")  # the clerk's own work is for somebody else
    titles = []
    for key in ("q", "w", "e"):
        assert clerk.fits()
        titles.append(review_by_keyboard(clerk, key))
        assert titles[-1] in clerk.text(".messagelist")
    assert len(set(titles)) == 3

    clerk.open("/appraisal/")
    period = clerk.driver.current_url.rstrip("/").rpartition("/")[2]
    assert clerk.fits()
    assert "数据有变动" in clerk.text()
    button = clerk.find("form[action$='/run/'] button")
    clerk.driver.execute_script("arguments[0].focus()", button)
    clerk.press(Keys.ENTER)
    clerk.driver.refresh()
    clerk.wait.until(lambda driver: "已是最新" in driver.find_element(By.CSS_SELECTOR, "main").text)
    assert clerk.fits()

    leader = Person(chromium, office, width)
    leader.sign_in(Role.LEADER)
    leader.open(f"/board/?period={period}")
    assert leader.fits()
    leader.find("table.bookcase tbody tr")
    averages = [link.get_attribute("href") for link in chromium.find_elements(By.CSS_SELECTOR, "[data-label='人均'] a")]
    for address in averages:
        chromium.get(address)
        leader.find("section.drill")
        assert leader.fits()
        if links := chromium.find_elements(By.CSS_SELECTOR, "details td.basis a"):
            break
    leader.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    link = links[0]
    work = link.text
    leader.driver.execute_script("arguments[0].click()", link)
    assert leader.text("h1") == work
    assert leader.fits()

    cookie = chromium.get_cookie("sessionid")["value"]
    address = f"{office.url}/appraisal/{period}/workbook/"
    with urlopen(Request(address, headers={"Cookie": f"sessionid={cookie}"}), timeout=60) as answer:
        book = load_workbook(BytesIO(answer.read()))
    assert book.sheetnames == ["个人考核表", "科室考核表", "党小组考核表", "积分明细", "方案"]
