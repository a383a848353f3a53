"""What a search of the catalogue looks at: one stored text per title, with pinyin and initials beside the Chinese."""

from reading.models import Book
from reading.models.catalogue import BookQuerySet
from shuxiang.searches import text_of, words_of

CHUNK = 500


def found_by(books: BookQuerySet, query: str) -> BookQuerySet:
    """The titles that hold every word of the query somewhere; none where it has no word at all."""
    words = words_of(query)
    if not words:
        return books.none()
    for word in words:
        books = books.filter(search_text__contains=word)
    return books


def search_text_of(book: Book) -> str:
    named = [book.title, book.subtitle, book.author]
    return text_of(named, [], [book.publisher, book.series, book.keywords, book.isbn, book.call_number])


def index_books(books: BookQuerySet) -> int:
    """Writes the text of those where it is another now, and gives their number; whoever changes a title calls it in
    the same transaction."""
    changed = 0
    for book in books.order_by("pk").iterator(CHUNK):
        text = search_text_of(book)
        if text != book.search_text:
            changed += Book.objects.filter(pk=book.pk).update(search_text=text)
    return changed
