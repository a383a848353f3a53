"""The copies as a workbook of the register's columns, which can be brought in again."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from reading.kinds import Source
from reading.models import Book, Copy
from reading.models.catalogue import CopyQuerySet
from reading.services.book_register import (
    ACQUIRED,
    AUTHOR,
    BARCODE,
    CALL_NUMBER,
    COPIES,
    DIVISION,
    DONOR,
    ISBN,
    PLACE,
    PUBLISHER,
    SHEET,
    SOURCE,
    STATE,
    TITLE,
    YEAR,
)
from reading.services.search import found_by
from reading.services.shelving import place_paths
from reading.states import CopyState
from shuxiang.workbooks.saving import save_whole
from shuxiang.workbooks.writing import Column, Layout, Value, write_sheet

CHUNK = 2_000
# Digits that every database can hold.
ID_LENGTH = 18
COLUMNS = (
    Column(BARCODE, 12),
    Column(CALL_NUMBER, 14),
    Column(ISBN, 15),
    Column(TITLE, 30),
    Column(AUTHOR, 16),
    Column(PUBLISHER, 18),
    Column(YEAR, 7, "count"),
    Column(DIVISION, 18),
    Column(COPIES, 5, "count"),
    Column(PLACE, 16),
    Column(SOURCE, 6, "center"),
    Column(DONOR, 10),
    Column(ACQUIRED, 12, "date"),
    Column(STATE, 6, "center"),
)


def workbook_of(copies: CopyQuerySet, today: date) -> Workbook:
    layout = Layout(SHEET, "图书馆藏清册", f"截至 {today}，每册一行", COLUMNS, frozen=2)
    book = Workbook(write_only=True)
    write_sheet(book, layout, rows(copies))
    return book


def rows(copies: CopyQuerySet) -> Iterator[list[Value]]:
    paths = place_paths()
    found = copies.order_by("barcode").values_list(
        "barcode", "book__call_number", "book__isbn", "book__title", "book__author", "book__publisher", "book__year",
        "book__area__name", "book__clc", "home_id", "source", "donor", "acquired_on", "state",
    )  # fmt: skip
    for code, call, isbn, title, author, publisher, year, area, clc, home, source, donor, day, state in found.iterator(
        CHUNK
    ):
        division = "/".join(filter(None, (area, clc)))
        shown = [code, call, isbn, title, author, publisher, year, division, 1, paths[home]]
        yield [*shown, Source(source).label, donor, day, CopyState(state).label]


def copies_listed(*, words: str, area: str, place: str) -> CopyQuerySet:
    """Those of the titles that a list shows which is searched and filtered so; an id that is none finds none."""
    copies: CopyQuerySet = Copy.objects.all()
    if words:
        copies = copies.filter(book__in=found_by(Book.objects.all(), words))
    for column, chosen in (("book__area", area), ("home", place)):
        if chosen:
            copies = copies.filter(**{column: chosen}) if is_id(chosen) else copies.none()
    return copies


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= ID_LENGTH


def export_books(path: Path, today: date) -> int:
    """Every copy there is or was; their number. Raises OSError."""
    copies = Copy.objects.all()
    save_whole(workbook_of(copies, today), path)
    return copies.count()


def books_content(copies: CopyQuerySet, today: date) -> io.BytesIO:
    content = io.BytesIO()
    workbook_of(copies, today).save(content)
    content.seek(0)
    return content
