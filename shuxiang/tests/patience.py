"""Waiting for a page that is being replaced while one looks."""

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.support.wait import WebDriverWait


def patient(driver, seconds: float) -> WebDriverWait:
    """A wait to which an element that is not there yet, or not any more, is a reason to look again."""
    return WebDriverWait(driver, seconds, ignored_exceptions=(NoSuchElementException, StaleElementReferenceException))
