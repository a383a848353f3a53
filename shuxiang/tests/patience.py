"""Waiting for a page that is being replaced while one looks."""

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.support.wait import WebDriverWait

GONE = "does not belong to the document"


class PatientWait(WebDriverWait):
    """Looks again where an element went away at the very moment of a look, which the driver calls an unknown error."""

    def until(self, method, message=""):
        def look(driver):
            try:
                return method(driver)
            except WebDriverException as error:
                if GONE not in (error.msg or ""):
                    raise
                return False

        return super().until(look, message)


def patient(driver, seconds: float) -> WebDriverWait:
    """A wait to which an element that is not there yet, or not any more, is a reason to look again."""
    return PatientWait(driver, seconds, ignored_exceptions=(NoSuchElementException, StaleElementReferenceException))
