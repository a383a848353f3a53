"""Somebody at the browser in front of an office that `make demo` serves."""

from io import BytesIO
from urllib.request import Request, urlopen

from openpyxl import Workbook, load_workbook
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from organization.roles import Role
from shuxiang.tests.browsing import set_width
from shuxiang.tests.office import Office
from shuxiang.tests.patience import patient

PHONE, DESKTOP = 360, 1280
REVIEW = "/admin/submissions/submission/review/"


class Person:
    """Somebody at the browser, who prefers keys."""

    def __init__(self, driver, office: Office, width: int) -> None:
        self.driver, self.office = driver, office
        self.wait = patient(driver, 60)
        set_width(driver, width)

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

    def click(self, selector: str) -> None:
        element = self.find(selector)
        for _ in range(2):  # a part of the page that stays in view has moved after the first time
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def type(self, name: str, text: str) -> None:
        field = self.find(f"[name='{name}']")
        field.clear()
        field.send_keys(text)

    def assess(self) -> str:
        """Runs the newest quarter by its button and watches over a reload; gives its code."""
        self.open("/appraisal/")
        period = self.driver.current_url.rstrip("/").rpartition("/")[2]
        assert self.fits()
        assert "数据有变动" in self.text()
        button = self.find("form[action$='/run/'] button")
        self.driver.execute_script("arguments[0].focus()", button)
        self.press(Keys.ENTER)
        self.driver.refresh()
        self.wait.until(lambda driver: "已是最新" in driver.find_element(By.CSS_SELECTOR, "main").text)
        return period

    def workbook(self, path: str) -> Workbook:
        cookie = self.driver.get_cookie("sessionid")["value"]
        with urlopen(Request(self.office.url + path, headers={"Cookie": f"sessionid={cookie}"}), timeout=60) as answer:
            return load_workbook(BytesIO(answer.read()))
