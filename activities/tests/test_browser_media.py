"""Photographs, materials and minutes in Chromium: bars, refusals beside what was taken, the keyboard."""

from pathlib import Path

import pytest
from django.conf import settings
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from activities.models import Material, Photograph
from activities.tests.media import PDF, a_photograph, activity, organiser, photograph
from shuxiang.tests.browsing import LISTEN, grave_faults, press
from shuxiang.tests.patience import patient

__all__ = ["activity", "organiser"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]


@pytest.fixture
def page(client, chromium, live_server, organiser):
    """Opens a page as the organiser."""
    chromium.get(f"{live_server.url}/login/")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    chromium.add_cookie({"name": settings.SESSION_COOKIE_NAME, "value": session})

    def opened(address: str):
        chromium.get(f"{live_server.url}{address}")
        chromium.execute_script(LISTEN)
        return chromium

    return opened


def files(folder: Path, **contents: bytes) -> str:
    for name, content in contents.items():
        (folder / f"{name}.jpg").write_bytes(content)
    return "\n".join(str(folder / f"{name}.jpg") for name in contents)


def wait(driver, selector: str, text: str) -> None:
    def is_there(driver) -> bool:
        return any(text in each.text for each in driver.find_elements(By.CSS_SELECTOR, selector))

    patient(driver, 60).until(is_there, text)


def submit(driver, form: str) -> None:
    press(driver, driver.find_element(By.CSS_SELECTOR, f"{form} [type='submit']"))


def test_bad_photographs_stand_beside_those_taken(page, activity, tmp_path):
    driver = page(f"/activities/{activity.pk}/photographs/")
    chosen = files(tmp_path, 一=photograph("red"), 二=PDF, 三=photograph("blue"), 四=b"")
    driver.find_element(By.ID, "id_upload").send_keys(chosen)
    submit(driver, "form[data-sending]")
    wait(driver, ".sent-refused", "有 2 个文件没有收下")
    told = driver.find_element(By.CSS_SELECTOR, ".sent-refused").text
    assert "“二.jpg”：文件不是图片" in told
    assert "“四.jpg”是空的" in told
    assert driver.find_elements(By.CSS_SELECTOR, ".upload-row") == []
    press(driver, driver.find_element(By.LINK_TEXT, "看已收下的 2 张"))
    patient(driver, 30).until(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".thumbnails img")) == 2)
    assert Photograph.objects.count() == 2
    assert grave_faults(driver) == []
    assert driver.execute_script("return window.refused ?? []") == []


def test_good_photographs_lead_to_the_gallery(page, activity, tmp_path):
    driver = page(f"/activities/{activity.pk}/photographs/")
    driver.find_element(By.ID, "id_upload").send_keys(files(tmp_path, 一=photograph("red"), 二=photograph("blue")))
    submit(driver, "form[data-sending]")
    patient(driver, 60).until(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".thumbnails img")) == 2)
    assert driver.execute_script("return [...document.images].every(each => each.naturalWidth > 0 || each.loading)")


def test_a_refused_material_keeps_its_name_and_a_good_one_is_told(page, activity, tmp_path):
    driver = page(f"/activities/{activity.pk}/materials/")
    (tmp_path / "课件.pdf").write_bytes(PDF[:-8])
    driver.find_element(By.ID, "id_title").send_keys("第一讲")
    driver.find_element(By.ID, "id_file").send_keys(str(tmp_path / "课件.pdf"))
    submit(driver, "form[data-sending]")
    wait(driver, "main", "文件不完整")
    assert driver.find_element(By.ID, "id_title").get_property("value") == "第一讲"
    (tmp_path / "课件.pdf").write_bytes(PDF)
    driver.find_element(By.ID, "id_file").send_keys(str(tmp_path / "课件.pdf"))
    submit(driver, "form[data-sending]")
    wait(driver, ".strip-done", "材料“第一讲”已加上。")
    assert Material.objects.get().title == "第一讲"
    assert grave_faults(driver) == []


def test_arrow_keys_lead_through_the_photographs(page, activity):
    rows = [a_photograph(activity) for _ in range(3)]
    driver = page(f"/activities/{activity.pk}/photographs/{rows[0].pk}/")
    for key, row in ((Keys.ARROW_RIGHT, rows[1]), (Keys.ARROW_RIGHT, rows[2]), (Keys.ARROW_LEFT, rows[1])):
        driver.find_element(By.TAG_NAME, "body").send_keys(key)
        patient(driver, 30).until(lambda driver, row=row: driver.current_url.endswith(f"/photographs/{row.pk}/"))
    assert grave_faults(driver) == []
