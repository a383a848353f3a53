"""The reading room's addresses and models: who may open them, and a stored row for each address that needs one.

One entry per address; the tests of every address, role and page read it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Book, Copy, Hold, Loan, Picture
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, lend, reader
from shuxiang.uploads import random_name

EVERYBODY = frozenset(Role)
LIBRARIANS = frozenset({Role.LIBRARIAN, Role.OFFICE})


@dataclass(frozen=True)
class ReadingPage:
    """`arguments` makes a row for the viewer and gives the address's arguments; others than `readers` get `refused`.

    `stored` gives the arguments of a row that there is already, for tests that visit every page of a filled portal.
    """

    readers: frozenset[Role] = EVERYBODY
    method: str = "get"
    status: int = 200
    refused: int = 404
    arguments: Callable[[Cadre], dict[str, Any]] = lambda viewer: {}
    stored: Callable[[], Iterator[dict[str, Any]]] | None = None


def a_picture(viewer: Cadre) -> dict[str, Any]:
    picture = Picture(original_name="照片", size=1, width=40, height=40, uploaded_by=viewer, created_at=timezone.now())
    picture.place = PlaceFactory()
    picture.file.save(random_name(None, ""), ContentFile(b"x"))
    return {"picture_id": picture.pk}


def a_book(viewer: Cadre) -> dict[str, Any]:
    return {"book_id": BookFactory().pk}


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


def stored(model: Any, argument: str, column: str = "pk") -> Callable[[], Iterator[dict[str, Any]]]:
    """The arguments of one row that there is."""
    return lambda: ({argument: getattr(row, column)} for row in model.objects.all()[:1])


PAGES: dict[str, ReadingPage] = {
    "picture": ReadingPage(arguments=a_picture, stored=stored(Picture, "picture_id")),
    # catalogue
    "books": ReadingPage(),
    "book": ReadingPage(arguments=a_book, stored=stored(Book, "book_id")),
    "book_isbn": ReadingPage(),
    "book_new": ReadingPage(readers=LIBRARIANS),
    "book_edit": ReadingPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_copies": ReadingPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_cover": ReadingPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "copies": ReadingPage(readers=LIBRARIANS, status=302),
    "labels": ReadingPage(readers=LIBRARIANS),
    "labels_places": ReadingPage(readers=LIBRARIANS),
    # loans
    "counter": ReadingPage(readers=LIBRARIANS),
    "counter_undo": ReadingPage(readers=LIBRARIANS, method="post", status=302),
    "counter_overdue": ReadingPage(readers=LIBRARIANS),
    "loans": ReadingPage(),
    "loans_forget": ReadingPage(),
    "loan_renew": ReadingPage(method="post", status=302, arguments=own_loan, stored=stored(Loan, "loan_id")),
    "loan_remind": ReadingPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "loan_end": ReadingPage(
        readers=LIBRARIANS, method="post", status=302, arguments=a_loan, stored=stored(Loan, "loan_id")
    ),
    "copy_find": ReadingPage(),
    "copy": ReadingPage(arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_borrow": ReadingPage(method="post", status=302, arguments=a_copy, stored=stored(Copy, "barcode", "barcode")),
    "copy_return": ReadingPage(
        method="post", status=302, arguments=own_copy, stored=stored(Copy, "barcode", "barcode")
    ),
    "book_hold": ReadingPage(
        method="post",
        status=302,
        arguments=lambda viewer: {"book_id": BookFactory().pk},
        stored=stored(Book, "book_id"),
    ),
    "hold_cancel": ReadingPage(method="post", status=302, arguments=own_hold, stored=stored(Hold, "hold_id")),
    # places
    # stocktake
    # digital resources
    # suggestions, donations, renewal
    # plans
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    # catalogue
    "reading.subjectarea": ({*LIBRARIANS}, {*LIBRARIANS}),
    "reading.book": ({*LIBRARIANS}, {*LIBRARIANS}),
    "reading.copy": ({*LIBRARIANS}, set()),
    "reading.copyevent": ({*LIBRARIANS}, set()),
    # loans
    "reading.lendingpolicy": (set(LIBRARIANS), set()),
    "reading.closedday": (set(LIBRARIANS), set(LIBRARIANS)),
    "reading.loan": (set(LIBRARIANS), set()),
    "reading.hold": (set(LIBRARIANS), set()),
    # places
    # stocktake
    # digital resources
    # suggestions, donations
    # plans
}


def stored_addresses(name: str) -> Callable[[], Iterator[str]]:
    """The addresses of stored rows, for `shuxiang.tests.objects`."""

    def found() -> Iterator[str]:
        page = PAGES[name]
        assert page.stored is not None, f"{name} needs a stored row"
        yield from (reverse(name, kwargs=arguments) for arguments in page.stored())

    return found
