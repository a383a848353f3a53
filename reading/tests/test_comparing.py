"""What a stocktake finds: which copies are a difference, and which are none by the times."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reading.models import Copy, CopyEvent, Hold, Loan, Scan
from reading.services.comparing import compare
from reading.services.copies import change_state
from reading.services.moving import move_copy
from reading.states import CopyAction
from reading.tests.factories import CopyFactory, lend, reader
from reading.tests.stocktaking import START, at, count

__all__ = ["count"]
pytestmark = pytest.mark.django_db


def give_back(loan: Loan, minutes: int) -> None:
    Loan.objects.filter(pk=loan.pk).update(returned_at=at(minutes))
    Copy.objects.filter(pk=loan.copy_id).update(state="available")


def test_each_kind_of_difference_is_found(count):
    seen, missing, misplaced = count.copy(count.room), count.copy(), count.copy(count.elsewhere)
    out, lost = count.copy(), count.copy(state="lost", left_on=START.date())
    lend(out, reader(), START - timedelta(days=3))
    for copy in (seen, misplaced, out, lost, "9787101000001"):
        count.scan(copy)
    assert count.compare() == {
        missing.barcode: "missing",
        misplaced.barcode: "misplaced",
        out.barcode: "unexpected",
        lost.barcode: "unexpected",
        "9787101000001": "unknown",
    }
    count.stocktake.refresh_from_db()
    assert (count.stocktake.state, count.stocktake.expected, count.stocktake.compared_at) == ("compared", 2, at(60))


def test_what_is_lent_set_aside_or_in_repair_is_not_missing(count):
    for state in ("on_loan", "set_aside", "repair", "withdrawn", "lost"):
        count.copy(state=state, left_on=START.date() if state in ("withdrawn", "lost") else None)
    assert count.compare() == {}


def test_a_copy_lent_after_it_was_scanned_is_no_difference(count):
    copy = count.copy()
    count.scan(copy, 10)
    lend(copy, reader(), at(20))
    assert count.compare() == {}


def test_a_copy_lent_before_it_was_scanned_is_one(count):
    copy = count.copy()
    lend(copy, reader(), at(5))
    count.scan(copy, 10)
    assert count.compare() == {copy.barcode: "unexpected"}


def test_a_copy_lent_and_returned_while_others_counted_is_not_missing(count):
    copy = count.copy()
    give_back(lend(copy, reader(), at(5)), 30)
    assert count.compare() == {}


def test_a_copy_that_came_back_while_others_counted_is_not_missing(count):
    copy = count.copy()
    give_back(lend(copy, reader(), START - timedelta(days=9)), 30)
    assert count.compare() == {}


def test_a_copy_that_came_back_before_the_stocktake_is_missing(count):
    copy = count.copy()
    give_back(lend(copy, reader(), START - timedelta(days=9)), -1)
    assert count.compare() == {copy.barcode: "missing"}


def test_a_copy_scanned_on_loan_and_then_returned_is_no_difference(count):
    copy = count.copy()
    loan = lend(copy, reader(), START - timedelta(days=9))
    count.scan(copy, 10)
    give_back(loan, 20)
    assert count.compare() == {}


def test_a_copy_set_aside_after_it_was_scanned_is_no_difference(count):
    copy = count.copy()
    count.scan(copy, 10)
    Copy.objects.filter(pk=copy.pk).update(state="set_aside")
    Hold.objects.create(book=copy.book, cadre=reader(), state="ready", placed_at=START, copy=copy, ready_at=at(20),
                        expires_on=at(20).date())  # fmt: skip
    assert count.compare() == {}


def test_a_copy_moved_while_others_counted_is_no_difference(count):
    comes, goes = count.copy(count.elsewhere), count.copy()
    count.scan(goes, 10)
    move_copy(copy=comes, to=count.shelf, by=count.other, now=at(20))
    move_copy(copy=goes, to=count.elsewhere, by=count.other, now=at(20))
    assert count.compare() == {}


def test_a_copy_repaired_or_found_while_others_counted_is_not_missing(count):
    for state, action in (("repair", CopyAction.REPAIRED), ("lost", CopyAction.FIND)):
        copy = count.copy(state=state, left_on=START.date() if state == "lost" else None)
        change_state(copy=copy, action=action, by=count.other, now=at(20))
    assert count.compare() == {}


def test_a_copy_that_came_in_while_others_counted_is_not_missing(count):
    CopyFactory(home=count.shelf)
    assert count.compare() == {}


def test_a_barcode_that_got_its_copy_meanwhile_is_known_at_the_comparison(count):
    count.scan("SX009999", 10)
    copy = CopyFactory(home=count.shelf, barcode="SX009999")
    Copy.objects.filter(pk=copy.pk).update(created_at=at(5))
    assert count.compare() == {}
    assert Scan.objects.get().copy == copy


def test_five_thousand_copies_are_compared_in_a_few_seconds(count):
    book = count.copy(count.elsewhere).book
    day = timezone.localdate()
    Copy.objects.bulk_create(
        Copy(book=book, home=count.shelf, barcode=f"T{number:06}", acquired_on=day) for number in range(5000)
    )
    Copy.objects.update(created_at=START - timedelta(days=99))
    Scan.objects.bulk_create(
        Scan(stocktake=count.stocktake, copy=copy, barcode=copy.barcode, scanned_by=count.librarian, scanned_at=at(1))
        for copy in Copy.objects.filter(home=count.shelf)[:4000]
    )
    began = timezone.now()
    assert compare(stocktake=count.stocktake, by=count.librarian, now=at(60)) == 1000
    assert timezone.now() - began < timedelta(seconds=10)
    assert CopyEvent.objects.count() == 0
