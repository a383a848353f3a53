"""The pages in the distribution's Chromium: signing in, widths, keyboard, nothing fetched from elsewhere."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from assessment.models import Quota, Scheme
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.tests.browsing import set_width
from shuxiang.tests.patience import patient
from shuxiang.tests.rows import make_row
from submissions.kinds import Kind
from submissions.models import Attachment, Decision, Submission
from submissions.states import State
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.browser
PASSWORD = "Reading-2024"


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
    patient(driver, 10).until(lambda driver: urlsplit(driver.current_url).path != "/login/")


def check_page(driver, server, path: str) -> None:
    """No sideways scroll, no console error, nothing loaded from another origin."""
    for width in (360, 1280):
        driver.set_window_size(width, 800)
        set_width(driver, width)
        driver.get(server.url + path)
        wide = driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width, f"{path} 在 {width} px 下宽 {wide} px"
        loaded = driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert [url for url in loaded if not url.startswith(server.url)] == []
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.django_db(transaction=True)
def test_pages_of_each_role(chromium, live_server, people):
    check_page(chromium, live_server, "/login/")
    for name in people:
        sign_in(chromium, live_server, name)
        check_page(chromium, live_server, "/me/")
        check_page(chromium, live_server, "/password/")


@pytest.mark.django_db(transaction=True)
def test_a_full_shelf_and_a_work_with_titles_that_break_nothing(chromium, live_server, people):
    made = {"people": [people["cadre"]], "credit_date": timezone.localdate()}
    titles = ["Unbroken" * 25, "\u202e正着读", "长" * 200, "<b>粗</b>", "𠮷野家", "一", "W" * 200]
    for kind in Kind:
        for title in titles:
            work = SubmissionFactory(**made, kind=kind, title=title, state=State.APPROVED)
        work.versions.update(title=title, body="Unbroken" * 500, author="W" * 100, source="W" * 200)
        Decision.objects.create(submission=work, action="return", to_state="returned", reason="W" * 500)
        version = work.versions.get()
        Attachment.objects.create(
            version=version, role="document", original_name="W" * 100, size=1, sha256="0" * 64, file="x"
        )
    SubmissionFactory(**made, title="W" * 200, state=State.RETURNED)
    Quota.objects.update(cycle="quarter")
    for kind in ("creation", "idea", "attendance", "speaking", "plan", "publication"):
        Quota.objects.create(scheme=Scheme.objects.get(version=1), kind=kind, cycle="quarter", required=9)
    sign_in(chromium, live_server, "cadre")
    check_page(chromium, live_server, "/me/")
    check_page(chromium, live_server, f"/works/{work.pk}/")
    chromium.find_element(By.CSS_SELECTOR, ".type-switch button").click()
    patient(chromium, 10).until(lambda driver: driver.get_cookie("type"))
    check_page(chromium, live_server, "/me/")
    check_page(chromium, live_server, f"/works/{work.pk}/")


@pytest.mark.django_db(transaction=True)
def test_the_fields_of_a_form_stand_the_portals_step_apart(chromium, live_server, people):
    """Bootstrap's own margin of a field is important, and smaller."""
    margins = """return [...document.querySelectorAll("form .mb-3, form .spaced")]
        .map(each => getComputedStyle(each).marginBottom)"""
    sign_in(chromium, live_server, "cadre")
    for path in ("/password/", "/works/new/recitation/"):
        chromium.get(live_server.url + path)
        assert set(chromium.execute_script(margins)) == {"24px"}
    # A count stands close under its field, and clear of it.
    field, count = chromium.find_element(By.ID, "id_script"), chromium.find_element(By.CLASS_NAME, "count")
    assert 0 <= count.rect["y"] - field.rect["y"] - field.rect["height"] <= 8


@pytest.mark.django_db(transaction=True)
def test_large_type_loses_nothing_typed(chromium, live_server, people):
    chromium.delete_all_cookies()
    chromium.get(f"{live_server.url}/login/")
    size = "return getComputedStyle(document.documentElement).fontSize"
    chromium.find_element(By.NAME, "username").send_keys("CADRE")
    button = chromium.find_element(By.CSS_SELECTOR, ".type-switch button")
    for pressed, expected in (("true", "20px"), ("false", "16px"), ("true", "20px")):
        button.click()
        patient(chromium, 10).until(
            lambda driver, wanted=pressed: bool(driver.get_cookie("type")) == (wanted == "true")
        )
        assert (button.get_attribute("aria-pressed"), chromium.execute_script(size)) == (pressed, expected)
    assert chromium.find_element(By.NAME, "username").get_attribute("value") == "CADRE"
    chromium.refresh()
    assert chromium.execute_script(size) == "20px"


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
def test_the_number_of_results_stands_in_one_line(chromium, live_server, people):
    sign_in(chromium, live_server, "office")
    set_width(chromium, 360)
    chromium.get(f"{live_server.url}/admin/organization/cadre/?q=a")
    assert chromium.find_element(By.CSS_SELECTOR, "#changelist-search .quiet").size["height"] < 30


QUEUE = "/admin/submissions/submission/review/"


def press(driver, *keys) -> None:
    driver.switch_to.active_element.send_keys(*keys)


def open_row(driver, title: str) -> None:
    """Goes down the queue by `j` and opens the row with this title by Enter."""
    for _ in range(9):
        press(driver, "j")
        if driver.switch_to.active_element.text == title:
            press(driver, Keys.ENTER)
            return wait_for(driver, title)
    raise AssertionError(title)


def wait_for(driver, heading: str) -> None:
    patient(driver, 10).until(lambda driver: driver.find_element(By.TAG_NAME, "h1").text == heading)


def three_works(people) -> list[Submission]:
    days = (date(2024, 2, 1), date(2024, 2, 2), date(2024, 2, 3))
    return [SubmissionFactory(people=[people["cadre"]], title=f"第{day.day}件", credit_date=day) for day in days]


@pytest.mark.django_db(transaction=True)
def test_three_works_are_reviewed_by_keyboard_alone(chromium, live_server, people):
    three_works(people)
    sign_in(chromium, live_server, "office")
    chromium.get(live_server.url + QUEUE)
    open_row(chromium, "第1件")
    assert chromium.switch_to.active_element.tag_name == "h1"
    press(chromium, "1")
    press(chromium, "q")
    press(chromium, "c")
    press(chromium, "切题，2 处引文准确 jk?")  # keys mean nothing while somebody types
    press(chromium, Keys.CONTROL, Keys.ENTER)
    wait_for(chromium, "第2件")
    press(chromium, "2")
    assert not chromium.find_element(By.CSS_SELECTOR, "#grades input").is_enabled()
    press(chromium, Keys.CONTROL, Keys.ENTER)
    patient(chromium, 10).until(lambda driver: "要写明理由" in driver.switch_to.active_element.text)
    press(chromium, "c")
    press(chromium, "请补齐出处", Keys.ESCAPE)
    press(chromium, Keys.CONTROL, Keys.ENTER)
    wait_for(chromium, "第3件")
    press(chromium, "3")
    press(chromium, "c")
    press(chromium, "与人雷同", Keys.CONTROL, Keys.ENTER)
    wait_for(chromium, "审阅台")
    assert "都办完了" in chromium.find_element(By.CLASS_NAME, "messagelist").text
    stored = Submission.objects.filter(title__startswith="第").order_by("title").values_list("state", "grade")
    assert list(stored) == [(State.APPROVED, "excellent"), (State.RETURNED, ""), (State.REJECTED, "")]
    reasons = Decision.objects.filter(actor=people["office"]).order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["切题，2 处引文准确 jk?", "请补齐出处", "与人雷同"]


@pytest.mark.django_db(transaction=True)
def test_keys_only_move_until_something_is_saved(chromium, live_server, people):
    three_works(people)
    sign_in(chromium, live_server, "office")
    chromium.get(live_server.url + QUEUE)
    open_row(chromium, "第1件")
    press(chromium, "1")
    for key, heading in (("j", "第2件"), ("j", "第3件"), ("k", "第2件"), ("u", "审阅台")):
        press(chromium, key)
        wait_for(chromium, heading)
    assert Submission.objects.filter(title__startswith="第", state=State.PENDING).count() == 3
    press(chromium, "j")
    press(chromium, "x")
    press(chromium, "j")
    press(chromium, "x")
    assert chromium.find_element(By.ID, "ticked").text == "已勾选 2 件"
    press(chromium, "/")
    assert chromium.switch_to.active_element.get_attribute("name") == "q"


@pytest.mark.django_db(transaction=True)
def test_a_recording_plays_at_the_desk(chromium, live_server, people):
    recording = (settings.BASE_DIR / "shuxiang/demo/recordings/jing-ye-si.mp3").read_bytes()
    work = three_works(people)[0]
    attachment = Attachment(
        version=work.versions.get(), role="audio", original_name="静夜思.mp3", size=len(recording), state="ready"
    )
    attachment.file.save("静夜思.mp3", ContentFile(recording), save=False)
    attachment.rendition.save("静夜思.mp3", ContentFile(recording))
    sign_in(chromium, live_server, "office")
    chromium.get(f"{live_server.url}{QUEUE}{work.pk}/")
    audio = chromium.find_element(By.TAG_NAME, "audio")
    patient(chromium, 10).until(lambda driver: int(audio.get_property("readyState")) >= 2)
    press(chromium, "p")
    patient(chromium, 10).until(lambda driver: float(audio.get_property("currentTime")) > 0)
    press(chromium, "p")
    assert audio.get_property("paused") is True


@pytest.mark.django_db(transaction=True)
def test_the_review_desks_pages_fit(chromium, live_server, people):
    work = three_works(people)[0]
    sign_in(chromium, live_server, "office")
    for path in (QUEUE, f"{QUEUE}?show=unrated", f"{QUEUE}?q=没有的", f"{QUEUE}{work.pk}/"):
        check_page(chromium, live_server, path)


@pytest.mark.django_db(transaction=True)
def test_a_first_password_is_changed_by_keyboard_alone(chromium, live_server, people):
    Cadre.objects.filter(pk=people["cadre"].pk).update(must_change_password=True)
    sign_in(chromium, live_server, "cadre")
    assert urlsplit(chromium.current_url).path == "/password/"
    for text in (PASSWORD, "Shuxiang-2025", "Shuxiang-2025"):
        chromium.switch_to.active_element.send_keys(text, Keys.TAB)
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    patient(chromium, 10).until(lambda driver: urlsplit(driver.current_url).path == "/me/")
    assert Cadre.objects.get(pk=people["cadre"].pk).must_change_password is False
