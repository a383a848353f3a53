"""Writing what comes in: whole pieces at once, with numbers, what is derived from the titles, and events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from organization.models import Cadre
from reading.marc.title import LENGTHS, Title
from reading.models import Book, Copy, CopyEvent, Place
from reading.services.arrivals_wanted import Lot
from reading.services.moving import ClosedPlace, hold_open
from reading.services.numbering import give_numbers, lock_numbers, next_barcodes, note_number
from reading.services.search import DERIVED, derive, store_index
from reading.services.shelving import Shelving
from reading.services.suggesting import settle_suggestions
from reading.states import CopyAction, CopyState
from shuxiang.rows import update_rows
from shuxiang.workbooks.refusal import WorkbookRefused

CHUNK = 500
WORDS = {
    "isbn": "ISBN", "subtitle": "副书名", "author": "作者", "publisher": "出版社", "publication_place": "出版地",
    "year": "出版年", "edition": "版次", "series": "丛书", "extent": "页数", "price": "定价", "keywords": "主题词",
    "summary": "内容简介", "clc": "中图法分类号", "area_id": "主题类别",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coming:
    """So many copies alike of a title."""

    book: Book
    lot: Lot
    origin: str
    place: Place
    count: int


@dataclass
class Arriving:
    """What a piece will write."""

    today: date
    now: datetime
    by: Cadre | None
    shelving: Shelving
    books: list[Book] = field(default_factory=list)
    filled: dict[int, dict[str, object]] = field(default_factory=dict)
    coming: list[Coming] = field(default_factory=list)

    def new_book(self, title: Title, area: int | None) -> Book:
        book = Book(isbn=title.isbn, title=title.title, year=title.year, area_id=area, call_number=title.call_number)
        for name in LENGTHS.keys() - {"title", "call_number"}:
            setattr(book, name, getattr(title, name))
        self.books.append(book)
        return book

    def fill(self, book: Book, found: dict[str, object]) -> list[str]:
        """Says in words what is filled in."""
        for name, value in found.items():
            setattr(book, name, value)
        if found and book.pk is not None:
            self.filled.setdefault(book.pk, {}).update(found)
        return [f"补充{WORDS[name]}" for name in found]


def write_arrivals(arriving: Arriving, last_numbers: dict[str, int]) -> None:
    """Inside the caller's transaction. Raises WorkbookRefused where a place was closed meanwhile."""
    lock_numbers()  # before any place or title is held, as everybody takes these locks
    hold_homes(arriving)
    arriving.shelving.store()
    write_books(arriving.books, last_numbers)
    write_filled(arriving.filled, arriving.now)
    write_copies(arriving)
    settle_suggestions({each.book for each in arriving.coming}, by=arriving.by, now=arriving.now)


def hold_homes(arriving: Arriving) -> None:
    """Where the copies come to, and what new places stand in, stays open until all is written; in the one order in
    which everybody holds places."""
    homes = [each.place for each in arriving.coming]
    around = [place.parent for place in arriving.shelving.new if place.parent is not None]
    known = {place.pk: place for place in [*homes, *around] if place.pk is not None}
    try:
        for pk in sorted(known):
            hold_open(known[pk])
    except ClosedPlace as error:
        raise WorkbookRefused(f"没有导入。{error}") from error


def write_books(books: Sequence[Book], last_numbers: dict[str, int]) -> None:
    """A call number of the file's own is kept unless another title has it."""
    asked = [book.call_number for book in books if book.call_number]
    taken: set[str] = set()
    for start in range(0, len(asked), CHUNK):
        some = asked[start : start + CHUNK]
        taken.update(Book.objects.filter(call_number__in=some).values_list("call_number", flat=True))
    for book in books:
        if book.call_number in taken:
            book.call_number = ""
        elif book.call_number:
            taken.add(book.call_number)
            note_number(book.call_number, last_numbers)
    give_numbers([book for book in books if not book.call_number], last_numbers)
    for book in books:
        derive(book)
    Book.objects.bulk_create(books, batch_size=CHUNK)
    store_index(books)


def write_filled(filled: Mapping[int, dict[str, object]], now: datetime) -> None:
    """Only what is empty still, and nothing else of the title: somebody may have worked on it meanwhile."""
    keys = sorted(filled)
    for start in range(0, len(keys), CHUNK):
        some = Book.objects.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")
        alike: dict[tuple[str, ...], list[Book]] = {}
        for book in some.select_for_update(no_key=True):
            found = {name: value for name, value in filled[book.pk].items() if not getattr(book, name)}
            for name, value in found.items():
                setattr(book, name, value)
            derive(book)
            book.changed_at = now
            alike.setdefault(tuple(name.removesuffix("_id") for name in found), []).append(book)
        for names, books in alike.items():
            if names:
                update_rows(books, [*names, *DERIVED, "changed_at"])
                store_index(books)


def write_copies(arriving: Arriving) -> None:
    """Those without a barcode of their own get the next ones, after all that are given."""
    store_copies(arriving, ((each, each.lot.barcode) for each in arriving.coming if each.lot.barcode))
    waiting = [each for each in arriving.coming if not each.lot.barcode]
    if waiting:
        barcodes = iter(next_barcodes(sum(each.count for each in waiting)))
        store_copies(arriving, ((each, next(barcodes)) for each in waiting for _ in range(each.count)))


def store_copies(arriving: Arriving, numbered: Iterator[tuple[Coming, str]]) -> None:
    """By and by: one row of a register may bring hundreds."""
    while some := list(islice(numbered, CHUNK)):
        copies = Copy.objects.bulk_create(
            Copy(
                book=each.book,
                barcode=barcode,
                home=each.place,
                source=each.lot.source,
                donor=each.lot.donor,
                acquired_on=each.lot.acquired_on or arriving.today,
                origin=each.origin,
            )
            for each, barcode in some
        )
        CopyEvent.objects.bulk_create(
            CopyEvent(
                copy=copy,
                action=CopyAction.REGISTER,
                to_state=CopyState.AVAILABLE,
                to_place_id=copy.home_id,
                at=arriving.now,
                actor=arriving.by,
            )
            for copy in copies
        )
