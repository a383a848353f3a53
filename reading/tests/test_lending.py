from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from notices.models import Notice
from organization.models import Cadre, Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Copy, CopyEvent, Hold, Loan, LoanQuarter
from reading.services.forgetting import forget_own
from reading.services.lending import LendingRefused, StaleCopy, StaleLoan, renew, undo, undoable
from reading.states import CopyState, HoldState
from reading.tests.factories import CopyFactory, reader
from reading.tests.rooms import NOW, TODAY, room

__all__ = ["room"]
pytestmark = pytest.mark.django_db


def test_a_lent_copy_is_out_until_two_weeks_later(room):
    loan = room.lend()
    assert (room.state(), loan.due_on, loan.slot, loan.lent_by) == ("on_loan", date(2024, 3, 20), 1, room.librarian)
    assert LoanQuarter.objects.values_list("cadre", "quarter").get() == (room.a.pk, "2024Q1")
    assert CopyEvent.objects.count() == 0


def test_a_returned_copy_is_free_again(room):
    room.lend()
    loan, hold = room.give_back()
    assert (room.state(), hold) == ("available", None)
    assert Loan.objects.get(pk=loan.pk).returned_at == NOW
    assert CopyEvent.objects.count() == 0


def test_who_borrows_twice_in_a_quarter_counts_once(room):
    room.lend()
    room.lend(CopyFactory())
    assert LoanQuarter.objects.count() == 1


def test_a_copy_that_is_out_is_lent_to_nobody_else(room):
    room.lend()
    with pytest.raises(LendingRefused, match="已经借出，要先归还才能再借"):
        room.lend(to=room.b)
    with pytest.raises(LendingRefused, match="已经借给本人"):
        room.lend()


def test_of_two_stale_copies_one_is_lent(room):
    one, other = Copy.objects.get(pk=room.copy.pk), Copy.objects.get(pk=room.copy.pk)
    room.lend(one)
    with pytest.raises(LendingRefused):
        room.lend(other, to=room.b)
    room.give_back(one)
    with pytest.raises(StaleLoan):
        room.give_back(other)
    assert Loan.objects.count() == 1


@pytest.mark.parametrize("state", [CopyState.REPAIR, CopyState.LOST, CopyState.WITHDRAWN])
def test_what_is_not_on_its_shelf_is_not_lent(room, state):
    Copy.objects.update(state=state, left_on=None if state == CopyState.REPAIR else TODAY)
    with pytest.raises(LendingRefused, match=f"登记为“{state.label}”"):
        room.lend()


def test_three_books_and_no_more(room):
    for _ in range(3):
        room.lend(CopyFactory())
    with pytest.raises(LendingRefused, match="已借满 3 册，先归还一册才能再借"):
        room.lend()
    room.give_back(Loan.objects.get(slot=2).copy)
    assert room.lend().slot == 2
    assert room.state() == "on_loan"


def test_a_lower_limit_counts_what_is_out_already(room):
    for _ in range(3):
        room.lend(CopyFactory())
    room.policy(max_loans=2)
    room.give_back(Loan.objects.get(slot=1).copy)
    with pytest.raises(LendingRefused, match="已借满 2 册，先归还一册才能再借"):
        room.lend()


def test_overdue_books_come_back_first_and_are_named(room):
    room.lend(CopyFactory(book__title="大学"))
    room.later(days=20)
    with pytest.raises(LendingRefused, match="有逾期未还的书：《大学》，还了才能再借"):
        room.lend()
    with pytest.raises(LendingRefused, match="已逾期，不能续借"):
        room.renew(Loan.objects.get())


def test_it_is_due_today_and_not_yet_overdue(room):
    room.lend(CopyFactory())
    room.later(days=14)
    room.lend()


@pytest.mark.parametrize("gone", ["closed", "left"])
def test_who_has_left_borrows_nothing(room, gone):
    if gone == "closed":
        Cadre.objects.filter(pk=room.a.pk).update(is_active=False)
        room.a.refresh_from_db()
    else:
        Posting.objects.filter(cadre=room.a).update(until=TODAY - timedelta(days=1))
    with pytest.raises(LendingRefused, match="现在不在岗或账号已停用"):
        room.lend()


def test_readers_help_themselves_where_the_reading_room_allows_it(room):
    room.lend(by=room.a)
    room.give_back(by=room.a)
    room.policy(self_service=False)
    with pytest.raises(NotAllowed, match="请到借阅台"):
        room.lend(by=room.a)


def test_a_reader_handles_nobody_elses_books(room):
    with pytest.raises(NotAllowed):
        room.lend(by=room.b)
    loan = room.lend()
    for step in (lambda: room.give_back(by=room.b), lambda: room.renew(loan, by=room.b)):
        with pytest.raises(NotAllowed, match="请交给图书管理员"):
            step()
    assert room.state() == "on_loan"


def test_a_librarian_lends_to_herself(room):
    assert room.lend(to=room.librarian).borrower == room.librarian


@pytest.mark.parametrize("days", [0, 10])
def test_a_renewal_counts_from_the_due_date_and_happens_once(days, room):
    loan = room.lend()
    before = loan.due_on
    room.later(days=days)
    after = room.renew(loan)
    assert (before, after) == (date(2024, 3, 20), date(2024, 4, 3))
    with pytest.raises(LendingRefused, match="已续借 1 次，不能再续"):
        room.renew(loan)


def test_of_two_stale_loans_one_is_renewed(room):
    room.policy(max_renewals=5)
    loan = room.lend()
    stale = Loan.objects.select_related("borrower", "copy__book").get(pk=loan.pk)
    room.later(days=5)
    room.renew(loan)
    with pytest.raises(StaleLoan):
        renew(loan=stale, by=room.librarian, now=room.later(days=1))
    assert Loan.objects.get().renewals == 1


def test_a_returned_loan_is_not_renewed(room):
    loan = room.lend()
    room.give_back()
    with pytest.raises(StaleLoan, match="已经归还"):
        room.renew(loan)


def test_nobody_renews_what_somebody_waits_for(room):
    loan = room.lend()
    room.hold(room.b)
    room.later(days=3)
    with pytest.raises(LendingRefused, match="有同事在等《论语译注》"):
        room.renew(loan)


def test_a_loan_by_mistake_is_nobodys_history(room):
    loan = room.lend()
    assert undoable(room.librarian, room.later(minutes=5)) == loan
    undo(loan=loan, by=room.librarian, now=room.now)
    loan.refresh_from_db()
    assert (loan.borrower, loan.lent_by, loan.returned_by, loan.returned_at) == (None, None, None, room.now)
    assert (room.state(), LoanQuarter.objects.count()) == ("available", 0)


def test_an_undone_loan_leaves_a_quarter_in_which_a_forgotten_one_counted(room):
    room.lend()
    room.give_back()
    forget_own(reader=room.a)
    room.later(minutes=1)
    undo(loan=room.lend(), by=room.librarian, now=room.later(seconds=5))
    assert LoanQuarter.objects.values_list("cadre", "quarter", "since").get() == (room.a.pk, "2024Q1", None)


def test_an_undone_loan_leaves_a_quarter_in_which_another_counts_until_that_is_undone_too(room):
    first = room.lend()
    other = reader(Role.LIBRARIAN)
    room.later(seconds=5)
    second = room.lend(CopyFactory(), by=other)
    undo(loan=first, by=room.librarian, now=room.later(seconds=5))
    assert LoanQuarter.objects.get().since == second.lent_at
    undo(loan=second, by=other, now=room.later(seconds=5))
    assert LoanQuarter.objects.count() == 0


def test_an_undone_loan_of_a_held_book_is_held_again(room):
    room.lend(to=room.b)
    hold = room.hold(room.a)
    room.give_back()
    loan = room.lend()
    assert Hold.objects.get(pk=hold.pk).state == HoldState.FULFILLED
    undo(loan=loan, by=room.librarian, now=room.later(seconds=30))
    hold.refresh_from_db()
    assert (hold.state, hold.copy, room.state()) == (HoldState.READY, room.copy, "set_aside")


def test_a_return_by_mistake_is_open_again(room):
    room.lend()
    room.later(days=1)
    loan, _ = room.give_back()
    undo(loan=undoable(room.librarian, room.now), by=room.librarian, now=room.now)
    loan.refresh_from_db()
    assert (loan.returned_at, loan.slot, room.state()) == (None, 1, "on_loan")


def test_a_return_by_mistake_takes_the_copy_back_from_who_waits(room):
    room.lend()
    hold = room.hold(room.b)
    room.give_back()
    undo(loan=undoable(room.librarian, room.now), by=room.librarian, now=room.later(seconds=5))
    hold.refresh_from_db()
    assert (hold.state, hold.copy, room.state()) == (HoldState.WAITING, None, "on_loan")
    assert [notice.subject[:5] for notice in Notice.objects.of(room.b)] == ["更正：预约", "预约的书到"]


def test_what_was_done_long_ago_or_by_somebody_else_is_not_undone(room):
    loan = room.lend()
    assert undoable(room.a, room.now) is None
    assert undoable(room.librarian, room.later(minutes=11)) is None
    with pytest.raises(StaleLoan):
        undo(loan=loan, by=room.librarian, now=room.now)
    with pytest.raises(NotAllowed):
        undo(loan=loan, by=room.a, now=room.now)


def refused_by_the_database(step) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        step()
    return str(refused.value)


def test_the_database_refuses_a_loan_of_a_copy_on_its_shelf(room):
    made = {"copy": room.copy, "borrower": room.a, "lent_at": NOW, "due_on": TODAY, "slot": 1}
    assert "loan_of_a_copy_that_is_out" in refused_by_the_database(lambda: Loan.objects.create(**made))
    ended = Loan.objects.create(**made | {"returned_at": NOW})
    again = Loan.objects.filter(pk=ended.pk)
    assert "loan_of_a_copy_that_is_out" in refused_by_the_database(lambda: again.update(returned_at=None))


def test_the_database_keeps_a_copy_out_while_its_loan_is_open(room):
    room.lend()
    copies = Copy.objects.filter(pk=room.copy.pk)
    for state in ("available", "set_aside", "repair"):
        assert "copy_is_spoken_for" in refused_by_the_database(lambda state=state: copies.update(state=state))


def test_the_database_refuses_a_second_open_loan(room):
    room.lend()
    made = {"copy": room.copy, "borrower": room.b, "lent_at": NOW, "due_on": TODAY, "slot": 1}
    refused_by_the_database(lambda: Loan.objects.create(**made))
    other = CopyFactory(state=CopyState.ON_LOAN)
    refused_by_the_database(lambda: Loan.objects.create(**made | {"copy": other, "borrower": room.a}))


def test_the_database_ties_a_ready_hold_to_its_copy(room):
    made = {"book": room.book, "cadre": room.a, "placed_at": NOW, "state": HoldState.READY, "copy": room.copy}
    made |= {"ready_at": NOW, "expires_on": TODAY}
    assert "hold_of_a_copy" in refused_by_the_database(lambda: Hold.objects.create(**made))
    Copy.objects.update(state=CopyState.SET_ASIDE)
    Hold.objects.create(**made)
    copies = Copy.objects.filter(pk=room.copy.pk)
    assert "copy_is_spoken_for" in refused_by_the_database(lambda: copies.update(state=CopyState.AVAILABLE))


def test_a_copy_that_somebody_else_has_just_taken_is_told(room):
    """The title's lock aside: the copy's own state is compared."""
    stale = Copy.objects.get(pk=room.copy.pk)
    room.lend()
    from reading.services.copies import change_state
    from reading.states import CopyAction

    with pytest.raises(StaleCopy):
        change_state(copy=stale, action=CopyAction.LEND, by=room.librarian, now=NOW)
