"""Takes as tests make them in Chromium, with a microphone that plays a file."""

import pytest
from selenium.webdriver.common.by import By

from shuxiang.tests import voices
from shuxiang.tests.browsing import press
from shuxiang.tests.kit_pages import received
from shuxiang.tests.patience import patient

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(autouse=True)
def remembering_server(settings):
    settings.ROOT_URLCONF = "shuxiang.tests.kit_pages"
    received.clear()
    yield
    received.gate.set()


@pytest.fixture
def speaking(chromium_with, tmp_path):
    return chromium_with(
        *MICROPHONE, f"--use-file-for-fake-audio-capture={voices.write(tmp_path / 'voice.wav', voices.speech)}"
    )


def part(driver, name: str):
    return driver.find_element(By.CSS_SELECTOR, f"[data-part='{name}']")


def press_word(driver, word: str, place: int = 0) -> None:
    found = [each for each in driver.find_elements(By.CSS_SELECTOR, ".take .btn") if each.text == word]
    press(driver, found[place])


def state(driver) -> str:
    return driver.find_element(By.CSS_SELECTOR, "[data-recorder]").get_attribute("data-state")


def told(driver) -> str:
    return part(driver, "told").text


def wait_told(driver, text: str) -> None:
    patient(driver, 40).until(lambda driver: text in told(driver), text)


def wait_handed_in(driver) -> None:
    patient(driver, 20).until(
        lambda driver: driver.execute_script("return document.querySelector('h1')?.innerText") == "收到"
    )


def open_form(driver, server, address: str = "/harness/") -> None:
    driver.get(f"{server}{address}" if isinstance(server, str) else server.url + address)
    patient(driver, 10).until(lambda driver: driver.find_element(By.CSS_SELECTOR, "[data-recorder]").is_displayed())


def record(driver, seconds: float) -> None:
    """One take of about so many seconds."""
    before = len(driver.find_elements(By.CLASS_NAME, "take"))
    press(driver, part(driver, "main"))
    patient(driver, 10).until(lambda driver: state(driver) == "recording")
    speak(driver, seconds)
    press(driver, part(driver, "done"))
    patient(driver, 10).until(lambda driver: len(driver.find_elements(By.CLASS_NAME, "take")) == before + 1)
    patient(driver, 10).until(lambda driver: state(driver) == "idle")


def clock(driver) -> int:
    minutes, seconds = part(driver, "time").text.split(":")
    return 60 * int(minutes) + int(seconds)


def speak(driver, seconds: float) -> None:
    until = clock(driver) + seconds
    patient(driver, seconds + 20).until(lambda driver: clock(driver) >= until)


def checks(driver) -> list[tuple[str, str]]:
    items = driver.find_elements(By.CSS_SELECTOR, ".take:first-child .checks li")
    return [(item.get_attribute("class"), item.text) for item in items]
