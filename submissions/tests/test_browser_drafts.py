"""Forms that save themselves, in Chromium: what is kept, told and restored."""

import time
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import Quarter
from shuxiang.tests.patience import patient
from submissions.models import Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Reading-2024"


@pytest.fixture
def author(seeds):
    department = DepartmentFactory(parent=bureau(), name="法规审理科")
    return CadreFactory(employee_number="QIN", department=department, password=make_password(PASSWORD))


@pytest.fixture(autouse=True)
def nothing_kept(chromium, live_server):
    """A browser into which nobody has typed yet: one test's words stay out of the next."""
    chromium.get(f"{live_server.url}/login/")
    chromium.execute_script("localStorage.clear(); sessionStorage.clear()")


def sign_in(driver, server):
    driver.delete_all_cookies()
    driver.get(f"{server.url}/login/")
    driver.find_element(By.NAME, "username").send_keys("QIN")
    driver.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)
    patient(driver, 10).until(lambda driver: urlsplit(driver.current_url).path != "/login/")


def field(driver, name):
    return driver.find_element(By.NAME, name)


def told(driver, words):
    patient(driver, 15).until(lambda driver: words in driver.find_element(By.CSS_SELECTOR, "[data-saved]").text)


def press(driver, action):
    button = driver.find_element(By.CSS_SELECTOR, f".submit button[value={action}]")
    driver.execute_script("arguments[0].click()", button)


@pytest.fixture
def begun(chromium, live_server, author):
    """An essay that has saved itself; its address."""
    sign_in(chromium, live_server)
    chromium.execute_script("localStorage.clear()")
    chromium.get(f"{live_server.url}/works/new/essay/")
    field(chromium, "title").send_keys("读《论语》")
    field(chromium, "body").send_keys("学而时习之。")
    told(chromium, "已自动保存")
    return chromium.current_url


def test_what_was_refused_is_not_sent_again_and_again(chromium, begun):
    sent = "return performance.getEntriesByType('resource').filter((each) => each.name === location.href).length"
    paste = "arguments[0].value = '字'.repeat(20001); arguments[0].dispatchEvent(new Event('input', {bubbles: true}));"
    chromium.execute_script(paste, field(chromium, "body"))
    told(chromium, "有 1 处没有保存")
    before = chromium.execute_script(sent)
    time.sleep(4)
    assert chromium.execute_script(sent) <= before + 1  # one where the typing had not ended
    field(chromium, "body").clear()
    field(chromium, "body").send_keys("孟子见梁惠王。")
    told(chromium, "已自动保存")
    assert Submission.objects.get().versions.get().body == "孟子见梁惠王。"


def test_text_of_a_draft_that_was_removed_in_another_window_begins_a_new_one(chromium, begun):
    chromium.switch_to.new_window("tab")
    chromium.get(begun.replace("edit", "discard"))
    chromium.find_element(By.CSS_SELECTOR, "main form .btn-primary").click()
    patient(chromium, 10).until(lambda driver: urlsplit(driver.current_url).path == "/works/new/")
    chromium.close()
    chromium.switch_to.window(chromium.window_handles[0])
    field(chromium, "body").send_keys("不亦说乎。")
    patient(chromium, 15).until(lambda driver: driver.current_url != begun)
    work = Submission.objects.get()
    assert urlsplit(chromium.current_url).path == f"/works/{work.pk}/edit/"
    assert work.versions.get().body == "学而时习之。不亦说乎。"
    upload = chromium.find_element(By.CSS_SELECTOR, "input[data-upload]").get_attribute("data-upload")
    assert upload == f"/works/{work.pk}/files/document/"


def test_a_draft_saves_itself_and_is_handed_in_once(chromium, begun):
    work = Submission.objects.get()
    assert urlsplit(begun).path == f"/works/{work.pk}/edit/"
    assert work.versions.get().body == "学而时习之。"
    assert chromium.execute_script("return localStorage.length") == 0
    assert "可以上报" in chromium.find_element(By.CSS_SELECTOR, "[data-missing]").text
    button = "const button = document.querySelector('.submit button[value=submit]');"
    chromium.execute_script(f"{button} button.click(); button.click();")
    patient(chromium, 15).until(lambda driver: urlsplit(driver.current_url).path == f"/works/{work.pk}/")
    assert Submission.objects.get().state == State.PENDING
    assert work.decisions.count() == 1


def test_of_two_tabs_the_later_is_told_and_shown_both_texts(chromium, begun):
    chromium.switch_to.new_window("tab")
    chromium.get(begun)
    field(chromium, "body").send_keys("另一个窗口写的。")
    told(chromium, "已自动保存")
    chromium.close()
    chromium.switch_to.window(chromium.window_handles[0])
    field(chromium, "body").send_keys("这个窗口写的。")
    told(chromium, "在别处改动过")
    press(chromium, "draft")
    patient(chromium, 15).until(lambda driver: driver.find_elements(By.ID, "conflict"))
    assert chromium.find_element(By.CSS_SELECTOR, ".difference del").text == "另一"
    assert field(chromium, "body").get_attribute("value") == "学而时习之。这个窗口写的。"
    chromium.execute_script("document.querySelector('[data-forget]').click()")
    patient(chromium, 15).until(lambda driver: not driver.find_elements(By.ID, "conflict"))
    assert field(chromium, "body").get_attribute("value") == "学而时习之。另一个窗口写的。"
    assert Submission.objects.get().versions.get().body == "学而时习之。另一个窗口写的。"


def test_what_is_typed_after_the_session_ended_comes_back(chromium, live_server, begun):
    chromium.delete_cookie("sessionid")
    field(chromium, "body").send_keys("会话失效后写的。")
    told(chromium, "登录已失效")
    assert Submission.objects.get().versions.get().body == "学而时习之。"
    sign_in(chromium, live_server)
    chromium.get(begun)
    told(chromium, "已自动保存")
    assert field(chromium, "body").get_attribute("value") == "学而时习之。会话失效后写的。"
    assert Submission.objects.get().versions.get().body == "学而时习之。会话失效后写的。"


def test_what_counts_follows_the_chosen_author_and_nothing_typed_makes_no_draft(chromium, live_server, seeds):
    department, today = DepartmentFactory(parent=bureau()), timezone.localdate()
    CadreFactory(employee_number="QIN", department=department, roles=[Role.LIAISON], password=make_password(PASSWORD))
    colleague = CadreFactory(department=department)
    SubmissionFactory(people=[colleague], credit_date=today, quarter=str(Quarter.of(today)))
    sign_in(chromium, live_server)
    chromium.get(f"{live_server.url}/works/new/essay/")
    counting = chromium.find_element(By.CSS_SELECTOR, "[data-counting]")
    assert "另外已报 0 件" in counting.text
    chromium.find_element(By.CSS_SELECTOR, f"option[value='{colleague.employee_number}']").click()
    patient(chromium, 15).until(lambda driver: "另外已报 1 件" in counting.text)
    told(chromium, "还没有保存")
    assert Submission.objects.count() == 1


def test_what_was_sent_and_answered_is_kept_no_longer(chromium, live_server, author):
    sign_in(chromium, live_server)
    chromium.get(f"{live_server.url}/works/new/idea/")
    field(chromium, "title").send_keys("底稿加一栏")
    field(chromium, "body").send_keys("请加一栏“依据”。")
    press(chromium, "submit")
    patient(chromium, 15).until(lambda driver: urlsplit(driver.current_url).path.count("/") == 3)
    patient(chromium, 15).until(lambda driver: driver.execute_script("return localStorage.length") == 0)
    chromium.get(f"{live_server.url}/works/new/idea/")
    assert field(chromium, "title").get_attribute("value") == ""
    assert Submission.objects.get().state == State.PENDING
