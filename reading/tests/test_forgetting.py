from datetime import timedelta

import pytest

from reading.models import Hold, Loan, LoanQuarter
from reading.services.forgetting import forget_old, forget_own
from reading.services.holding import cancel_hold
from reading.tests.factories import CopyFactory
from reading.tests.rooms import room

__all__ = ["room"]
pytestmark = pytest.mark.django_db


def names() -> list[tuple]:
    return list(Loan.objects.order_by("pk").values_list("borrower", "lent_by", "returned_by"))


def test_names_leave_a_year_after_the_return(room):
    room.lend()
    hold = room.hold(room.b)
    cancel_hold(hold=hold, by=room.b, now=room.now)
    room.give_back()
    room.lend(CopyFactory(), to=room.c)
    kept = (room.a.pk, room.librarian.pk, room.librarian.pk)
    assert forget_old(now=room.now + timedelta(days=364)) == 0
    assert names()[0] == kept
    assert forget_old(now=room.now + timedelta(days=365)) == 1
    assert names() == [(None, None, None), (room.c.pk, room.librarian.pk, None)]
    assert Hold.objects.get().cadre is None
    assert forget_old(now=room.now + timedelta(days=365)) == 0


def test_readers_forget_their_own_at_once_and_keep_what_is_open(room):
    room.lend()
    room.give_back()
    room.lend()
    room.lend(CopyFactory(), to=room.b)
    room.give_back(Loan.objects.open().get(borrower=room.b).copy)
    assert forget_own(reader=room.a) == 1
    assert [borrower for borrower, _, _ in names()] == [None, room.a.pk, room.b.pk]


@pytest.mark.parametrize("forget", [lambda room: forget_old(now=room.now), lambda room: forget_own(reader=room.a)])
def test_the_counted_quarter_does_not_tell_whose_a_nameless_loan_was(forget, room):
    room.policy(history_days=0)
    room.lend()
    room.give_back()
    room.later(minutes=11)
    assert forget(room) == 1
    assert LoanQuarter.objects.values_list("cadre", "since").get() == (room.a.pk, None)
