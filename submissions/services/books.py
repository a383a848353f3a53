"""The catalogue's titles that works are about: found for a form, and the works for a title's page."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from reading.isbn import BadIsbn, check_ten, normalise
from reading.models import Book, Copy
from reading.models.catalogue import BookQuerySet
from reading.services.search import by_relevance, found_by
from shuxiang.periods import written
from shuxiang.typography import quoted, unquoted
from submissions.kinds import Grade, Kind
from submissions.models import Contributor, Submission, Version
from submissions.models.submission import cloth_of

OFFERED, SHOWN = 8, 10
ABOUT_BOOKS = (Kind.ESSAY, Kind.RECOMMENDATION)


def with_stock(books: QuerySet[Book]) -> QuerySet[Book]:
    """Adds `is_here`: whether the office has a copy."""
    return books.annotate(is_here=Exists(Copy.objects.in_stock().filter(book=OuterRef("pk"))))


def find_books(query: str) -> list[Book]:
    """The first few by ISBN where the query is one, else by words and pinyin; each with `is_here`."""
    books = Book.objects.all()
    assert isinstance(books, BookQuerySet)
    try:
        isbn = normalise(query)
    except BadIsbn:
        isbn = ""
    found = books.filter(isbn=isbn) if isbn else found_by(books, query)
    return list(with_stock(found).order_by(*by_relevance(query), "sort_key", "pk")[:OFFERED])


class About(NamedTuple):
    """A work on a book's page."""

    id: int
    cloth: int
    title: str
    kind: str
    is_excellent: bool
    author: str
    day: str


def works_about(book: Book) -> tuple[list[About], bool]:
    """Shown essays and recommendations about the title, newest first, and whether there are more; one query."""
    same = Version.objects.newest().filter(about(book), submission=OuterRef("pk"))
    main = Contributor.objects.filter(submission=OuterRef("pk"), position=0)
    works = Submission.objects.showcased().filter(Exists(same), kind__in=ABOUT_BOOKS)
    rows = (
        works.annotate(name=Subquery(main.values("cadre__name")[:1]))
        .order_by("-credit_date", "-id")
        .values_list("id", "title", "kind", "grade", "name", "credit_date")[: SHOWN + 1]
    )
    found = [
        About(id, cloth_of(id), title, Kind(kind).short, grade == Grade.EXCELLENT, name or "",
              written(day))
        for id, title, kind, grade, name, day in rows
        if day is not None
    ]  # fmt: skip
    return found[:SHOWN], len(found) > SHOWN


def about(book: Book) -> Q:
    """Versions that name the title: by their link, by its ISBN, or by exactly its name, with 《》 or without.

    Who is linked to another title means that one. Part of a name is no sign: 《史记》 is not 《史记选》.
    """
    name = book.title.strip()
    names = [unquoted(name), quoted(name)]
    named = Q(book_title__in=names) | Q(book_title="", submission__kind=Kind.RECOMMENDATION, title__in=names)
    if book.isbn:
        named |= Q(isbn__in=ways_to_write(book.isbn))
    return Q(book=book) | (Q(book__isnull=True) & named)


def ways_to_write(isbn: str) -> list[str]:
    """Thirteen digits, and the ten that older books bear."""
    stem = isbn[3:12]
    return [isbn, stem + check_ten(stem)] if isbn.startswith("978") else [isbn]
