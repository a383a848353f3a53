"""The lists beside the counter: what is out, and the hold shelf."""

from datetime import timedelta

import pytest

from organization.models import Cadre
from reading.models import Hold, Loan
from reading.tests.at_the_counter import counter
from reading.tests.factories import CopyFactory, lend
from reading.tests.hostile import TYPED
from reading.tests.rooms import NOW, room
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from shuxiang.tests.test_pages_markup import Page

__all__ = ["counter", "room"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def test_the_hold_shelf_has_expired_ones_on_top(counter, room):
    other = CopyFactory(book__title="大学")
    for number, copy in enumerate((room.copy, other)):
        room.lend(copy)
        room.hold(room.b, copy.book)
        room.give_back(copy)
        Hold.objects.filter(copy=copy).update(expires_on=NOW.date() + timedelta(days=1 - 3 * number))
    html = counter.client.get("/counter/overdue/?show=held").content.decode()
    assert Page(html).faults() == []
    words = text_of(html)
    assert words.index("《大学》") < words.index("《论语译注》")
    assert (words.count("已过期"), words.count("按“取消预约”")) == (1, 1)
    assert f"{room.b.employee_number} · {room.b.postings.get().department.name}" in words
    found = text_of(counter.client.get("/counter/overdue/?show=held&q=大学").content.decode())
    assert ("《大学》" in found, "《论语译注》" in found) == (True, False)
    sent = {"next": "/counter/overdue/?show=held"}
    answer = counter.client.post(f"/holds/{Hold.objects.get(copy=other).pk}/cancel/", sent)
    assert answer.url == "/counter/overdue/?show=held"
    assert room.state(other) == "available"
    Hold.objects.open().update(state="cancelled", closed_at=NOW)
    assert "预约架上没有书" in counter.client.get("/counter/overdue/?show=held").content.decode()


def test_the_hold_shelf_asks_as_much_for_30_as_for_1(counter, room):
    def kept() -> None:
        copy = CopyFactory(state="set_aside")
        Hold.objects.create(book=copy.book, cadre=room.b, state="ready", copy=copy, placed_at=NOW, ready_at=NOW,
                            expires_on=NOW.date())  # fmt: skip

    kept()
    first = queries(counter.client, "/counter/overdue/?show=held")
    for _ in range(29):
        kept()
    assert queries(counter.client, "/counter/overdue/?show=held") == first <= 10


def test_the_list_of_what_is_out(counter, room):
    room.lend()
    later = NOW + timedelta(days=20)
    lend(CopyFactory(book__title="大学"), room.b, at=later)
    soon = lend(CopyFactory(book__title="中庸"), room.c, at=NOW + timedelta(days=7))

    def page(**query) -> str:
        return text_of(counter.client.get("/counter/overdue/", query).content.decode())

    import time_machine

    with time_machine.travel(later, tick=False):
        counter.client.force_login(room.librarian)
        assert "《论语译注》 3 月 20 日 到期 已逾期 6 天" in page()
        assert ("大学" in page(), "大学" in page(show="all"), "大学" in page(show="all", q=room.a.name)) == (
            False, True, False,
        )  # fmt: skip
        assert "中庸" in page(show="soon")
        assert page(show="all", q=soon.copy.barcode).count("到期") >= 1
        Cadre.objects.filter(pk=room.b.pk).update(is_active=False)
        assert "大学" in page(show="leavers")
        for typed in TYPED:
            assert page(q=typed, show=typed, page=typed)
        loan = Loan.objects.get(borrower=room.a)
        for said in ("已提醒", "今天已经提醒过"):
            answer = counter.client.post(f"/loans/{loan.pk}/remind/", follow=True)
            assert said in answer.content.decode()


def test_the_list_asks_as_much_for_30_loans_as_for_1(counter, room):
    lend(CopyFactory(), room.a, at=NOW)
    first = queries(counter.client, "/counter/overdue/?show=all")
    for number in range(29):
        lend(CopyFactory(), room.a, at=NOW, slot=number + 2)
    assert queries(counter.client, "/counter/overdue/?show=all") == first <= 10
