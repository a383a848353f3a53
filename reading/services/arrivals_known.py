"""What the catalogue holds already of the titles and copies that come in."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from reading.models import Book, Copy
from reading.services.arrivals_wanted import Identity, Wanted, identity_of

ASKED = 500


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    unique = list(dict.fromkeys(filter(None, values)))
    for start in range(0, len(unique), ASKED):
        yield unique[start : start + ASKED]


class Known:
    """What the catalogue holds of a piece's titles and copies, in a constant number of queries per 500 rows."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        # The title of a barcode's copy, and its origin.
        self.barcodes: dict[str, tuple[int, str]] = {}
        self.origins: Counter[str] = Counter()
        self.book_of_origin: dict[str, int] = {}
        self.books: dict[int, Book] = {}
        self.by_isbn: dict[str, Book] = {}
        self.by_identity: dict[Identity, Book] = {}
        self.copies: Counter[int] = Counter()
        self.unmarked: Counter[tuple[int, int, str, str, date]] = Counter()
        for some in chunks(lot.barcode for each in wanted for lot in each.lots):
            for code, book, origin in Copy.objects.filter(barcode__in=some).values_list("barcode", "book_id", "origin"):
                self.barcodes[code] = book, origin
        for some in chunks(origin for each in wanted for origin in each.origins):
            for origin, book in Copy.objects.filter(origin__in=some).values_list("origin", "book_id"):
                self.origins[origin] += 1
                self.book_of_origin[origin] = book
        for some in chunks(each.title.isbn for each in wanted):
            self.note(Book.objects.filter(isbn__in=some))
        for some in chunks(each.title.title for each in wanted if not each.title.isbn):
            self.note(Book.objects.filter(title__in=some))
        named = {*self.book_of_origin.values(), *(book for book, _ in self.barcodes.values())}
        missing = list(named - self.books.keys())
        for start in range(0, len(missing), ASKED):
            self.note(Book.objects.filter(pk__in=missing[start : start + ASKED]))
        self.count_copies(list(self.books))

    def note(self, books: Iterable[Book]) -> None:
        for book in books:
            self.books[book.pk] = book
            self.name(book)

    def name(self, book: Book) -> None:
        if book.isbn:
            self.by_isbn[book.isbn] = book
        self.by_identity.setdefault(identity_of(book), book)

    def count_copies(self, books: list[int]) -> None:
        for start in range(0, len(books), ASKED):
            rows = Copy.objects.filter(book__in=books[start : start + ASKED]).values_list(
                "book_id", "home_id", "source", "donor", "acquired_on", "origin"
            )
            for book, home, source, donor, day, origin in rows:
                self.copies[book] += 1
                if not origin:
                    self.unmarked[book, home, source, donor, day] += 1

    def find(self, wanted: Wanted) -> tuple[Book | None, bool]:
        """The title, and whether its own copies say so: then it may have been renamed since."""
        for lot, origin in zip(wanted.lots, wanted.origins, strict=True):
            if lot.barcode in self.barcodes:
                return self.books[self.barcodes[lot.barcode][0]], True
            if origin in self.book_of_origin:
                return self.books[self.book_of_origin[origin]], True
        if wanted.title.isbn:
            return self.by_isbn.get(wanted.title.isbn), False
        return self.by_identity.get(identity_of(wanted.title)), False
