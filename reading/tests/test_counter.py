"""The counter: a person is scanned, then books; modes, undoing, what is kept for others."""

import re
from datetime import timedelta

import pytest

from organization.models import Cadre
from organization.roles import Role
from reading.models import Copy, CopyEvent, LendingPolicy, Loan
from reading.tests.at_the_counter import counter, known
from reading.tests.factories import CopyFactory, lend, reader
from reading.tests.hostile import TYPED
from reading.tests.rooms import NOW, room
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries
from shuxiang.tests.test_pages_markup import Page

__all__ = ["counter", "room"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def test_scan_a_person_scan_books_scan_them_again(counter, room):
    assert f"{room.a.name}，请扫书" in counter.scan(room.a.employee_number)
    assert f"已借出《论语译注》给{room.a.name}，3 月 20 日前归还。" in counter.scan(room.copy.barcode)
    assert f"《论语译注》已经借给{room.a.name}" in counter.scan(room.copy.barcode)
    assert "在借 1 册，还可借 2 册" in text_of(counter.html)
    assert "请扫下一位的工号" in counter.scan("/")
    assert f"已归还《论语译注》，{room.a.name}。请放回{room.copy.home}，索书号 B222/1。" in counter.scan(
        room.copy.barcode
    )
    assert "要借出请先扫读者的工号" in counter.scan(room.copy.barcode)
    assert Loan.objects.count() == 1


@pytest.mark.parametrize(
    "typed", ["ＳＸ９９９９９９", " sx999999 ", "https://portal.test/copies/SX999999/", "SX999999\x00"]
)
def test_barcodes_as_keyboards_and_scanners_send_them(counter, room, typed):
    Copy.objects.filter(pk=room.copy.pk).update(barcode="SX999999")
    assert "《论语译注》（在架" in counter.scan(typed)


@pytest.mark.parametrize("typed", ["诸葛", "zhugl", "zhugeliang", "ＺＧＬ"])
def test_people_by_name_and_pinyin(counter, room, typed):
    Cadre.objects.filter(pk=room.a.pk).update(name="诸葛亮")
    typed = "zgl" if typed == "zhugl" else typed
    assert "诸葛亮，请扫书" in counter.scan(typed)
    assert counter.kept("person") == str(room.a.pk)


def test_namesakes_are_chosen_from_a_list(counter, room):
    Cadre.objects.filter(pk__in=[room.a.pk, room.b.pk]).update(name="王芳")
    assert "找到 2 位，请选一位" in counter.scan("王芳")
    for each in (room.a, room.b):
        department = each.postings.get().department.name
        assert f"王芳 {each.employee_number} · {department}" in text_of(counter.html)
    choices = re.findall(r'<a class="choice" href="([^"]+)">', counter.html)
    assert choices == [f"?person={room.a.pk}", f"?person={room.b.pk}"]
    assert "在借 0 册" in text_of(counter.client.get(f"/counter/{choices[1]}").content.decode())


def test_modes_by_sign_and_by_word(counter, room):
    counter.scan(room.a.employee_number)
    for typed, mode in (("+", "lend"), ("＝", "renew"), ("归还", "return"), ("*", "auto")):
        counter.scan(typed)
        assert (counter.kept("mode"), counter.kept("person")) == (mode, str(room.a.pk))


def test_return_mode_returns_whoever_is_chosen(counter, room):
    room.lend(to=room.b)
    counter.scan(room.a.employee_number)
    assert f"还登记在{room.b.name}名下" in counter.scan(room.copy.barcode)
    counter.scan("-")
    assert f"已归还《论语译注》，{room.b.name}" in counter.scan(room.copy.barcode)
    assert "没有借出的记录" in counter.scan(room.copy.barcode)


def test_renew_mode_renews(counter, room, time_machine):
    room.lend()
    time_machine.move_to(NOW + timedelta(days=5), tick=False)
    counter.client.force_login(room.librarian)  # the session of five days before has ended
    counter.scan("=")
    assert "已续借《论语译注》，4 月 3 日前归还" in counter.scan(room.copy.barcode)
    assert "已续借 1 次，不能再续" in counter.scan(room.copy.barcode)
    assert "没有借出，不用续借" in counter.scan(CopyFactory().barcode)


def test_the_last_step_is_undone(counter, room):
    counter.scan(room.a.employee_number)
    counter.scan(room.copy.barcode)
    assert f"已撤销《论语译注》的借出，书现在在架，请放回{room.copy.home}。" in counter.scan(".")
    assert "没有可以撤销的" in counter.scan("撤销")
    assert room.state() == "available"
    answer = counter.client.post("/counter/undo/", {"person": str(room.a.pk)}, follow=True)
    assert "没有可以撤销的" in answer.content.decode()


def test_after_a_loss_no_older_step_is_offered(counter, room):
    room.lend(CopyFactory(), room.b)
    loan = room.lend()
    counter.client.post(f"/loans/{loan.pk}/end/", {"how": "lost", "confirmed": "1"})
    counter.html = counter.client.get("/counter/").content.decode()
    assert "撤销上一步" not in counter.html
    assert "没有可以撤销的" in counter.scan(".")
    assert Loan.objects.open().get().borrower == room.b


def test_a_held_book_is_handed_out_by_its_own_button(counter, room):
    room.lend()
    room.hold(room.b)
    assert f"这册留给{known(room.b)}，请放到预约架，保留到 3 月 11 日。" in counter.scan(room.copy.barcode)
    counter.scan(room.b.employee_number)
    assert "预约的书到了： 《论语译注》" in text_of(counter.html)
    assert f"已借出《论语译注》给{room.b.name}" in counter.scan(room.copy.barcode)


def test_a_copy_on_the_hold_shelf_says_for_whom_and_until_when(counter, room, time_machine):
    room.lend()
    room.hold(room.b)
    counter.scan(room.copy.barcode)
    assert known(room.b) == f"{room.b.name}（{room.b.employee_number}，{room.b.postings.get().department.name}）"
    told = f"《论语译注》待取，留给{known(room.b)}，请放到预约架，保留到 3 月 11 日。要借给本人请先扫工号。"
    assert told in counter.scan(room.copy.barcode)
    counter.scan("-")
    assert told in counter.scan(room.copy.barcode)
    time_machine.move_to(NOW + timedelta(days=6), tick=False)
    counter.client.force_login(room.librarian)
    assert "保留到 3 月 11 日，已过期。" in counter.scan(room.copy.barcode)
    counter.scan("*")
    counter.scan(room.c.employee_number)
    assert f"留给了{room.b.name}" in counter.scan(room.copy.barcode)


def test_an_undone_loan_says_that_the_book_is_kept(counter, room, time_machine):
    room.lend()
    room.hold(room.b)
    room.give_back()
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    counter.scan(room.b.employee_number)
    counter.scan(room.copy.barcode)
    assert f"已撤销《论语译注》的借出，书现在待取，留给{known(room.b)}" in counter.scan(".")


def test_no_button_is_offered_that_would_be_refused(counter, room, time_machine):
    LendingPolicy.objects.update(max_loans=1)
    room.lend(CopyFactory(), room.b)
    room.lend()
    room.hold(room.b)
    room.give_back()

    def page() -> str:
        return counter.client.get(f"/counter/?person={room.b.pk}").content.decode()

    assert "在借 1 册，还可借 0 册" in text_of(page())
    assert "已借满 1 册，先归还一册才能再借。" in page()
    assert ("借给本人" in page(), "/renew/" in page()) == (False, True)
    Loan.objects.open().update(renewals=1)
    assert ("续借次数已用完" in page(), "/renew/" in page()) == (True, False)
    LendingPolicy.objects.update(max_loans=5)
    assert "借给本人" in page()
    time_machine.move_to(NOW + timedelta(days=30), tick=False)
    counter.client.force_login(room.librarian)
    late = page()
    assert Page(late).faults() == []
    assert ("逾期不能续借" in late, "有逾期未还的书" in late, "借给本人" in late) == (True, True, False)


def test_only_librarians_see_on_the_page_of_a_book_for_whom_it_is_kept(counter, room):
    room.lend()
    room.hold(room.b)
    room.give_back()
    path = f"/books/{room.book.pk}/"
    assert f"待取 留给 {room.b.name} ，保留到 3 月 11 日" in text_of(counter.client.get(path).content.decode())
    counter.client.force_login(room.c)
    assert room.b.name not in counter.client.get(path).content.decode()


@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_scanned_is_answered(counter, typed):
    assert "<script>alert" not in counter.scan(typed)


@pytest.mark.parametrize(
    "query", [{"person": "x"}, {"person": "9" * 40}, {"mode": "x"}, {"q": "\x00" * 9}, {"q": "字" * 999}]
)
def test_an_address_of_nonsense_shows_the_counter(counter, query):
    assert counter.client.get("/counter/", query).status_code == 200


def test_a_lost_or_damaged_book_is_recorded_from_the_persons_list(counter, room):
    loan, other = room.lend(), room.lend(CopyFactory())
    sent = {"next": f"/counter/?person={room.a.pk}", "reason": "<b>缺页</b>\x00"}
    answer = counter.client.post(f"/loans/{loan.pk}/end/", sent | {"how": "damaged"})
    assert answer.url == f"/counter/?person={room.a.pk}"
    sent = {"how": "lost", "next": "//elsewhere.test/", "reason": "<i>\u202e"}
    asked = counter.client.post(f"/loans/{other.pk}/end/", sent).content.decode()
    assert Page(asked).faults() == []
    assert "确认丢失" in asked
    assert "elsewhere.test" not in asked
    assert room.state(other.copy) == "on_loan"
    counter.client.post(f"/loans/{other.pk}/end/", {"how": "lost", "confirmed": "1"})
    assert [room.state(), room.state(other.copy)] == ["repair", "lost"]
    assert [event.reason for event in CopyEvent.objects.order_by("pk")] == ["<b>缺页</b>", "借出期间丢失"]
    assert counter.client.post(f"/loans/{loan.pk}/end/", {"how": "lost"}).status_code == 404


@pytest.mark.parametrize("path", ["/counter/", "/counter/overdue/"])
@pytest.mark.parametrize("role", [Role.CADRE, Role.LEADER, Role.LIAISON, Role.SYSTEM, Role.AUDIT])
def test_strangers_find_no_counter(client, room, path, role):
    client.force_login(reader(role))
    assert client.get(path).status_code == 404
    assert client.post("/counter/", {"scan": room.copy.barcode}).status_code == 404


def test_it_asks_as_much_for_30_loans_as_for_1(counter, room):
    LendingPolicy.objects.update(max_loans=50)
    room.lend()
    path = f"/counter/?person={room.a.pk}"
    first = queries(counter.client, path)
    for number in range(29):
        lend(CopyFactory(book__title="很长的书名" * 20), room.a, at=NOW, slot=number + 2)
    assert queries(counter.client, path) == first
    assert first <= 11
