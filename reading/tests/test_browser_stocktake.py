"""Scanning in Chromium: the cursor stays in the field, and a lost connection loses no scan."""

import pytest
from django.contrib.auth.hashers import make_password
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from organization.models import Cadre
from reading.models import Scan
from reading.tests.stocktaking import Count
from shuxiang.tests.patience import patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Reading-2024"


def told(driver, words: str) -> None:
    patient(driver, 20).until(lambda driver: words in driver.find_element(By.CSS_SELECTOR, "[data-told]").text)


def test_scans_wait_in_the_browser_until_the_network_is_back(chromium, live_server, seeds):
    count = Count()
    copies = [count.copy() for _ in range(3)]
    Cadre.objects.filter(pk=count.librarian.pk).update(password=make_password(PASSWORD))
    chromium.get(f"{live_server.url}/login/")
    chromium.execute_script("localStorage.clear()")
    chromium.find_element(By.NAME, "username").send_keys(count.librarian.employee_number)
    chromium.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)
    patient(chromium, 20).until(lambda driver: "/login/" not in driver.current_url)
    chromium.get(f"{live_server.url}/stocktakes/{count.stocktake.pk}/")

    # A scanner types and ends with Enter, wherever the cursor is.
    chromium.switch_to.active_element.send_keys(copies[0].barcode, Keys.ENTER)
    told(chromium, f"已记下：{copies[0].barcode}")
    chromium.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    chromium.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    for copy in copies[1:]:
        chromium.switch_to.active_element.send_keys(copy.barcode, Keys.ENTER)
        told(chromium, "网络不通")
    assert Scan.objects.count() == 1
    assert chromium.execute_script("return localStorage.length") == 1
    chromium.execute_cdp_cmd("Network.emulateNetworkConditions", {**offline, "offline": False})
    told(chromium, f"已记下：{copies[2].barcode}")
    assert Scan.objects.count() == 3
    assert chromium.execute_script("return localStorage.length") == 0
    shown = chromium.find_element(By.CSS_SELECTOR, "[data-shown]").text
    assert copies[2].barcode in shown
