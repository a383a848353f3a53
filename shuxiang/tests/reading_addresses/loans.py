from typing import Any

from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Book, Copy, Hold, Loan
from reading.tests.factories import BookFactory, CopyFactory, lend, reader
from shuxiang.tests.area_pages import LIBRARIANS, AreaPage, stored


def a_copy(viewer: Cadre) -> dict[str, Any]:
    return {"barcode": CopyFactory().barcode}


def own_copy(viewer: Cadre) -> dict[str, Any]:
    return {"barcode": lend(CopyFactory(), viewer).copy.barcode}


def own_loan(viewer: Cadre) -> dict[str, Any]:
    return {"loan_id": lend(CopyFactory(), viewer).pk}


def a_loan(viewer: Cadre) -> dict[str, Any]:
    """Somebody else's."""
    return {"loan_id": lend(CopyFactory(), reader()).pk}


def own_hold(viewer: Cadre) -> dict[str, Any]:
    return {"hold_id": Hold.objects.create(book=BookFactory(), cadre=viewer, placed_at=timezone.now()).pk}


PAGES: dict[str, AreaPage] = {
    "counter": AreaPage(readers=LIBRARIANS),
    "counter_undo": AreaPage(readers=LIBRARIANS, method="post", status=302),
    "counter_overdue": AreaPage(readers=LIBRARIANS),
    "loans": AreaPage(),
    "loans_forget": AreaPage(),
    "loan_renew": AreaPage(method="post", status=302, arguments=own_loan, stored=stored(Loan, "loan_id")),
    "loan_remind": AreaPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "loan_end": AreaPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "copy_find": AreaPage(),
    "copy": AreaPage(arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_borrow": AreaPage(method="post", status=302, arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_return": AreaPage(method="post", status=302, arguments=own_copy, stored=stored(Copy, "barcode", "barcode")),
    "book_hold": AreaPage(
        method="post",
        status=302,
        arguments=lambda viewer: {"book_id": BookFactory().pk},
        stored=stored(Book, "book_id"),
    ),
    "hold_cancel": AreaPage(method="post", status=302, arguments=own_hold, stored=stored(Hold, "hold_id")),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "reading.lendingpolicy": (set(LIBRARIANS), set()),
    "reading.closedday": (set(LIBRARIANS), set(LIBRARIANS)),
    "reading.loan": (set(LIBRARIANS), set()),
    "reading.hold": (set(LIBRARIANS), set()),
}
