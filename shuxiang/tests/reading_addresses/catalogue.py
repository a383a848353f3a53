from typing import Any

from organization.models import Cadre
from organization.roles import Role
from reading.models import Book
from reading.tests.factories import BookFactory
from shuxiang.tests.area_pages import LIBRARIANS, AreaPage, stored


def a_book(viewer: Cadre) -> dict[str, Any]:
    return {"book_id": BookFactory().pk}


PAGES: dict[str, AreaPage] = {
    "books": AreaPage(),
    "book": AreaPage(arguments=a_book, stored=stored(Book, "book_id")),
    "book_isbn": AreaPage(),
    "book_new": AreaPage(readers=LIBRARIANS),
    "book_edit": AreaPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_copies": AreaPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "book_cover": AreaPage(readers=LIBRARIANS, arguments=a_book, stored=stored(Book, "book_id")),
    "copies": AreaPage(readers=LIBRARIANS, status=302),
    "labels": AreaPage(readers=LIBRARIANS),
    "labels_places": AreaPage(readers=LIBRARIANS),
    "books_workbook": AreaPage(readers=frozenset({Role.LIBRARIAN, Role.OFFICE})),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "reading.subjectarea": ({*LIBRARIANS}, {*LIBRARIANS}),
    "reading.book": ({*LIBRARIANS}, {*LIBRARIANS}),
    "reading.copy": ({*LIBRARIANS}, set()),
    "reading.copyevent": ({*LIBRARIANS}, set()),
}
