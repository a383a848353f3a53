"""The catalogue as MARC 21 or CNMARC, ISO 2709 or MARCXML by the file's ending."""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pymarc import MARCWriter, XMLWriter

from reading.marc.files import ENDINGS, XML
from reading.marc.making import Made, records_of
from reading.marc.title import LENGTHS, Holding, Title
from reading.models import Book, Copy
from reading.services.shelving import place_paths

CHUNK = 500


def export_marc(path: Path, kind: str, today: date) -> int:
    """Every title with its copies in stock; the number of titles. The file appears whole or not at all.

    Raises OSError, and KeyError where the ending tells no form.
    """
    writer_of = XMLWriter if ENDINGS[path.suffix.lower()] == XML else MARCWriter
    draft = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    count = 0
    try:
        with draft.open("wb") as file:
            writer = writer_of(file)
            for made in titles():
                count += 1
                for record in records_of(made, kind, today):
                    writer.write(record)
            writer.close(close_fh=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def titles() -> Iterator[Made]:
    paths = place_paths()
    for books in batched_books():
        holdings: dict[int, list[Holding]] = defaultdict(list)
        copies = Copy.objects.in_stock().filter(book__in=[book.pk for book in books]).order_by("barcode")
        for book_id, barcode, home in copies.values_list("book_id", "barcode", "home_id"):
            holdings[book_id].append(Holding(barcode, paths[home]))
        for book in books:
            known = {name: getattr(book, name) for name in LENGTHS}
            yield Made(book.pk, Title(isbn=book.isbn, year=book.year, holdings=holdings[book.pk], **known))


def batched_books() -> Iterator[list[Book]]:
    """In order of their numbers, a few at a time: the list may grow while it is read."""
    last = 0
    while books := list(Book.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield books
        last = books[-1].pk
