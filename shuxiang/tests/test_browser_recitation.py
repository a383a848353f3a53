"""A recitation from the microphone to the reviewer's ears, in the portal's own pages."""

from types import SimpleNamespace

import pytest
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from shuxiang.tests.browsing import grave_faults, press, set_width
from shuxiang.tests.cutting import CutLine
from shuxiang.tests.patience import patient
from shuxiang.tests.recording import (
    part,
    press_word,
    record,
    speaking,
    wait_told,
)
from shuxiang.tests.test_browser import QUEUE, people, sign_in
from shuxiang.tests.test_browser_upload import row, wait_fault
from submissions.models import Attachment, Submission
from submissions.services.processing import process_waiting
from submissions.states import State

__all__ = ["people", "speaking"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/works/new/recitation/"
TEXT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
TAKES = """
const done = arguments[0];
indexedDB.open("shuxiang").onsuccess = ({target}) => {
  const asked = target.result.transaction("takes").objectStore("takes").getAll();
  asked.onsuccess = () => done(asked.result.map(take => take.work));
};
"""


def open_new(driver, server) -> None:
    driver.get(server.url + NEW)
    patient(driver, 10).until(lambda driver: part(driver, "main").is_displayed())


def write(driver, title: str) -> None:
    driver.find_element(By.NAME, "title").send_keys(title)
    driver.find_element(By.NAME, "script").send_keys(TEXT)


def plays(driver) -> None:
    audio = driver.find_element(By.TAG_NAME, "audio")
    patient(driver, 20).until(lambda driver: float(audio.get_property("currentTime")) > 0.3)


@pytest.mark.parametrize("width", [360, 1280])
def test_recorded_handed_in_and_heard_at_the_desk(speaking, live_server, people, width):
    set_width(speaking, width)
    sign_in(speaking, live_server, "cadre")
    open_new(speaking, live_server)
    write(speaking, "静夜思")
    record(speaking, 4)
    assert part(speaking, "prompter").text == TEXT
    press_word(speaking, "用这一遍")
    wait_told(speaking, "第 1 遍已经上传")
    assert "处理中" in speaking.find_element(By.CLASS_NAME, "processing").text
    process_waiting(timezone.now())
    patient(speaking, 20).until(lambda driver: driver.find_element(By.CSS_SELECTOR, ".uploaded .player"))
    assert grave_faults(speaking) == []
    assert speaking.execute_script("return document.scrollingElement.scrollWidth - window.innerWidth") <= 0

    press(speaking, speaking.find_element(By.CSS_SELECTOR, ".submit [value='submit']"))
    patient(speaking, 20).until(lambda driver: driver.current_url.split("/")[-2].isdigit())
    work = Submission.objects.get(pk=speaking.current_url.split("/")[-2])
    assert (work.title, work.state) == ("静夜思", State.PENDING)
    stored = Attachment.objects.get(version__submission=work)
    assert (stored.role, stored.state) == ("audio", "ready")
    assert 4000 <= stored.duration_ms <= 7000
    patient(speaking, 10).until(lambda driver: driver.execute_async_script(TAKES) == [])
    press(speaking, speaking.find_element(By.CLASS_NAME, "play"))
    plays(speaking)

    sign_in(speaking, live_server, "office")
    speaking.get(f"{live_server.url}{QUEUE}{work.pk}/")
    patient(speaking, 10).until(
        lambda driver: driver.find_element(By.CSS_SELECTOR, ".player .clock").text.startswith("00:00 / 00:0")
    )
    speaking.switch_to.active_element.send_keys("p")
    plays(speaking)
    assert speaking.find_element(By.CLASS_NAME, "play").accessible_name == "暂停录音"
    speaking.switch_to.active_element.send_keys("p")
    assert speaking.find_element(By.CLASS_NAME, "play").accessible_name == "播放录音"
    assert grave_faults(speaking) == []
    assert [entry for entry in speaking.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_line_cut_at_nine_tenths_makes_one_draft_with_the_whole_take(speaking, live_server, people):
    line = CutLine(int(live_server.url.rsplit(":", 1)[1]), share=0.9)
    try:
        server = SimpleNamespace(url=f"http://localhost:{line.port}")
        line.is_mended = True
        sign_in(speaking, server, "cadre")
        open_new(speaking, server)
        record(speaking, 6)
        line.is_mended = False
        press_word(speaking, "用这一遍")
        patient(speaking, 20).until(lambda driver: "连接断了" in row(driver, "audio").text)
        assert Attachment.objects.filter(role="audio", uploaded_by=people["cadre"]).count() == 0
        line.is_mended = True
        wait_told(speaking, "第 1 遍已经上传")
    finally:
        line.close()
    [draft] = Submission.objects.filter(entered_by=people["cadre"], state=State.DRAFT)
    [stored] = Attachment.objects.filter(version__submission=draft)
    assert stored.size > 0.9 * line.cuts[0][1]
    assert 6000 <= stored.duration_ms <= 9000
    speaking.get_log("browser")


def test_what_is_no_recording_is_refused_beside_the_field(chromium, live_server, people, tmp_path):
    sign_in(chromium, live_server, "cadre")
    open_new(chromium, live_server)
    page = tmp_path / "秋声赋.mp3"
    page.write_bytes(b"<!doctype html><html><body>" + b"not a sound " * 200)
    chromium.find_element(By.ID, "id_audio").send_keys(str(page))
    wait_fault(chromium, "audio", "文件是网页而不是音频")
    assert Attachment.objects.filter(uploaded_by=people["cadre"]).count() == 0
    # The draft that this file began goes on.
    write(chromium, "静夜思")
    patient(chromium, 20).until(
        lambda driver: "已自动保存" in driver.find_element(By.CSS_SELECTOR, "[data-saved]").text
    )
    draft = Submission.objects.get(entered_by=people["cadre"])
    assert chromium.current_url.endswith(f"/works/{draft.pk}/edit/")
    patient(chromium, 20).until(lambda driver: draft.versions.get().title == "静夜思")
    chromium.get_log("browser")


def use_a_take(driver, live_server) -> None:
    """Records on a new form, sends the recording and opens the draft again."""
    sign_in(driver, live_server, "cadre")
    open_new(driver, live_server)
    write(driver, "静夜思")
    record(driver, 2)
    press_word(driver, "用这一遍")
    wait_told(driver, "第 1 遍已经上传")
    driver.refresh()


def test_enter_in_a_field_removes_no_recording(speaking, live_server, people):
    use_a_take(speaking, live_server)
    patient(speaking, 10).until(lambda driver: driver.find_element(By.CSS_SELECTOR, "[data-uploaded]"))
    field = speaking.find_element(By.NAME, "author")
    field.send_keys("李白", Keys.ENTER)
    patient(speaking, 10).until(
        lambda driver: driver.execute_script("return performance.getEntriesByType('navigation')[0].type") == "navigate"
    )
    [stored] = Attachment.objects.filter(uploaded_by=people["cadre"])
    assert stored.version.submission.versions.get().author == "李白"


def test_a_take_may_be_used_again_when_its_file_was_removed(speaking, live_server, people):
    def stamps(driver) -> list[str]:
        return [each.text for each in driver.find_elements(By.CSS_SELECTOR, ".take .stamp")]

    use_a_take(speaking, live_server)
    patient(speaking, 30).until(lambda driver: stamps(driver) == ["已上传"])
    press(speaking, speaking.find_element(By.CSS_SELECTOR, "[value='remove:audio']"))
    patient(speaking, 30).until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "[data-uploaded]"))
    patient(speaking, 30).until(lambda driver: driver.find_element(By.CLASS_NAME, "take") and stamps(driver) == [])
    press_word(speaking, "用这一遍")
    wait_told(speaking, "第 1 遍已经上传")
    assert Attachment.objects.filter(uploaded_by=people["cadre"]).count() == 1


def test_the_prompter_reads_an_uploaded_text(speaking, live_server, people, tmp_path):
    text = tmp_path / "静夜思.txt"
    text.write_text(TEXT, encoding="utf-8")
    sign_in(speaking, live_server, "cadre")
    open_new(speaking, live_server)
    speaking.find_element(By.ID, "id_script_file").send_keys(str(text))
    patient(speaking, 10).until(lambda driver: "静夜思.txt" in driver.find_element(By.CLASS_NAME, "uploaded").text)
    speaking.refresh()
    patient(speaking, 10).until(lambda driver: part(driver, "prompter").text == TEXT)
