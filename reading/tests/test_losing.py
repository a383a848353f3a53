import pytest

from organization.services.roles import NotAllowed
from reading.models import Copy, CopyEvent, Loan
from reading.services.lending import StaleLoan
from reading.services.losing import lose_on_loan, return_damaged
from reading.tests.rooms import TODAY, room

__all__ = ["room"]
pytestmark = pytest.mark.django_db


def test_a_lost_copy_leaves_the_stock_and_its_record_names_no_borrower(room):
    loan = room.lend()
    lose_on_loan(loan=loan, by=room.librarian, now=room.now)
    copy, event = Copy.objects.get(pk=room.copy.pk), CopyEvent.objects.get()
    loan.refresh_from_db()
    assert (copy.state, copy.left_on, loan.is_lost, loan.returned_at) == ("lost", TODAY, True, room.now)
    assert (event.action, event.from_state, event.to_state, event.reason) == ("lose", "on_loan", "lost", "借出期间丢失")
    assert event.actor == room.librarian


def test_a_damaged_copy_goes_to_be_mended_and_not_to_who_waits(room):
    loan = room.lend()
    hold = room.hold(room.b)
    return_damaged(loan=loan, by=room.librarian, now=room.now, reason="缺页")
    copy = Copy.objects.get(pk=room.copy.pk)
    hold.refresh_from_db()
    assert (copy.state, copy.condition, hold.state) == ("repair", "damaged", "waiting")
    assert CopyEvent.objects.get().reason == "缺页"


@pytest.mark.parametrize("step", [lose_on_loan, return_damaged])
def test_only_a_librarian_and_only_once(room, step):
    loan = room.lend()
    with pytest.raises(NotAllowed):
        step(loan=loan, by=room.a, now=room.now)
    step(loan=loan, by=room.librarian, now=room.now)
    with pytest.raises(StaleLoan):
        step(loan=loan, by=room.librarian, now=room.now)
    assert (Loan.objects.count(), CopyEvent.objects.count()) == (1, 1)
