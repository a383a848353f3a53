"""How a period's state reads: an open one that takes no more works waits to be sealed."""

from datetime import date

import pytest

from assessment.models import Period
from assessment.tests.offices import NOW
from assessment.tests.pages import appraisal, office, page_of
from shuxiang.tests.pages import text_of

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
State = Period.State


@pytest.mark.parametrize(
    ("code", "state", "today", "words"),
    [
        ("2024Q2", State.OPEN, date(2024, 6, 30), "进行中"),
        ("2024Q2", State.OPEN, date(2024, 7, 10), "进行中"),
        ("2024Q2", State.OPEN, date(2024, 7, 11), "待封存"),
        ("2024", State.OPEN, date(2024, 12, 31), "进行中"),
        ("2024", State.OPEN, date(2025, 1, 11), "待封存"),
        ("2024Q2", State.CLOSED, date(2024, 7, 11), "公示"),
        ("2024Q2", State.SEALED, date(2024, 7, 11), "封存"),
    ],
)
def test_the_state_follows_the_day(code, state, today, words):
    assert Period(code=code, state=state, scheme_snapshot={"grace_days": 10}).stands(today) == words


def test_every_page_says_it_alike(client, office):
    for page in (appraisal(client, office.leader), page_of(client, office.leader)):
        assert "2024 年第二季度待封存，7 月 20 日 09:00 计算。" in text_of(page)
        assert "2024 年第二季度（待封存）" in page
        assert "2024 年第一季度（待封存）" in page
    assert "待封存 · 7 月 20 日计算" in text_of(page_of(client, office.best, "", "/me/"))
    assert "2024年第二季度 · 待封存" in text_of(page_of(client, office.clerk, "", f"/works/{office.excellent.pk}/"))
    desk = page_of(client, office.clerk, "", "/admin/assessment/period/")
    assert '<td class="field-stands">待封存</td>' in desk
