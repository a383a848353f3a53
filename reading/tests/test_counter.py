import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organization.models import Cadre
from organization.roles import Role
from reading.models import Copy, CopyEvent, Hold, LendingPolicy, Loan
from reading.services.barcodes import read_code
from reading.services.listing import told_apart
from reading.tests.factories import CopyFactory, lend, reader
from reading.tests.hostile import HOSTILE
from reading.tests.rooms import NOW, room
from shuxiang.tests.pages import text_of
from shuxiang.tests.test_pages_markup import Page

__all__ = ["room"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


class Counter:
    """The page as a librarian uses it: every scan is sent with what the page holds."""

    def __init__(self, client, room) -> None:
        self.client, self.room = client, room
        client.force_login(room.librarian)
        self.html = client.get("/counter/").content.decode()

    def kept(self, name: str) -> str:
        return re.search(f'name="{name}" value="([^"]*)" form="scan-form"', self.html)[1]

    def scan(self, text: str) -> str:
        """What the page says to it."""
        sent = {"scan": text, "person": self.kept("person"), "mode": self.kept("mode")}
        answer = self.client.post("/counter/", sent, follow=True)
        assert answer.status_code == 200
        self.html = answer.content.decode()
        assert Page(self.html).faults() == []
        return re.search(r'<div class="outcome".*?</div>', self.html, re.DOTALL)[0]


def known(cadre: Cadre) -> str:
    return told_apart(cadre, NOW.date())


@pytest.fixture
def counter(client, room) -> Counter:
    return Counter(client, room)


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


def test_only_librarians_see_on_the_page_of_a_book_for_whom_it_is_kept(counter, room):
    room.lend()
    room.hold(room.b)
    room.give_back()
    path = f"/books/{room.book.pk}/"
    assert f"待取 留给 {room.b.name} ，保留到 3 月 11 日" in text_of(counter.client.get(path).content.decode())
    counter.client.force_login(room.c)
    assert room.b.name not in counter.client.get(path).content.decode()


TYPED = ["", "  ", *HOSTILE, "%", "_", "'"]


@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_scanned_is_answered(counter, typed):
    assert "<script>alert" not in counter.scan(typed)


@pytest.mark.parametrize(
    "query", [{"person": "x"}, {"person": "9" * 40}, {"mode": "x"}, {"q": "\x00" * 9}, {"q": "字" * 999}]
)
def test_an_address_of_nonsense_shows_the_counter(counter, query):
    assert counter.client.get("/counter/", query).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "ＳＸ０００１２３",
        "SX000123\r\n",
        "http://x/copies/SX000123/",
        "http://x/copies/SX000123",
        "/copies/SX%30%300123/?q=1",
    ],
)
def test_a_barcode_is_read_from_keyboards_and_addresses(text):
    assert read_code(text) == "SX000123"


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
    from reading.tests.factories import reader

    client.force_login(reader(role))
    assert client.get(path).status_code == 404
    assert client.post("/counter/", {"scan": room.copy.barcode}).status_code == 404


def queries(client, path) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_it_asks_as_much_for_30_loans_as_for_1(counter, room):
    LendingPolicy.objects.update(max_loans=50)
    room.lend()
    path = f"/counter/?person={room.a.pk}"
    first = queries(counter.client, path)
    for number in range(29):
        lend(CopyFactory(book__title="很长的书名" * 20), room.a, at=NOW, slot=number + 2)
    assert queries(counter.client, path) == first
    assert first <= 11


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


@pytest.mark.parametrize("typed_barcode", ["sx000123", "SX000123", " ＳＸ000123 ", "http://portal/copies/SX000123/"])
def test_a_barcode_leads_to_its_copy(client, typed_barcode):
    CopyFactory(barcode="SX000123")
    client.force_login(reader())
    assert client.get(reverse("copy_find"), {"barcode": typed_barcode}).url == reverse("copy", args=["SX000123"])


@pytest.mark.parametrize("word", ["", "SX1", *TYPED])
def test_a_barcode_of_no_copy_is_told(client, word):
    client.force_login(reader())
    page = client.get(reverse("copy_find"), {"barcode": word[:3000]})
    assert (page.status_code, len(page.context["messages"])) == (200, 1)
