from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.isbn import BadIsbn
from reading.kinds import Condition, Source
from reading.models import Book, Copy, CopyEvent
from reading.services.catalogue import (
    TENDED,
    StaleBook,
    Taken,
    add_book,
    add_copies,
    change_book,
    change_copy,
    correct_acquired_on,
    tend_copy,
)
from reading.services.copies import StaleCopy
from reading.services.holding import place_hold
from reading.services.renewal import gauge_of
from reading.services.search import found_by
from reading.states import CopyAction, CopyState, HoldState, SuggestionState
from reading.tests.acquisitions import a_suggestion
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.people import librarian
from shuxiang.periods import SHANGHAI

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
DAY = date(2024, 5, 6)


def test_a_new_title_gets_its_isbn_in_13_digits_a_call_number_and_is_found(librarian):
    book = add_book(book=Book(title="红楼梦", author="曹雪芹", isbn="7-02-000220-X", clc="I242.4"), by=librarian)
    book.refresh_from_db()
    assert (book.isbn, book.call_number) == ("9787020002207", "I242.4/1")
    for words in ("红楼", "hongloumeng", "hlm", "9787020002207", "曹雪芹"):
        assert list(found_by(Book.objects.all(), words)) == [book], words


def test_a_wrong_isbn_or_one_that_is_taken_stores_nothing(librarian):
    add_book(book=Book(title="红楼梦", isbn="9787020002207"), by=librarian)
    with pytest.raises(BadIsbn):
        add_book(book=Book(title="另一本", isbn="9787020002208"), by=librarian)
    with pytest.raises(Taken, match="ISBN 或索书号"):
        add_book(book=Book(title="另一本", isbn="978-7-02-000220-7"), by=librarian)
    assert [book.title for book in Book.objects.all()] == ["红楼梦"]


def test_of_two_who_change_a_title_the_second_is_told_and_nothing_is_lost(librarian):
    book = add_book(book=Book(title="旧名", clc="I2"), by=librarian)
    seen = Book.objects.get().changed_at
    first, second = (Book.objects.get(pk=book.pk) for _ in range(2))
    first.title, second.author = "新名", "某人"
    change_book(book=first, seen=seen, by=librarian, now=NOW)
    with pytest.raises(StaleBook, match="刚被别人修改过"):
        change_book(book=second, seen=seen, by=librarian, now=NOW)
    stored = Book.objects.get()
    assert (stored.title, stored.author, stored.call_number, stored.changed_at) == ("新名", "", "I2/1", NOW)
    assert list(found_by(Book.objects.all(), "xinming")) == [stored]
    assert list(found_by(Book.objects.all(), "旧名")) == []


def test_a_change_to_the_isbn_or_call_number_of_another_title_is_refused(librarian):
    add_book(book=Book(title="甲", isbn="9787020002207", clc="I2"), by=librarian)
    book = add_book(book=Book(title="乙"), by=librarian)
    seen = Book.objects.get(pk=book.pk).changed_at
    for name, value in (("isbn", "9787020002207"), ("call_number", "I2/1")):
        typed = Book.objects.get(pk=book.pk)
        setattr(typed, name, value)
        with pytest.raises(Taken):
            change_book(book=typed, seen=seen, by=librarian, now=NOW)


def test_copies_come_in_with_barcodes_in_a_row_and_an_event_each(librarian):
    book, place = BookFactory(), PlaceFactory()
    CopyFactory(barcode="SX000041")
    made = add_copies(
        book=book, count=3, home=place, acquired_on=DAY, by=librarian, now=NOW, source=Source.DONATION, donor=" 张三 "
    )
    assert [copy.barcode for copy in made] == ["SX000042", "SX000043", "SX000044"]
    stored = Copy.objects.filter(book=book)
    assert {(each.home, each.state, each.donor, each.acquired_on) for each in stored} == {
        (place, "available", "张三", DAY)
    }
    events = CopyEvent.objects.values_list("action", "from_state", "to_state", "to_place", "actor")
    assert list(events) == [("register", "", "available", place.pk, librarian.pk)] * 3


def test_no_copies_come_to_a_closed_place_nor_too_many_at_once(librarian):
    book = BookFactory()
    closed, place = PlaceFactory(is_closed=True), PlaceFactory()
    for count, home, words in ((1, closed, "已经停用"), (0, place, "1 到 200"), (201, place, "1 到 200")):
        with pytest.raises(ValueError, match=words):
            add_copies(book=book, count=count, home=home, acquired_on=DAY, by=librarian, now=NOW)
    assert Copy.objects.count() == 0


def test_condition_and_note_are_corrected_unless_somebody_else_did(librarian):
    copy = CopyFactory()
    first, second = (Copy.objects.get(pk=copy.pk) for _ in range(2))
    change_copy(copy=first, condition=Condition.WORN, note="缺封底", by=librarian, now=NOW)
    with pytest.raises(StaleCopy, match="品相或备注"):
        change_copy(copy=second, condition=Condition.DAMAGED, note="", by=librarian, now=NOW)
    assert Copy.objects.values_list("condition", "note").get() == ("worn", "缺封底")


def test_new_copies_settle_what_was_suggested_and_go_to_whoever_waits(librarian):
    book, place, person = BookFactory(isbn="9787020002207"), PlaceFactory(), reader()
    suggestion = a_suggestion(isbn=book.isbn)
    lent = CopyFactory(book=book, state=CopyState.ON_LOAN)
    hold = place_hold(book=book, reader=person, by=person, now=NOW)
    first, second = add_copies(book=book, count=2, home=place, acquired_on=DAY, by=librarian, now=NOW)
    suggestion.refresh_from_db()
    hold.refresh_from_db()
    assert (suggestion.state, suggestion.book) == (SuggestionState.BOUGHT, book)
    assert (hold.state, hold.copy) == (HoldState.READY, first)
    states = [Copy.objects.get(pk=copy.pk).state for copy in (lent, first, second)]
    assert states == [CopyState.ON_LOAN, CopyState.SET_ASIDE, CopyState.AVAILABLE]


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (CopyState.LOST, CopyAction.FIND),
        (CopyState.REPAIR, CopyAction.REPAIRED),
        (CopyState.WITHDRAWN, CopyAction.RESTORE),
    ],
)
def test_a_copy_that_comes_back_goes_to_whoever_waits(state, action, librarian):
    copy = CopyFactory(state=state, left_on=None if state == CopyState.REPAIR else DAY)
    CopyFactory(book=copy.book, state=CopyState.ON_LOAN)
    person = reader()
    hold = place_hold(book=copy.book, reader=person, by=person, now=NOW)
    tend_copy(copy=copy, action=action, by=librarian, now=NOW)
    hold.refresh_from_db()
    assert (hold.state, hold.copy, Copy.objects.get(pk=copy.pk).state) == ("ready", copy, "set_aside")


def test_a_mistyped_day_is_put_right_with_a_reason_and_the_gauges_follow(librarian):
    """Typed 2023 for 2024: last year's base had the title, and this year's new titles lacked it."""

    def gauges():
        return [
            (len(gauge.renewal.base), len(gauge.renewal.new), len(gauge.renewal.closing))
            for gauge in (gauge_of(year=year, today=DAY) for year in (2023, 2024))
        ]

    CopyFactory(acquired_on=date(2022, 5, 5))
    copy = CopyFactory(acquired_on=date(2023, 4, 1))
    assert gauges() == [(1, 1, 2), (2, 0, 2)]
    correct_acquired_on(copy=copy, acquired_on=date(2024, 4, 1), reason=" 年份写错 ", by=librarian, now=NOW)
    assert gauges() == [(1, 0, 1), (1, 1, 2)]
    assert (copy.acquired_on, Copy.objects.get(pk=copy.pk).acquired_on) == (date(2024, 4, 1), date(2024, 4, 1))
    event = CopyEvent.objects.get()
    told = (event.action, event.actor, event.from_state, event.to_state, event.reason)
    assert told == ("correct", librarian, "available", "available", "2023 年 4 月 1 日改为 2024 年 4 月 1 日：年份写错")


def test_of_two_who_put_a_day_right_the_second_is_told(librarian):
    first, second = (Copy.objects.get(pk=pk) for pk in [CopyFactory().pk] * 2)
    correct_acquired_on(copy=first, acquired_on=date(2024, 4, 1), reason="错", by=librarian, now=NOW)
    with pytest.raises(StaleCopy, match="刚被别人更正过"):
        correct_acquired_on(copy=second, acquired_on=date(2023, 4, 1), reason="错", by=librarian, now=NOW)
    assert Copy.objects.get().acquired_on == date(2024, 4, 1)
    Copy.objects.update(state=CopyState.LOST, left_on=date(2024, 4, 2))
    with pytest.raises(StaleCopy, match="刚离馆"):
        correct_acquired_on(copy=first, acquired_on=date(2024, 4, 3), reason="错", by=librarian, now=NOW)
    assert CopyEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "reason", "words"),
    [
        (date(2024, 1, 1), " ", "要写明原因"),
        (date(2024, 1, 1), "长" * 251, "最多 250 字"),
        (date(2024, 5, 7), "错", "不能晚于今天"),
        (date(2024, 3, 1), "错", "本来就是 2024 年 3 月 1 日"),
        (date(2024, 4, 3), "错", "在 2024 年 4 月 2 日已经离馆"),
    ],
)
def test_a_day_that_cannot_be_is_refused(librarian, day, reason, words):
    copy = CopyFactory(state=CopyState.LOST, left_on=date(2024, 4, 2))
    with pytest.raises(ValueError, match=words):
        correct_acquired_on(copy=copy, acquired_on=day, reason=reason, by=librarian, now=NOW)
    with pytest.raises(NotAllowed):
        correct_acquired_on(copy=copy, acquired_on=date(2024, 1, 1), reason="错", by=reader(), now=NOW)
    assert (Copy.objects.get().acquired_on, CopyEvent.objects.count()) == (date(2024, 3, 1), 0)


@pytest.mark.parametrize("action", [CopyAction.LOSE, CopyAction.WITHDRAW])
def test_a_copy_whose_day_is_to_come_does_not_leave_before_it(librarian, action):
    copy = CopyFactory(acquired_on=date(2024, 5, 7))
    with pytest.raises(StaleCopy, match=r"入藏日期是 2024 年 5 月 7 日，在今天之后.*请先更正入藏日期"):
        tend_copy(copy=copy, action=action, by=librarian, now=NOW, reason="破损")
    with transaction.atomic(), pytest.raises(IntegrityError, match="copy_left_after_it_came"), transaction.atomic():
        Copy.objects.update(state=CopyState.LOST, left_on=DAY)
    assert Copy.objects.get().state == CopyState.AVAILABLE


def test_losing_and_withdrawing_ask_for_a_reason_and_bound_the_days_in_stock(librarian):
    copy = CopyFactory()
    for action in (CopyAction.LOSE, CopyAction.WITHDRAW):
        with pytest.raises(ValueError, match="要写明原因"):
            tend_copy(copy=copy, action=action, by=librarian, now=NOW, reason="  ")
    tend_copy(copy=copy, action=CopyAction.WITHDRAW, by=librarian, now=NOW, reason="破损")
    assert Copy.objects.values_list("state", "left_on").get() == ("withdrawn", DAY)
    tend_copy(copy=copy, action=CopyAction.RESTORE, by=librarian, now=NOW)
    assert Copy.objects.values_list("state", "left_on").get() == ("available", None)


def test_what_is_lent_or_set_aside_is_not_tended_here(librarian):
    lent, aside = CopyFactory(state=CopyState.ON_LOAN), CopyFactory(state=CopyState.SET_ASIDE)
    with pytest.raises(StaleCopy, match="在借阅台办理"):
        tend_copy(copy=lent, action=CopyAction.LOSE, by=librarian, now=NOW, reason="丢了")
    for action in TENDED:
        with pytest.raises(StaleCopy):
            tend_copy(copy=aside, action=action, by=librarian, now=NOW, reason="x")
    for action in set(CopyAction) - set(TENDED):
        with pytest.raises(ValueError, match="不在这里办理"):
            tend_copy(copy=CopyFactory(), action=action, by=librarian, now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.LIBRARIAN, Role.OFFICE}))
def test_only_librarians_and_the_office_do_this(role):
    person, copy, place = reader(role), CopyFactory(), PlaceFactory()
    book, seen = copy.book, copy.book.changed_at
    for refused in (
        lambda: add_book(book=Book(title="书"), by=person),
        lambda: change_book(book=book, seen=seen, by=person, now=NOW),
        lambda: add_copies(book=book, count=1, home=place, acquired_on=DAY, by=person, now=NOW),
        lambda: change_copy(copy=copy, condition=Condition.WORN, note="", by=person, now=NOW),
        lambda: tend_copy(copy=copy, action=CopyAction.REPAIR, by=person, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="图书管理员"):
            refused()
    assert (Book.objects.count(), Copy.objects.count(), CopyEvent.objects.count()) == (1, 1, 0)
