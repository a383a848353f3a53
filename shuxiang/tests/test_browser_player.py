"""The player in Chromium: waveform, position, speed, keys; the browser's own where scripts are off."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from shuxiang.tests.browsing import grave_faults, press, set_width
from shuxiang.tests.patience import patient
from shuxiang.tests.recording import remembering_server

__all__ = ["remembering_server"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def listening(chromium, live_server):
    set_width(chromium, 360)
    chromium.get(f"{live_server.url}/harness/listen/")
    patient(chromium, 10).until(lambda driver: driver.find_element(By.CLASS_NAME, "play"))
    return chromium


def now(driver) -> float:
    return float(driver.find_element(By.TAG_NAME, "audio").get_property("currentTime"))


def test_play_seek_and_speed(listening):
    place = listening.find_element(By.CSS_SELECTOR, ".track input")
    button = listening.find_element(By.CLASS_NAME, "play")
    assert button.accessible_name == "播放录音"
    assert listening.find_element(By.CLASS_NAME, "clock").text == "00:00 / 01:01"
    press(listening, button)
    patient(listening, 10).until(lambda driver: now(driver) > 0.3)
    assert button.accessible_name == "暂停录音"
    press(listening, button)
    stood = now(listening)
    for keys, step in ((Keys.ARROW_RIGHT, 5), (Keys.ARROW_RIGHT, 5), (Keys.ARROW_LEFT, -5)):
        place.send_keys(keys)
        stood += step
        patient(listening, 10).until(lambda driver, wanted=stood: abs(now(driver) - wanted) < 0.5)
    assert place.get_attribute("aria-valuetext").startswith("0 分 5 秒，共 ")
    place.send_keys(Keys.HOME)
    patient(listening, 10).until(lambda driver: now(driver) < 0.1)
    place.send_keys(Keys.SPACE)
    patient(listening, 10).until(lambda driver: button.accessible_name == "暂停录音")
    place.send_keys(Keys.SPACE)
    Select(listening.find_element(By.CSS_SELECTOR, ".player select")).select_by_visible_text("1.5 倍")
    assert listening.find_element(By.TAG_NAME, "audio").get_property("playbackRate") == 1.5
    track = listening.find_element(By.CLASS_NAME, "track")
    ActionChains(listening).move_to_element_with_offset(track, track.size["width"] // 4, 0).click().perform()
    total = float(listening.find_element(By.TAG_NAME, "audio").get_property("duration"))
    patient(listening, 10).until(lambda driver: abs(now(driver) - 0.75 * total) < 1)
    assert listening.find_element(By.CSS_SELECTOR, ".wave .played").get_attribute("d") != ""
    for label, step in (("后退 10 秒", -10), ("前进 10 秒", 10)):
        stood = now(listening)
        press(listening, listening.find_element(By.CSS_SELECTOR, f"[aria-label='{label}']"))
        patient(listening, 10).until(lambda driver, wanted=stood + step: abs(now(driver) - wanted) < 0.5)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_waveform_fits_and_no_fault_is_grave(listening, width):
    set_width(listening, width)
    patient(listening, 10).until(
        lambda driver: driver.execute_script(
            "const [,, wide] = document.querySelector('.wave').getAttribute('viewBox').split(' ');"
            "return Math.abs(document.querySelector('.wave').getBoundingClientRect().width - wide) < 5"
        )
    )
    assert listening.execute_script("return document.scrollingElement.scrollWidth - window.innerWidth") <= 0
    assert grave_faults(listening) == []


def test_it_stays_at_hand_while_one_reads_on(listening):
    def floats(driver) -> bool:
        return "is-floating" in driver.find_element(By.CLASS_NAME, "player").get_attribute("class")

    def scroll(driver, top: int) -> None:
        driver.execute_script("window.scrollTo({top: arguments[0], behavior: 'instant'})", top)

    scroll(listening, 2000)
    listening.execute_async_script("setTimeout(arguments[0], 300)")
    assert not floats(listening)
    scroll(listening, 0)
    button = listening.find_element(By.CLASS_NAME, "play")
    press(listening, button)
    patient(listening, 10).until(lambda driver: now(driver) > 0)
    scroll(listening, 2000)
    patient(listening, 10).until(floats)
    assert grave_faults(listening) == []
    button.click()
    patient(listening, 10).until(lambda driver: button.accessible_name == "播放录音")
    assert floats(listening)
    scroll(listening, 0)
    patient(listening, 10).until(lambda driver: not floats(driver))


def test_without_scripts_the_browser_plays_it(chromium, live_server):
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.get(f"{live_server.url}/harness/listen/")
        audio = chromium.find_element(By.TAG_NAME, "audio")
        assert audio.is_displayed()
        assert audio.get_attribute("controls") is not None
        assert chromium.find_elements(By.CLASS_NAME, "play") == []
    finally:
        chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
