"""The main job as it is lived, in Chromium on `make demo`: review by keyboard, run, watch, drill down, download."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from organization.roles import Role
from shuxiang.tests.person import DESKTOP, PHONE, Person

pytestmark = pytest.mark.browser


# Of each shelf of the bookcase: at how many heights its cells end.
ENDS = """
return [...document.querySelectorAll(".bookcase tbody tr")].map(row =>
  new Set([...row.children].map(cell => Math.round(cell.getBoundingClientRect().bottom))).size);
"""


def review_by_keyboard(clerk: Person, grade_key: str) -> str:
    """Approves and rates the work on the page, and goes on to the next; gives the title."""
    title = clerk.text("h1")
    address = clerk.driver.current_url
    clerk.press("1", grade_key)
    clerk.press(Keys.ENTER, ctrl=True)
    clerk.wait.until(lambda driver: driver.current_url != address)
    return title


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_from_the_review_desk_to_the_workbook(chromium, office, width):
    clerk = Person(chromium, office, width)
    clerk.sign_in(Role.OFFICE)
    clerk.open("/admin/submissions/submission/review/")
    assert clerk.fits()
    clerk.press("j")
    clerk.press(Keys.ENTER)
    clerk.find("#work")
    while not chromium.find_elements(By.ID, "decide"):
        clerk.press("j")  # the clerk's own work is for somebody else
    titles = []
    for key in ("q", "w", "e"):
        assert clerk.fits()
        titles.append(review_by_keyboard(clerk, key))
        assert titles[-1] in clerk.text(".messagelist")
    assert len(set(titles)) == 3

    period = clerk.assess()
    assert clerk.fits()

    leader = Person(chromium, office, width)
    leader.sign_in(Role.LEADER)
    leader.open(f"/board/?period={period}")
    assert leader.fits()
    leader.find("table.bookcase tbody tr")
    if width > 500:
        assert set(leader.driver.execute_script(ENDS)) == {1}
    averages = [link.get_attribute("href") for link in chromium.find_elements(By.CSS_SELECTOR, "[data-label='人均'] a")]
    for address in averages:
        chromium.get(address)
        leader.find("section.drill")
        assert leader.fits()
        if links := chromium.find_elements(By.CSS_SELECTOR, "details td.basis a"):
            break
    leader.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    link = links[0]
    work = link.text
    leader.driver.execute_script("arguments[0].click()", link)
    assert leader.text("h1") == work
    assert leader.fits()

    book = leader.workbook(f"/appraisal/{period}/workbook/")
    assert book.sheetnames == ["个人考核表", "科室考核表", "党小组考核表", "积分明细", "方案"]
