"""Somebody at the browser who goes by links and buttons alone, and on every page listens for what is wrong with it."""

from urllib.parse import urlsplit

from django.test import Client
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from organization.models import Cadre
from shuxiang.tests.browsing import LISTEN, grave_faults, press, set_width
from shuxiang.tests.patience import patient

SET = """
arguments[0].value = arguments[1];
arguments[0].dispatchEvent(new Event("input", {bubbles: true}));
arguments[0].dispatchEvent(new Event("change", {bubbles: true}));
"""


class Visitor:
    """Takes turns with others at one browser: `enter` comes first."""

    def __init__(self, driver, server, person: Cadre, width: int) -> None:
        self.driver, self.server, self.person, self.width = driver, server, person, width
        self.wait = patient(driver, 40)

    def enter(self) -> "Visitor":
        """Signed in, on the first page."""
        client = Client()
        client.force_login(self.person)
        self.driver.get(f"{self.server.url}/login/")
        self.driver.delete_all_cookies()
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"}
        self.driver.add_cookie(cookie)
        self.driver.get_log("browser")
        set_width(self.driver, self.width)
        self.open("/me/")
        return self

    def open(self, path: str) -> None:
        """By an address, as from a QR code or a notice; all else goes by `follow` and `push`."""
        self.driver.get(self.server.url + path)
        self.look()

    @property
    def path(self) -> str:
        return urlsplit(self.driver.current_url).path

    def look(self) -> None:
        """Nothing sideways, nothing refused by the policy, no error in the console, no grave fault of access."""
        wide = self.driver.execute_script("return document.scrollingElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.path}: {wide} px sideways"
        assert self.driver.execute_script("return window.refused") == []
        assert grave_faults(self.driver) == [], self.path
        assert [each for each in self.driver.get_log("browser") if each["level"] == "SEVERE"] == []

    def one(self, selector: str, text: str, within: str = "body"):
        """The first link or button that is called so, waited for."""

        def called(driver):
            found = driver.find_elements(By.CSS_SELECTOR, f"{within} :is({selector})")
            return next((each for each in found if each.accessible_name.startswith(text)), None)

        return self.wait.until(called, f"{self.path}: {text}")

    def follow(self, text: str, within: str = "body") -> None:
        """A link, by keyboard."""
        self.leave_by(self.one("a", text, within))

    def push(self, text: str, within: str = "main") -> None:
        """A button, by keyboard."""
        self.leave_by(self.one("button", text, within))

    def leave_by(self, element) -> None:
        self.driver.execute_script("window.isLeft = true; arguments[0].focus()", element)
        assert self.driver.switch_to.active_element == element
        element.send_keys(Keys.ENTER)
        self.arrive()

    def arrive(self) -> None:
        there = "return !window.isLeft && document.readyState === 'complete'"
        self.wait.until(lambda driver: driver.execute_script(there), f"{self.path}: left")
        self.look()

    def type(self, name: str, text: str) -> None:
        field = self.wait.until(lambda driver: driver.find_element(By.NAME, name))
        if field.tag_name == "select":
            Select(field).select_by_visible_text(text)
        elif field.get_attribute("type") in ("date", "time", "datetime-local"):
            self.driver.execute_script(SET, field, text)  # how one types these depends on the browser's own language
        else:
            field.clear()
            field.send_keys(text)

    def tick(self, selector: str) -> None:
        """A radio button or a box, wherever its label covers it."""
        press(self.driver, self.driver.find_element(By.CSS_SELECTOR, selector))

    def sees(self, *texts: str, within: str = "main") -> None:
        def is_there(driver) -> bool:
            shown = driver.find_element(By.CSS_SELECTOR, within).text
            return all(text in shown for text in texts)

        self.wait.until(is_there, f"{self.path}: {texts}")

    def text(self, within: str = "main") -> str:
        return self.wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, within)).text


def listen(driver) -> None:
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN})
