from datetime import timedelta

import pytest

from reading.models import Copy, Hold, Loan
from reading.services.listing import in_hand
from reading.states import CopyState
from reading.tests.factories import BookFactory, CopyFactory, lend
from reading.tests.hostile import HOSTILE
from reading.tests.rooms import NOW, room
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from shuxiang.tests.test_pages_markup import Page

__all__ = ["room"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def page_of(client, path: str = "/loans/") -> str:
    answer = client.get(path)
    html = answer.content.decode()
    assert (answer.status_code, Page(html).faults()) == (200, [])
    return text_of(html)


def test_nothing_borrowed_says_how_to_begin(client, room):
    client.force_login(room.a)
    text = page_of(client)
    assert "现在没有借书。扫书上的二维码，或输入条码，就能借。" in text
    room.policy(self_service=False)
    assert "请到借阅台找图书管理员借书。" in page_of(client)


def test_own_loans_holds_and_history(client, room, time_machine):
    room.lend()
    room.give_back()
    room.lend()
    other = CopyFactory(book__title="大学")
    room.lend(other, to=room.b)
    room.hold(room.c, other.book)
    room.hold(room.a, other.book)
    time_machine.move_to(NOW + timedelta(days=16), tick=False)
    client.force_login(room.a)
    text = page_of(client)
    assert "论语译注 3 月 20 日 到期 已逾期 2 天" in text
    assert "大学 排队中 前面还有 1 位 取消预约" in text
    assert "借过的书 1 册 只有您自己能看到，图书管理员也看不到。归还满 365 天，系统自动去掉姓名。" in text


def test_renewing_and_cancelling_lead_back(client, room, time_machine):
    loan = room.lend()
    other = CopyFactory(state=CopyState.REPAIR)
    hold = room.hold(room.a, other.book)
    time_machine.move_to(NOW + timedelta(days=5), tick=False)
    client.force_login(room.a)
    answer = client.post(f"/loans/{loan.pk}/renew/", {"next": "https://elsewhere.test/"}, follow=True)
    assert (answer.redirect_chain, "4 月 3 日前归还" in answer.content.decode()) == ([("/loans/", 302)], True)
    client.post(f"/holds/{hold.pk}/cancel/", follow=True)
    assert Hold.objects.get().state == "cancelled"
    assert "刚被办理过" in client.post(f"/holds/{hold.pk}/cancel/", follow=True).content.decode()


def test_others_loans_and_holds_are_not_found(client, room):
    loan = room.lend()
    hold = room.hold(room.b)
    client.force_login(room.c)
    for path in (f"/loans/{loan.pk}/renew/", f"/holds/{hold.pk}/cancel/", f"/loans/{loan.pk}/end/"):
        assert client.post(path).status_code == 404


def test_forgetting_asks_first(client, room):
    room.lend()
    room.give_back()
    client.force_login(room.a)
    assert "借过的 1 册" in page_of(client, "/loans/forget/")
    assert Loan.objects.returned().of(room.a).count() == 1
    assert "已去掉 1 条借阅记录上的姓名" in client.post("/loans/forget/", follow=True).content.decode()
    assert Loan.objects.returned().of(room.a).count() == 0
    assert "现在没有已归还的借阅记录" in page_of(client, "/loans/forget/")


def test_it_asks_as_much_for_30_rows_as_for_1(client, room):
    room.lend()
    room.give_back()
    room.lend()
    client.force_login(room.a)
    counts = []
    for number in range(2):
        counts.append(queries(client, "/loans/"))
        for each in range(29 if number == 0 else 0):
            lend(CopyFactory(), room.a, at=NOW, slot=each + 4)
            Hold.objects.create(book=BookFactory(), cadre=room.a, placed_at=NOW)
            Loan.objects.create(copy=CopyFactory(), borrower=room.a, lent_at=NOW, due_on=NOW.date(), returned_at=NOW)
    assert counts[0] == counts[1] <= 10


def test_the_shelf_page_shows_what_is_borrowed(client, room, time_machine):
    client.force_login(room.a)
    assert "我的借阅" not in page_of(client, "/me/")
    room.lend()
    other = CopyFactory(book__title="大学")
    room.lend(other, to=room.b)
    room.hold(room.a, other.book)
    room.give_back(other)
    time_machine.move_to(NOW + timedelta(days=16), tick=False)
    client.force_login(room.a)
    text = page_of(client, "/me/")
    assert "我的借阅 全部 大学 可取书 3 月 11 日前到借阅台取 论语译注 3 月 20 日 到期 已逾期 2 天" in text


def test_the_copy_page_lends_and_takes_back(client, room):
    path = f"/copies/{room.copy.barcode}/"
    assert client.get(path).url == f"/login/?next={path}"
    client.force_login(room.a)
    assert "在架，可以借" in page_of(client, path)
    assert "已借《论语译注》，3 月 20 日前归还。" in client.post(f"{path}borrow/", follow=True).content.decode()
    assert "在您手里 3 月 20 日 到期" in page_of(client, path)
    assert "已归还《论语译注》" in client.post(f"{path}return/", follow=True).content.decode()
    assert room.state() == "available"


def test_the_copy_page_offers_nothing_to_who_may_borrow_no_more(client, room, time_machine):
    path = f"/copies/{room.copy.barcode}/"
    client.force_login(room.a)
    for slot in (1, 2, 3):
        lend(CopyFactory(), room.a, at=NOW, slot=slot)
    text = page_of(client, path)
    assert "您已借满 3 册，先归还一册才能再借。" in text
    assert "可以借" not in text
    assert "borrow" not in client.get(path).content.decode()
    room.policy(max_loans=4)
    assert "在架，可以借" in page_of(client, path)
    time_machine.move_to(NOW + timedelta(days=40), tick=False)
    client.force_login(room.a)
    text = page_of(client, path)
    assert "您有逾期未还的书" in text
    assert "可以借" not in text


def test_somebody_elses_copy_can_be_held_but_not_returned(client, room):
    room.lend()
    path = f"/copies/{room.copy.barcode}/"
    client.force_login(room.b)
    text = page_of(client, path)
    assert "借出 3 月 20 日 到期" in text
    assert room.a.name not in text
    assert "请交给图书管理员" in client.post(f"{path}return/", follow=True).content.decode()
    assert room.state() == "on_loan"
    said = client.post(f"/books/{room.book.pk}/hold/", {"next": path}, follow=True).content.decode()
    assert "已预约《论语译注》，到书后通知。" in said
    assert "您已预约，下一位就是您。" in page_of(client, path)
    room.give_back()
    assert "留给您" in page_of(client, path)
    client.force_login(room.c)
    assert "待取 1 人预约" in page_of(client, path)


def test_a_librarian_sees_who_has_it_and_takes_it_back(client, room):
    room.lend()
    path = f"/copies/{room.copy.barcode}/"
    client.force_login(room.librarian)
    assert room.a.name in page_of(client, path)
    client.post(f"{path}return/")
    assert room.state() == "available"
    assert room.a.name not in page_of(client, path)


@pytest.mark.parametrize("state", list(CopyState))
def test_every_state_of_a_copy_has_its_page(client, room, state):
    left = NOW.date() if state in (CopyState.LOST, CopyState.WITHDRAWN) else None
    Copy.objects.filter(pk=room.copy.pk).update(state=state, left_on=left)
    for policy in (True, False):
        room.policy(self_service=policy)
        for person in (room.a, room.librarian):
            client.force_login(person)
            page_of(client, f"/copies/{room.copy.barcode}/")


TYPED = ["", *HOSTILE, "a/b", "../.."]


@pytest.mark.parametrize("typed", TYPED)
def test_a_barcode_that_nothing_bears(client, room, typed):
    client.force_login(room.a)
    answer = client.get("/copies/", {"barcode": typed})
    assert (answer.status_code, "<script>（" in answer.content.decode()) == (200, False)
    assert Page(answer.content.decode()).faults() == []


def test_a_typed_barcode_leads_to_its_page_even_with_a_slash(client, room):
    client.force_login(room.a)
    assert client.get("/copies/", {"barcode": room.copy.barcode.lower()}).url == f"/copies/{room.copy.barcode}/"
    odd = CopyFactory(barcode="A/1 号")
    assert client.get("/copies/", {"barcode": "A/1 号"}, follow=True).status_code == 200
    client.post("/copies/A/1 号/borrow/")
    assert room.state(odd) == "on_loan"


def test_what_waits_and_what_is_lent_stand_on_the_own_page(client, room, django_assert_num_queries):
    waiting = CopyFactory(book__title="大学")
    room.lend(waiting, room.b)
    room.hold(room.a, waiting.book)
    room.give_back(waiting)
    room.lend()
    with django_assert_num_queries(1):
        found = [(each.waits, each.barcode, each.title, each.due_on.isoformat()) for each in in_hand(room.a)]
    assert found == [
        (True, waiting.barcode, "大学", "2024-03-11"),
        (False, room.copy.barcode, "论语译注", "2024-03-20"),
    ]
    assert in_hand(room.b) == []
    client.force_login(room.a)
    text = text_of(client.get("/me/").content.decode())
    assert ("大学 可取书 3 月 11 日前到借阅台取" in text, "论语译注 3 月 20 日 到期" in text) == (True, True)
