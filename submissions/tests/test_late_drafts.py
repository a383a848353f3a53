"""A draft named for the quarter before, sent when its grace days are over: told and asked, never moved in silence."""

from datetime import datetime

import pytest
import time_machine

from organization.tests.factories import CadreFactory
from shuxiang.periods import SHANGHAI
from shuxiang.tests.test_pages_markup import Page
from submissions.states import State
from submissions.tests.handing_in import filled, office, only, opened

__all__ = ["office"]
pytestmark = pytest.mark.django_db
GRACE = datetime(2024, 7, 10, 9, tzinfo=SHANGHAI)
AFTER = datetime(2024, 7, 11, 0, 5, tzinfo=SHANGHAI)
NEXT_GRACE = datetime(2024, 10, 5, 9, tzinfo=SHANGHAI)
TOLD = "2024 年第二季度的补报已经截止，没有上报。再按一次“上报”，就计入 2024 年第{}季度。"


@pytest.fixture
def late(client, office):
    """The form's fields of a draft marked 补报 for the second quarter, and its address."""
    author = CadreFactory(department=office)
    with time_machine.travel(GRACE, tick=False):
        client.force_login(author)
        form = filled(client, "essay", "draft", for_quarter="2024Q2")
        client.post("/works/new/essay/", form)
    work = only()
    assert (work.state, work.quarter) == (State.DRAFT, "2024Q2")
    client.logout()

    def come_back() -> tuple[str, dict]:
        client.force_login(author)
        address = f"/works/{work.pk}/edit/"
        return address, {**form, **opened(client, address), "body": "第二天写完。", "action": "submit"}

    return come_back


def body() -> str:
    return only().versions.get().body


@pytest.mark.parametrize("sent", ["2024Q2", None])
def test_the_first_sending_is_told_at_the_field_and_the_second_counts_for_the_day(client, late, sent):
    with time_machine.travel(AFTER, tick=False):
        address, form = late()
        assert (
            '<option value="2024Q2" selected>2024 年第二季度（补报已截止）</option>'
            in client.get(address).content.decode()
        )
        form = {key: value for key, value in form.items() if key != "for_quarter" or sent}
        page = client.post(address, form).content.decode()
        assert Page(page).faults() == []
        assert f'<a href="#id_for_quarter">计入哪个季度</a>：{TOLD.format("三")}' in page
        assert 'value="2024Q2"' not in page
        assert (only().state, body()) == (State.DRAFT, "第二天写完。")
        again = {**form, **opened(client, address)} | {"for_quarter": ""}
        if sent is None:
            del again["for_quarter"]
        assert client.post(address, again).url == f"/works/{only().pk}/"
        assert (only().state, only().quarter, only().is_late) == (State.PENDING, "2024Q3", False)


def test_two_clicks_in_a_row_are_no_answer(client, late):
    with time_machine.travel(AFTER, tick=False):
        address, form = late()
        for _ in range(3):
            page = client.post(address, form).content.decode()
            assert f'<a href="#id_for_quarter">计入哪个季度</a>：{TOLD.format("三")}' in page
            assert "请留空" not in page
        assert (only().state, body()) == (State.DRAFT, "第二天写完。")


def test_a_draft_that_is_only_saved_keeps_its_quarter(client, late):
    with time_machine.travel(AFTER, tick=False):
        address, form = late()
        del form["for_quarter"]
        assert client.post(address, form | {"action": "draft"}).status_code == 302
        assert (only().quarter, body()) == ("2024Q2", "第二天写完。")
        page = client.post(address, form | opened(client, address)).content.decode()
        assert TOLD.format("三") in page


def test_who_chooses_the_days_own_quarter_is_not_asked(client, late):
    with time_machine.travel(AFTER, tick=False):
        address, form = late()
        assert client.post(address, form | {"for_quarter": ""}).url == f"/works/{only().pk}/"
        assert only().quarter == "2024Q3"


def test_a_page_left_open_that_names_no_quarter_that_was_is_refused_as_before(client, late):
    with time_machine.travel(AFTER, tick=False):
        address, form = late()
        client.post(address, form)
        for named in ("2099Q1", "x"):
            page = client.post(address, form | opened(client, address) | {"for_quarter": named}).content.decode()
            assert ("补报已经截止" in page, only().state) == (False, State.DRAFT)


def test_in_the_next_grace_days_an_older_quarter_is_asked_about_too(client, late):
    with time_machine.travel(NEXT_GRACE, tick=False):
        address, form = late()
        page = client.post(address, form).content.decode()
        assert TOLD.format("四") in page
        assert '<option value="2024Q3">2024 年第三季度（补报，10 月 10 日前）</option>' in page
        assert client.post(address, form | opened(client, address) | {"for_quarter": "2024Q3"}).status_code == 302
        assert (only().quarter, only().is_late) == ("2024Q3", True)
