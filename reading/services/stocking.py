"""How titles and copies come into the catalogue from a purchase or a donation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from organization.models import Cadre
from reading.kinds import Condition, Source
from reading.models import Book, Copy, CopyEvent, DonationItem, Place, SubjectArea
from reading.models.catalogue import BookQuerySet
from reading.services.numbering import lock_numbers, next_barcodes, number_books
from reading.services.search import index_books
from reading.states import CopyAction, CopyState


@dataclass(frozen=True)
class Title:
    """What is known of a book that comes in."""

    title: str
    isbn: str = ""
    author: str = ""
    publisher: str = ""
    area: SubjectArea | None = None
    clc: str = ""


@transaction.atomic
def book_of(title: Title) -> Book:
    """The catalogue's own, by its ISBN, else by the same title and author; entered where there is none."""
    lock_numbers()  # two who bring the same new title enter it once
    same = Book.objects.filter(isbn=title.isbn) if title.isbn else namesakes(title)
    known = same.order_by("pk").first()
    if known is not None:
        return known
    book = Book.objects.create(
        title=title.title, isbn=title.isbn, author=title.author, publisher=title.publisher, area=title.area,
        clc=title.clc,
    )  # fmt: skip
    number_books([book])
    index_books(Book.objects.filter(pk=book.pk))
    return book


def namesakes(title: Title) -> BookQuerySet:
    return Book.objects.filter(title=title.title, author=title.author, isbn="")


@transaction.atomic
def add_copies(
    *,
    book: Book,
    count: int,
    home: Place,
    source: Source,
    acquired_on: date,
    by: Cadre,
    now: datetime,
    condition: str = Condition.GOOD,
    donor: str = "",
    donation_item: DonationItem | None = None,
) -> Sequence[Copy]:
    """On the shelf at once, each with its barcode and the first line of its history."""
    made = Copy.objects.bulk_create(
        Copy(
            book=book, barcode=barcode, home=home, source=source, acquired_on=acquired_on, condition=condition,
            donor=donor, donation_item=donation_item,
        )
        for barcode in next_barcodes(count)
    )  # fmt: skip
    CopyEvent.objects.bulk_create(
        CopyEvent(copy=copy, action=CopyAction.REGISTER, to_state=CopyState.AVAILABLE, to_place=home, at=now, actor=by)
        for copy in made
    )
    return made
