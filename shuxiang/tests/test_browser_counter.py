"""The counter and the pages of a copy in Chromium, with the keyboard alone: the scanner is one too."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from organization.models import Cadre
from organization.roles import Role
from reading.models import Copy, Hold, LendingPolicy, Loan
from reading.tests.factories import BookFactory, CopyFactory, lend, reader
from shuxiang.tests.browsing import grave_faults, set_width
from shuxiang.tests.patience import patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Desk:
    """A librarian at the counter who types, and never touches a mouse."""

    def __init__(self, driver, server) -> None:
        self.driver, self.server = driver, server

    def sign_in(self, person: Cadre) -> None:
        client = Client()
        client.force_login(person)
        self.driver.get(f"{self.server.url}/login/")
        self.driver.delete_all_cookies()
        kept = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.driver.add_cookie({"name": settings.SESSION_COOKIE_NAME, "value": kept, "path": "/"})

    def open(self, path: str) -> None:
        self.driver.get(self.server.url + path)

    def keys(self, *keys: str) -> None:
        """To whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def scan(self, text: str, said: str) -> None:
        self.keys(text, Keys.ENTER)
        self.told(said)

    def told(self, said: str) -> None:
        patient(self.driver, 20).until(
            lambda driver: said in driver.find_element(By.CSS_SELECTOR, ".outcome").text, f"said: {said}"
        )

    def tab_to(self, label: str) -> None:
        for _ in range(60):
            self.keys(Keys.TAB)
            here = self.driver.switch_to.active_element
            if label in (here.get_attribute("aria-label") or here.text):
                return
        raise AssertionError(f"no way by keyboard to {label}")

    def fits(self) -> None:
        for width in (1280, 360):
            set_width(self.driver, width)
            assert self.driver.execute_script("return document.documentElement.scrollWidth") <= width
        set_width(self.driver, 1280)
        assert grave_faults(self.driver) == []
        assert [entry for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.fixture
def desk(chromium, live_server, seeds) -> Desk:
    return Desk(chromium, live_server)


def test_lend_renew_hold_and_return_with_the_keyboard_alone(desk):
    librarian, borrower, waiting = reader(Role.LIBRARIAN), reader(), reader()
    Cadre.objects.filter(pk=borrower.pk).update(name="诸葛文轩")
    copy = CopyFactory(book=BookFactory(title="论语译注"))
    older = lend(CopyFactory(book=BookFactory(title="大学")), borrower, at=timezone.now() - timedelta(days=7))
    desk.sign_in(librarian)
    desk.open("/counter/")
    desk.scan("zgwx", "诸葛文轩，请扫书")
    desk.scan(copy.barcode, "已借出《论语译注》给诸葛文轩")
    desk.scan(copy.barcode, "已经借给诸葛文轩")
    desk.fits()
    desk.tab_to("续借《大学》")
    desk.keys(Keys.ENTER)
    desk.told("已续借《大学》")
    older.refresh_from_db()
    assert older.renewals == 1

    desk.sign_in(waiting)
    desk.open(f"/copies/{copy.barcode}/")
    desk.fits()
    desk.tab_to("预约")
    desk.keys(Keys.ENTER)
    patient(desk.driver, 20).until(lambda driver: "您已预约" in driver.find_element(By.ID, "main").text)

    desk.sign_in(librarian)
    desk.open("/counter/")
    desk.scan(copy.barcode, f"这册留给{waiting.name}")
    desk.scan(waiting.employee_number, "请扫书")
    desk.scan(copy.barcode, f"已借出《论语译注》给{waiting.name}")
    desk.scan("-", "现在是“归还”")
    desk.scan(copy.barcode, "已归还《论语译注》")
    desk.scan(".", "已撤销《论语译注》的归还")
    desk.scan(copy.barcode, "已归还《论语译注》")
    assert (Copy.objects.get(pk=copy.pk).state, Hold.objects.get().state) == ("available", "fulfilled")
    desk.open("/counter/overdue/?show=all")
    desk.fits()


def test_a_fast_scanner_loses_no_book(desk):
    """Ten barcodes without a pause: each waits for its turn."""
    librarian, borrower = reader(Role.LIBRARIAN), reader()
    LendingPolicy.objects.update(max_loans=10)
    copies = [CopyFactory() for _ in range(10)]
    desk.sign_in(librarian)
    desk.open("/counter/")
    scans = [borrower.employee_number, *(copy.barcode for copy in copies)]
    desk.keys("".join(f"{scan}\n" for scan in scans))
    desk.told(copies[-1].book.title)
    assert Loan.objects.open().of(borrower).count() == 10


def not_sent(driver, words: str) -> None:
    patient(driver, 20).until(lambda driver: words in driver.find_element(By.CSS_SELECTOR, "[data-told]").text, words)


def kept_in_the_tab(driver) -> int:
    return driver.execute_script("return sessionStorage.length")


def test_a_lost_connection_loses_no_book(desk):
    librarian, borrower = reader(Role.LIBRARIAN), reader()
    copies = [CopyFactory() for _ in range(3)]
    desk.sign_in(librarian)
    desk.open("/counter/")
    desk.scan(borrower.employee_number, "请扫书")
    desk.driver.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    desk.driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    desk.keys("".join(f"{copy.barcode}\n" for copy in copies))
    not_sent(desk.driver, f"还有 3 条没有送出：{'、'.join(copy.barcode for copy in copies)}。")
    assert Loan.objects.count() == 0
    desk.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {**offline, "offline": False})
    desk.told(copies[-1].book.title)
    assert Loan.objects.open().of(borrower).count() == 3
    patient(desk.driver, 20).until(lambda driver: driver.find_element(By.CSS_SELECTOR, "[data-told]").text == "")
    assert kept_in_the_tab(desk.driver) == 0


def test_who_was_signed_out_sends_the_scans_for_their_reader_after_signing_in(desk):
    librarian, borrower, copy = reader(Role.LIBRARIAN), reader(), CopyFactory()
    desk.sign_in(librarian)
    desk.open("/counter/")
    desk.scan(borrower.employee_number, "请扫书")
    desk.driver.delete_cookie(settings.SESSION_COOKIE_NAME)
    desk.keys(copy.barcode, Keys.ENTER)
    not_sent(desk.driver, f"请刷新本页重新登录，回来后自动再送。还有 1 条没有送出：{copy.barcode}。")
    assert kept_in_the_tab(desk.driver) == 1
    desk.sign_in(librarian)
    desk.open("/counter/")
    desk.told(f"已借出《{copy.book.title}》给{borrower.name}")
    assert (Loan.objects.get().borrower, kept_in_the_tab(desk.driver)) == (borrower, 0)
