"""Files on their way in Chromium: limits, refusals, a line that breaks, a session that ends, a form that waits."""

import os
import re
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from shuxiang.tests.browsing import grave_faults, press
from shuxiang.tests.cutting import CutLine
from shuxiang.tests.kit_pages import received
from shuxiang.tests.patience import patient
from shuxiang.tests.recording import (
    open_form,
    press_word,
    record,
    remembering_server,
    speaking,
    wait_handed_in,
    wait_told,
)

__all__ = ["remembering_server", "speaking"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def picture(tmp_path) -> Path:
    file = tmp_path / "封面.jpg"
    file.write_bytes(b"\xff\xd8\xff" + os.urandom(600_000))
    return file


def fault(driver, name: str) -> str:
    """What is said beside the field, which points to it."""
    found = """
    const field = document.getElementById(arguments[0]);
    const told = (field.getAttribute("aria-describedby") ?? "").split(" ").map(id => document.getElementById(id));
    const wrong = told.filter(each => each?.classList.contains("invalid-feedback"));
    return field.getAttribute("aria-invalid") === "true" ? wrong.map(each => each.innerText).join() : "";
    """
    return driver.execute_script(found, f"id_{name}")


def choose(driver, name: str, file: Path) -> None:
    driver.find_element(By.ID, f"id_{name}").send_keys(str(file))


def row(driver, name: str):
    return driver.find_element(By.CSS_SELECTOR, f"#id_{name} ~ .upload-row")


def wait_fault(driver, name: str, text: str) -> None:
    patient(driver, 20).until(lambda driver: text in fault(driver, name), text)


def test_limits_are_looked_at_before_anything_is_sent(chromium, live_server, tmp_path):
    open_form(chromium, live_server)
    files = {"空.jpg": b"", "太大.jpg": b"\xff\xd8\xff" * 400_000, "网页.html": b"<html>", "表.xlsx": b"PK"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    expected = {
        "空.jpg": "“空.jpg”是空的，请重新选择。",
        "太大.jpg": "“太大.jpg”有 1.1 MB，超过上限 977 KB。请压缩后再传，或分成几件上报。",
        "网页.html": "“网页.html”不是这里能用的格式。请选 JPEG、PNG 等图片。",
        "表.xlsx": "“表.xlsx”不是这里能用的格式。请选 JPEG、PNG 等图片。",
    }
    for name, text in expected.items():
        choose(chromium, "cover", tmp_path / name)
        wait_fault(chromium, "cover", text)
        assert chromium.find_element(By.ID, "id_cover").get_property("value") == ""
    assert received.files == []
    assert grave_faults(chromium) == []


def test_a_file_is_sent_at_once_and_only_once(chromium, live_server, picture):
    open_form(chromium, live_server)
    choose(chromium, "cover", picture)
    patient(chromium, 10).until(
        lambda driver: "已上传" in driver.find_element(By.CSS_SELECTOR, "#id_cover ~ .uploaded").text
    )
    about = chromium.find_element(By.CSS_SELECTOR, "#id_cover ~ .uploaded").text
    assert about.split() == ["已上传", "封面.jpg", "586", "KB"]
    assert not row(chromium, "cover").is_displayed()
    press(chromium, chromium.find_element(By.NAME, "action"))
    wait_handed_in(chromium)
    assert (len(received.files), received.sent[0].get("cover", "")) == (1, "")
    assert received.files[0]["content"] == picture.read_bytes()


def test_a_module_that_runs_under_two_names_sends_a_file_once(chromium, live_server, picture):
    open_form(chromium, live_server)
    chromium.execute_async_script("import('/static/upload.js?hashed').then(arguments[0])")
    choose(chromium, "cover", picture)
    patient(chromium, 10).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#id_cover ~ .uploaded .stamp"))
    assert len(received.files) == 1
    assert len(chromium.find_elements(By.CSS_SELECTOR, "#id_cover ~ .upload-row")) == 1


def test_what_the_server_refuses_stands_beside_the_field(chromium, live_server, picture):
    open_form(chromium, live_server)
    received.refusal = "图片打不开：文件不完整，请重新导出后上传。"
    choose(chromium, "cover", picture)
    wait_fault(chromium, "cover", received.refusal)
    received.refusal = ""
    for status, text in ((413, "文件太大，服务器没有收下。"), (404, "这里已经不能修改")):
        received.status = status
        choose(chromium, "cover", picture)
        wait_fault(chromium, "cover", text)
    received.status = 200
    choose(chromium, "cover", picture)
    patient(chromium, 10).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#id_cover ~ .uploaded .stamp"))
    assert fault(chromium, "cover") == ""
    chromium.get_log("browser")


def test_a_session_that_ended_loses_nothing(chromium, live_server, picture):
    open_form(chromium, live_server)
    received.status = 403
    choose(chromium, "cover", picture)
    patient(chromium, 10).until(lambda driver: "登录已经结束" in row(driver, "cover").text)
    received.status = 200
    press(chromium, row(chromium, "cover").find_element(By.TAG_NAME, "button"))
    patient(chromium, 10).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#id_cover ~ .uploaded .stamp"))
    assert len(received.files) == 1
    chromium.get_log("browser")


def test_the_form_waits_for_its_files_and_goes_on_by_itself(chromium, live_server, picture):
    open_form(chromium, live_server)
    received.gate.clear()
    choose(chromium, "cover", picture)
    patient(chromium, 10).until(lambda driver: row(driver, "cover").is_displayed())
    press(chromium, chromium.find_element(By.NAME, "action"))
    assert "传完后自动继续" in row(chromium, "cover").text
    assert received.sent == []
    received.gate.set()
    wait_handed_in(chromium)
    assert (len(received.files), received.sent[0]["action"]) == (1, "submit")


def test_an_upload_may_be_stopped(chromium, live_server, picture):
    open_form(chromium, live_server)
    received.gate.clear()
    choose(chromium, "cover", picture)
    patient(chromium, 10).until(lambda driver: row(driver, "cover").is_displayed())
    [stop] = [each for each in row(chromium, "cover").find_elements(By.TAG_NAME, "button") if each.text == "停止"]
    press(chromium, stop)
    patient(chromium, 10).until(lambda driver: not row(driver, "cover").is_displayed())
    received.gate.set()
    press(chromium, chromium.find_element(By.NAME, "action"))
    wait_handed_in(chromium)
    chromium.get_log("browser")


def test_a_connection_cut_at_nine_tenths_loses_no_take(speaking, live_server):
    line = CutLine(int(live_server.url.rsplit(":", 1)[1]), share=0.9)
    try:
        open_form(speaking, f"http://localhost:{line.port}")
        record(speaking, 6)
        press_word(speaking, "用这一遍")
        patient(speaking, 20).until(
            lambda driver: re.match(
                r"连接断了，[24] 秒后自动再传。", row(driver, "audio").find_element(By.CLASS_NAME, "told").text
            )
        )
        for passed, announced in line.cuts:
            assert passed >= 0.9 * announced
        assert received.files == []
        line.is_mended = True
        wait_told(speaking, "第 1 遍已经上传")
    finally:
        line.close()
    [only] = received.files
    assert len(only["content"]) > 0.9 * announced
    assert len(speaking.find_elements(By.CLASS_NAME, "take")) == 1
    speaking.get_log("browser")


def test_a_recording_that_cannot_be_prepared_says_so(speaking, live_server):
    received.failure = "录音无法处理，文件可能已损坏，请重新录音或换一个文件。"
    open_form(speaking, live_server)
    record(speaking, 2)
    press_word(speaking, "用这一遍")
    patient(speaking, 20).until(
        lambda driver: driver.find_element(By.CSS_SELECTOR, ".uploaded .unusable").text == received.failure
    )


def test_a_page_closed_during_the_upload_offers_the_take_again(speaking, live_server):
    open_form(speaking, live_server)
    record(speaking, 2)
    received.gate.clear()
    press_word(speaking, "用这一遍")
    patient(speaking, 10).until(lambda driver: row(driver, "audio").is_displayed())
    speaking.refresh()
    wait_told(speaking, "第 1 遍还没有传完")
    received.gate.set()
    press_word(speaking, "用这一遍")
    wait_told(speaking, "第 1 遍已经上传")
    speaking.get_log("browser")
