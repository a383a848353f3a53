"""What a search of the catalogue looks at: one stored text per title, with pinyin and initials beside the Chinese;
and the key that its lists are ordered by.

An index of the texts' pieces names the titles worth looking at, so that a search of 200,000 titles reads a few of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When

from reading.models import Book
from reading.models.catalogue import BookQuerySet
from reading.services import grams
from shuxiang.ordering import sort_key
from shuxiang.rows import update_rows
from shuxiang.searches import grams_of, text_of, words_of

CHUNK = 500
# What follows from what people type.
DERIVED = ("search_text", "sort_key")
# What stands between the names of a book's authors; 阿依努尔·克里木 is one.
BETWEEN = re.compile(r"[^\w·]+")


def found_by(books: BookQuerySet, query: str) -> BookQuerySet:
    """The titles that hold every word of the query somewhere; none where it has no word at all."""
    words = words_of(query)
    if not words:
        return books.none()
    named = grams.candidates(words)
    if named is not None:
        books = books.filter(pk__in=named)
    for word in words:
        books = books.filter(search_text__contains=word)
    return books


def by_relevance(query: str) -> list[Case]:
    """What a search is ordered by before the titles' names: first a title that is the query or one of its words, then
    what is spelled so, then what begins so. Only plain letters can be a spelling, and those of an author count too."""
    words = words_of(query)
    exact, spelled, begun = Q(), Q(), Q()
    # The text's first line is the title.
    for meant in dict.fromkeys(filter(None, ["".join(words), *words])):
        exact |= Q(search_text=meant) | Q(search_text__startswith=f"{meant}\n")
        begun |= Q(search_text__startswith=meant)
        if meant.isascii():
            line = f"\n{meant}"
            spelled |= Q(search_text__contains=f"{line}\n") | Q(search_text__endswith=line)
            begun |= Q(search_text__contains=line)
    ranks = [When(found, then=Value(rank)) for rank, found in enumerate([exact, spelled, begun]) if found]
    return [Case(*ranks, default=Value(3), output_field=IntegerField())] if ranks else []


def search_text_of(book: Book) -> str:
    """Titles and authors are spelled as they are usually read, each author in all readings too (曾 ceng and zeng)."""
    read = [book.title, book.subtitle, book.author]
    return text_of(read, BETWEEN.split(book.author), [book.publisher, book.series, book.keywords, book.isbn,
                                                      book.call_number])  # fmt: skip


def derive(book: Book) -> None:
    """Sets what follows from the title's other columns (`DERIVED`); whoever stores these stores it too."""
    book.search_text, book.sort_key = search_text_of(book), sort_key(book.title)


def index_books(books: BookQuerySet) -> int:
    """Brings text, key and index of these titles up to date and gives the number of those that were not; whoever
    makes or changes titles calls it in the same transaction. Of any number only some are in memory at a time."""
    changed = 0
    for keys in parts_of(books):
        with transaction.atomic():
            behind = outdated(Book.objects.select_for_update().filter(pk__in=keys))
            update_rows(behind, DERIVED)
            if grams.has_index():
                grams.store({book.pk: book.search_text for book in behind})
        changed += len(behind)
    return changed


def store_index(books: Sequence[Book]) -> None:
    """Of titles that were just stored with their texts: for bringing in many, as `index_books` reads them again."""
    if grams.has_index():
        for start in range(0, len(books), CHUNK):
            grams.store({book.pk: book.search_text for book in books[start : start + CHUNK]})


@dataclass(frozen=True)
class Agreement:
    """Of how many titles text, key or index are not as they should be, and how many rows of the index have no title."""

    titles: int
    outdated: int
    gone: int


def compare_index() -> Agreement:
    """Writes nothing."""
    behind = sum(len(outdated(Book.objects.filter(pk__in=keys))) for keys in parts_of(Book.objects.all()))
    return Agreement(Book.objects.count(), behind, grams.count_gone() if grams.has_index() else 0)


def repair_index() -> Agreement:
    """Makes a lost index anew, brings every title up to date and forgets those that are gone; tells what it mended."""
    gone = grams.count_gone() if grams.create_index() else 0
    if gone:
        grams.forget_gone()
    return Agreement(Book.objects.count(), index_books(Book.objects.all()), gone)


def parts_of(books: BookQuerySet) -> Iterator[Sequence[int]]:
    keys = list(books.order_by("pk").values_list("pk", flat=True))
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def outdated(books: Iterable[Book]) -> list[Book]:
    """Those whose text, key or index is another than it should be, with the right text and key set."""
    found = list(books)
    known = grams.stored([book.pk for book in found]) if grams.has_index() else None
    behind = []
    for book in found:
        before = book.search_text, book.sort_key
        derive(book)
        is_known = known is None or known.get(book.pk) == grams_of(book.search_text)
        if (book.search_text, book.sort_key) != before or not is_known:
            behind.append(book)
    return behind
