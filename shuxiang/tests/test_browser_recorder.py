"""The recorder in Chromium with a microphone that plays a file: takes, checks, reloads, and what comes without."""

import re

import pytest
from selenium.webdriver.common.by import By

from organization.tests.factories import CadreFactory
from shuxiang.tests import voices
from shuxiang.tests.browsing import LISTEN, grave_faults, press, set_width
from shuxiang.tests.kit_pages import received
from shuxiang.tests.patience import patient
from shuxiang.tests.recording import (
    MICROPHONE,
    checks,
    clock,
    open_form,
    part,
    press_word,
    record,
    remembering_server,
    speak,
    speaking,
    state,
    told,
    wait_handed_in,
    wait_told,
)

__all__ = ["remembering_server", "speaking"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The browser's own levelling would make a shout tame.
UNLEVELLED = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
const audio = {autoGainControl: false, noiseSuppression: false, echoCancellation: false};
navigator.mediaDevices.getUserMedia = () => ask({audio});
"""


def test_record_pause_listen_again_and_hand_in(speaking, live_server):
    open_form(speaking, live_server)
    press(speaking, part(speaking, "main"))
    patient(speaking, 10).until(lambda driver: state(driver) == "recording")
    patient(speaking, 10).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, ".level .on"))
    patient(speaking, 10).until(lambda driver: "适中" in part(driver, "loudness").text)
    patient(speaking, 10).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, ".prompter .read"))
    speak(speaking, 2)
    press(speaking, part(speaking, "main"))
    assert (state(speaking), part(speaking, "word").text) == ("paused", "继续")
    stood = clock(speaking)
    speaking.execute_async_script("setTimeout(arguments[0], 1500)")
    assert clock(speaking) == stood
    press(speaking, part(speaking, "main"))
    speak(speaking, 2)
    press(speaking, part(speaking, "done"))
    wait_told(speaking, "第 1 遍录好了")
    assert part(speaking, "word").text == "再录一遍"

    # listen
    audio = speaking.find_element(By.CSS_SELECTOR, ".take audio")
    press(speaking, speaking.find_element(By.CSS_SELECTOR, ".take .play"))
    patient(speaking, 10).until(lambda driver: float(audio.get_property("currentTime")) > 0.5)
    length = speaking.find_element(By.CSS_SELECTOR, ".take .clock").text.split(" / 00:")[1]
    assert stood + 2 <= int(length) <= stood + 4  # the pause is no part of it

    # again, and the second one is used
    record(speaking, 3)
    assert len(speaking.find_elements(By.CLASS_NAME, "take")) == 2
    press_word(speaking, "用这一遍")
    wait_told(speaking, "第 2 遍已经上传")
    [first] = received.files
    assert (first["path"], first["token"], first["type"]) == ("/works/files/audio/", "one-form", "audio/mp4")
    assert re.fullmatch(r"录音-第2遍-\d{8}\.m4a", first["name"])
    assert first["content"][4:8] == b"ftyp"

    # 处理中 becomes ready by itself
    patient(speaking, 20).until(lambda driver: driver.find_element(By.CSS_SELECTOR, ".uploaded .player"))
    assert speaking.find_element(By.CSS_SELECTOR, ".uploaded .clock").text == "00:00 / 00:03"
    assert "录音较轻" in speaking.find_element(By.CLASS_NAME, "uploaded").text

    # another choice goes to the draft that the first one made
    press_word(speaking, "用这一遍")
    wait_told(speaking, "第 1 遍已经上传")
    assert [each["path"] for each in received.files] == ["/works/files/audio/", "/works/7/files/audio/"]
    stamps = speaking.find_elements(By.CSS_SELECTOR, ".take .stamp")
    assert [each.text for each in stamps] == ["已上传"]
    press(speaking, speaking.find_element(By.NAME, "action"))
    wait_handed_in(speaking)
    [sent] = received.sent
    assert (sent["action"], sent.get("audio", "")) == ("submit", "")
    assert [entry for entry in speaking.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_reload_in_the_middle_of_a_take_costs_a_second_at_most(speaking, live_server):
    open_form(speaking, live_server)
    press(speaking, part(speaking, "main"))
    patient(speaking, 10).until(lambda driver: state(driver) == "recording")
    speak(speaking, 4)
    seconds = clock(speaking)
    speaking.refresh()
    patient(speaking, 10).until(lambda driver: driver.find_element(By.CLASS_NAME, "take"))
    assert "上次录的 1 遍都在" in told(speaking)
    assert ("warn", "页面中途关闭，录到的都在") in checks(speaking)
    length = speaking.find_element(By.CSS_SELECTOR, ".take .clock").text.split("/ ")[1]
    assert seconds - 1 <= int(length[-2:]) <= seconds + 2
    audio = speaking.find_element(By.CSS_SELECTOR, ".take audio")
    press(speaking, speaking.find_element(By.CSS_SELECTOR, ".take .play"))
    patient(speaking, 10).until(lambda driver: float(audio.get_property("currentTime")) > 2)
    record(speaking, 2)
    open_form(speaking, live_server)
    patient(speaking, 10).until(lambda driver: len(driver.find_elements(By.CLASS_NAME, "take")) == 2)
    press_word(speaking, "删除")
    assert len(speaking.find_elements(By.CLASS_NAME, "take")) == 2
    press_word(speaking, "再按一次删除")
    patient(speaking, 10).until(lambda driver: len(driver.find_elements(By.CLASS_NAME, "take")) == 1)
    open_form(speaking, live_server)
    patient(speaking, 10).until(lambda driver: len(driver.find_elements(By.CLASS_NAME, "take")) == 1)
    press_word(speaking, "用这一遍")
    wait_told(speaking, "已经上传")
    assert len(received.files) == 1


def test_takes_are_shown_to_nobody_else(speaking, live_server, client, seeds):
    people = [CadreFactory(), CadreFactory()]
    for cadre, expected in ((people[0], 0), (people[1], 0), (people[0], 1)):
        client.force_login(cadre)
        speaking.get(f"{live_server.url}/login/")
        speaking.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"})
        open_form(speaking, live_server)
        speaking.execute_async_script("setTimeout(arguments[0], 500)")
        assert len(speaking.find_elements(By.CLASS_NAME, "take")) == expected
        if cadre is people[0] and not expected:
            record(speaking, 2)


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        (voices.speech, [("good", "音量适中"), ("good", "没有失真"), ("good", "环境安静")]),
        (voices.silence, [("bad", "几乎没有声音，请检查话筒是否被遮住或关闭，再录一遍")]),
        (voices.shouting, [("warn", "过响失真，话筒再远一些"), ("good", "环境安静")]),
    ],
    ids=["speech", "silence", "shouting"],
)
def test_checks_before_the_upload(chromium_with, tmp_path, live_server, sound, expected):
    file = voices.write(tmp_path / "sound.wav", sound)
    driver = chromium_with(*MICROPHONE, f"--use-file-for-fake-audio-capture={file}")
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": UNLEVELLED})
    open_form(driver, live_server)
    record(driver, 4)
    *found, length = checks(driver)
    assert [mark for mark, _ in found] == [mark for mark, _ in expected]
    assert all(text.endswith(wanted) for (_, text), (_, wanted) in zip(found, expected, strict=True)), found
    assert length[0] == "warn"
    assert re.fullmatch(r"只有 [456] 秒，请听听是否录全", length[1])
    words = [each.text for each in driver.find_elements(By.CSS_SELECTOR, ".take .actions button")]
    assert words[0] == ("仍用这一遍" if sound is voices.silence else "用这一遍")


def refusal(driver) -> str:
    patient(driver, 10).until(lambda driver: part(driver, "no").is_displayed())
    assert driver.find_element(By.CSS_SELECTOR, "[data-howto]").get_property("open") is True
    assert driver.find_element(By.ID, "id_audio").is_displayed()
    return part(driver, "no").text


def test_a_microphone_that_is_refused(chromium_with, live_server):
    driver = chromium_with("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny")
    open_form(driver, live_server)
    press(driver, part(driver, "main"))
    assert refusal(driver).startswith("浏览器没有得到使用话筒的许可。")
    assert state(driver) == "idle"


def test_no_microphone_at_all(chromium, live_server):
    absent = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); }"
    open_form(chromium, live_server)
    chromium.execute_script(absent)
    press(chromium, part(chromium, "main"))
    assert refusal(chromium).startswith("没有找到话筒。")


def test_a_connection_that_is_not_secure(chromium_with, live_server, settings):
    settings.ALLOWED_HOSTS = ["portal.test"]
    driver = chromium_with("--host-resolver-rules=MAP portal.test 127.0.0.1")
    port = live_server.url.rsplit(":", 1)[1]
    open_form(driver, f"http://portal.test:{port}")
    assert refusal(driver).startswith("本页不是加密连接")
    assert not part(driver, "main").is_displayed()
    assert grave_faults(driver) == []


def test_a_browser_that_keeps_nothing_keeps_the_page(speaking, live_server):
    broken = "Object.defineProperty(window, 'indexedDB', {value: {open() { throw new Error('private'); }}})"
    speaking.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": broken})
    open_form(speaking, live_server)
    record(speaking, 2)
    assert "只在本页里" in told(speaking)
    press_word(speaking, "用这一遍")
    wait_told(speaking, "第 1 遍已经上传")


def test_of_several_takes_somebody_says_which_before_the_form_goes(speaking, live_server):
    open_form(speaking, live_server)
    press(speaking, part(speaking, "main"))
    patient(speaking, 10).until(lambda driver: state(driver) == "recording")
    send = speaking.find_element(By.CSS_SELECTOR, "[name='action'][value='submit']")
    press(speaking, send)
    wait_told(speaking, "还在录音，请先按“录完”")
    press(speaking, part(speaking, "done"))
    wait_told(speaking, "第 1 遍录好了")
    record(speaking, 2)
    press(speaking, send)
    wait_told(speaking, "录了 2 遍，请在要用的那一遍按“用这一遍”，再上报")
    assert received.sent == []


def test_a_field_without_an_address_sends_the_take_with_the_form(speaking, live_server):
    open_form(speaking, live_server, "/harness/?plain")
    record(speaking, 2)
    press_word(speaking, "用这一遍")
    wait_told(speaking, "随表格一起上报")
    press(speaking, speaking.find_element(By.NAME, "action"))
    wait_handed_in(speaking)
    assert int(received.sent[0]["audio"]) > 1000


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["audio/mp4", "audio/webm;codecs=opus"], "audio/mp4"),
        (["audio/webm;codecs=opus", "audio/webm"], "audio/webm;codecs=opus"),
        (["audio/ogg;codecs=opus"], "audio/ogg;codecs=opus"),
    ],
)
def test_mp4_is_preferred(chromium, live_server, offered, chosen):
    open_form(chromium, live_server)
    best = """
    const [offered, done] = arguments;
    MediaRecorder.isTypeSupported = type => offered.includes(type);
    import("/static/microphone.js").then(module => done(module.bestType()));
    """
    assert chromium.execute_async_script(best, offered) == chosen


def test_size_and_speed_of_the_prompter_are_remembered(chromium, live_server):
    open_form(chromium, live_server)
    for name in ("larger", "larger", "faster"):
        press(chromium, part(chromium, name))
    open_form(chromium, live_server)
    assert part(chromium, "speed").text == "200 字/分"
    assert (
        chromium.execute_script("return getComputedStyle(arguments[0]).fontSize", part(chromium, "prompter")) == "34px"
    )
    assert part(chromium, "prompter").text.startswith("欧阳子方夜读书")


@pytest.mark.parametrize(("width", "type_size"), [(360, "normal"), (360, "large"), (1280, "normal")])
def test_every_state_fits_and_can_be_used_by_everybody(speaking, live_server, width, type_size):
    speaking.get(f"{live_server.url}/login/")
    speaking.add_cookie({"name": "type", "value": type_size, "path": "/"})
    speaking.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN})
    set_width(speaking, width)
    open_form(speaking, live_server)

    def sound(where: str) -> None:
        wide = speaking.execute_script("return document.scrollingElement.scrollWidth - window.innerWidth")
        assert (where, max(0, wide), grave_faults(speaking)) == (where, 0, [])
        small = speaking.execute_script(
            "return [...document.querySelectorAll('.recorder button, .player button, .player select')]"
            ".filter(each => each.offsetParent).map(each => each.getBoundingClientRect())"
            ".filter(box => box.width < 44 || box.height < 44).length"
        )
        assert (where, small) == (where, 0)

    sound("idle")
    press(speaking, part(speaking, "main"))
    patient(speaking, 10).until(lambda driver: state(driver) == "recording")
    speak(speaking, 2)
    sound("recording")
    press(speaking, part(speaking, "main"))
    sound("paused")
    press(speaking, part(speaking, "done"))
    patient(speaking, 10).until(lambda driver: driver.find_element(By.CLASS_NAME, "take"))
    sound("taken")
    press_word(speaking, "用这一遍")
    patient(speaking, 20).until(lambda driver: driver.find_element(By.CSS_SELECTOR, ".uploaded .player"))
    sound("uploaded")
    assert speaking.execute_script("return window.refused") == []
