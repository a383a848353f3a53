"""What a book's page tells of its copies and its queue: readers learn when a copy is due, librarians also with whom."""

from typing import NamedTuple

from organization.models import Cadre
from reading.models import Book, Copy, Hold, Loan
from reading.services.authority import is_librarian
from reading.states import CopyState, HoldState
from shuxiang.rows import by_code_point


class Holding(NamedTuple):
    """`loan` is the open one; its borrower is for librarians and for the borrower only. `hold` is for librarians only:
    for whom the copy is set aside."""

    copy: Copy
    loan: Loan | None
    is_own: bool
    hold: Hold | None


class Queue(NamedTuple):
    """`ahead` people wait before the viewer's own open hold; for those in `ready` a copy is set aside."""

    length: int
    own: Hold | None
    ahead: int
    ready: list[Hold]


def holdings(book: Book, viewer: Cadre, queue: Queue) -> list[Holding]:
    """Readers see what is in stock, librarians what was lost and withdrawn too."""
    copies = Copy.objects.filter(book=book).select_related("home")
    loans, kept = Loan.objects.open().filter(copy__book=book), list[Hold]()
    if is_librarian(viewer):
        loans, kept = loans.select_related("borrower"), queue.ready
    else:
        copies = copies.in_stock()
    open_loans = {loan.copy_id: loan for loan in loans}
    holds = {hold.copy_id: hold for hold in kept}
    found = [
        Holding(copy, loan, loan is not None and loan.borrower_id == viewer.pk, holds.get(copy.pk))
        for copy in copies.order_by("home__position", by_code_point("home__name"), by_code_point("barcode"))
        for loan in [open_loans.get(copy.pk)]
    ]
    return sorted(found, key=lambda holding: holding.copy.state != CopyState.AVAILABLE)


def queue_of(book: Book, viewer: Cadre) -> Queue:
    waiting = list(Hold.objects.open().filter(book=book).select_related("cadre").order_by("placed_at", "id"))
    own = next((hold for hold in waiting if hold.cadre_id == viewer.pk), None)
    line = [hold for hold in waiting if hold.state == HoldState.WAITING]
    ahead = line.index(own) if own in line and own is not None else 0
    return Queue(len(line), own, ahead, [hold for hold in waiting if hold.state == HoldState.READY])
