"""The register of books as titles and copies, each with the event of its coming in; covers of some."""

import hashlib
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from reading.kinds import Source
from reading.models import Book, Copy, CopyEvent, Picture, Place, SubjectArea
from reading.services.numbering import next_barcodes, number_books
from reading.services.search import index_books
from reading.states import CopyAction, CopyState
from shuxiang.demo.covers import EMBLEMS, HEIGHT, WIDTH, Cover
from shuxiang.demo.library import AWAITED, POPULAR, Shelved, invent_books
from shuxiang.demo_reading.moments import Office
from shuxiang.uploads import random_name

SOURCES = {source.label: source for source in Source}
CLOTHS = ("#3E5C76", "#6B4E3D", "#3B6B5B", "#7A3B3F", "#4A4E69", "#8A6D3B")


def bring_in(office: Office) -> None:
    lines = invent_books(office.today)
    areas = {area.name: area for area in SubjectArea.objects.all()}
    books = {
        each.title: Book(
            isbn=each.isbn, title=each.title, author=each.author, publisher=each.publisher, year=each.year,
            area=areas.get(each.area), clc=each.clc,
        )
        for each in reversed(lines)
    }  # fmt: skip
    made = Book.objects.bulk_create(books[title] for title in dict.fromkeys(each.title for each in lines))
    number_books(made)
    index_books(Book.objects.all())
    shelve(lines, books, office)


def shelve(lines: Sequence[Shelved], books: dict[str, Book], office: Office) -> None:
    places = {place.name: place for place in Place.objects.all()}
    barcodes = iter(next_barcodes(sum(each.copies for each in lines)))
    copies = Copy.objects.bulk_create(
        Copy(
            book=books[each.title], barcode=next(barcodes), home=places[each.place], source=SOURCES[each.source],
            donor=each.donor, acquired_on=each.acquired,
        )
        for each in lines
        for _ in range(each.copies)
    )  # fmt: skip
    CopyEvent.objects.bulk_create(
        CopyEvent(
            copy=copy, action=CopyAction.REGISTER, at=office.at(copy.acquired_on), actor=office.librarian,
            to_state=CopyState.AVAILABLE, to_place=copy.home,
        )
        for copy in copies
    )  # fmt: skip


def draw_covers(office: Office) -> None:
    """Of the books that people ask for. What is drawn here needs no drawing anew, as a stranger's picture does."""
    for place, title in enumerate(POPULAR + AWAITED):
        book = Book.objects.filter(title=title, cover__isnull=True).first()
        if book is not None:
            content = Cover(sorted(EMBLEMS)[place % len(EMBLEMS)], CLOTHS[place % len(CLOTHS)]).jpeg()
            Picture.objects.create(
                book=book, file=default_storage.save(random_name(None, ""), ContentFile(content)),
                original_name=f"封面-{title}.jpg", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
                width=WIDTH, height=HEIGHT, uploaded_by=office.librarian, created_at=office.now,
            )  # fmt: skip
