"""A copy on loan is lost, or comes back damaged. The copy's record says so, and never with whom it was."""

from datetime import datetime

from django.db import transaction

from organization.models import Cadre
from reading.kinds import Condition
from reading.models import Copy, Loan
from reading.services.authority import check_librarian
from reading.services.copies import change_state
from reading.services.lending import end_loan
from reading.services.queue import lock_title, policy_now
from reading.states import CopyAction


@transaction.atomic
def lose_on_loan(*, loan: Loan, by: Cadre, now: datetime, reason: str = "") -> None:
    """Ends the loan; the copy leaves the stock. Raises NotAllowed, StaleLoan."""
    check_librarian(by)
    lock_title(loan.copy.book_id)
    end_loan(copy=loan.copy, by=by, now=now, policy=policy_now(), is_lost=True)
    copy = Copy.objects.get(pk=loan.copy_id)
    change_state(copy=copy, action=CopyAction.LOSE, by=by, now=now, reason=reason or "借出期间丢失")


@transaction.atomic
def return_damaged(*, loan: Loan, by: Cadre, now: datetime, reason: str = "") -> None:
    """Ends the loan; the copy goes to be mended and to nobody who waits. Raises NotAllowed, StaleLoan."""
    check_librarian(by)
    lock_title(loan.copy.book_id)
    end_loan(copy=loan.copy, by=by, now=now, policy=policy_now())
    copy = Copy.objects.get(pk=loan.copy_id)
    change_state(copy=copy, action=CopyAction.RETURN, by=by, now=now)
    change_state(
        copy=copy, action=CopyAction.REPAIR, by=by, now=now, reason=reason or "归还时破损",
        condition=Condition.DAMAGED,
    )  # fmt: skip
