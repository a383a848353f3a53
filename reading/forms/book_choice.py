"""The choice of a book by words or from the catalogue, in the forms of plans and reading leads."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from organization.desk import is_id
from reading.isbn import BadIsbn, normalise
from reading.models import Book
from reading.services.search import by_relevance, found_by
from shuxiang.fields import LineField
from shuxiang.searches import bare, words_of

MATCHES = 8
# Of days that somebody plans.
YEARS = (2000, 2099)


class BookChoice(forms.Form):
    """A book by its words, or the catalogue's where one is chosen or its ISBN is typed."""

    title = LineField("书名或 ISBN", 200, required=False)
    author = LineField("作者", 200, required=False)
    book = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, catalogue: "Catalogue", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalogue = catalogue
        self.matches: list[Book] = []
        self.meant: Book | None = None
        self.searched = False

    @property
    def find(self) -> str:
        """What the button sends that looks for the words of this form, one of several perhaps."""
        place = (self.prefix or "").rpartition("-")[2]
        return f"find:{place}" if place else "find"

    @property
    def chosen(self) -> Book | None:
        """The catalogue's book that the form holds now, or that its words name exactly."""
        return self.catalogue.by_key.get(str(self["book"].value() or "")) or self.meant

    @property
    def offered(self) -> list[Book]:
        """What it lets choose from: its own book and what was found."""
        chosen = self.chosen
        return self.matches if chosen is None or chosen in self.matches else [chosen, *self.matches]

    def look_up(self) -> None:
        """What the catalogue offers for the words: the very ISBN, or titles and authors that hold them. The one that
        they name exactly is chosen, where none was."""
        words = str(self["title"].value() or "")
        self.searched = True
        if isbn := isbn_in(words):
            self.matches = list(Book.objects.filter(isbn=isbn))
        else:
            words = words[:100]
            found = found_by(Book.objects.all(), words)
            self.matches = list(found.order_by(*by_relevance(words), "sort_key", "pk")[:MATCHES])
        exact = [book for book in self.matches if isbn or bare(book.title) == bare(words)]
        if self.chosen is None and len(exact) == 1:
            self.meant = exact[0]

    def named(self) -> tuple[str, str, Book | None]:
        """Title, author and the catalogue's book, of a form that was cleaned."""
        title = self.cleaned_data.get("title", "")
        book = self.catalogue.by_key.get(self.cleaned_data.get("book", ""))
        if book is None or not is_about(book, title):
            book = self.catalogue.by_isbn.get(isbn_in(title))
        return (book.title, book.author, book) if book else (title, self.cleaned_data.get("author", ""), None)


def is_about(book: Book, words: str) -> bool:
    """Whether what was typed can mean the book; else its title was typed over after the book was chosen."""
    if isbn := isbn_in(words):
        return isbn == book.isbn
    text = book.search_text + bare(book.title + book.author)
    return all(word in text for word in words_of(words))


class Catalogue:
    """The catalogue's books that the rows of a form name, by key and by ISBN; two queries."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        keys = {str(row.get("book") or "") for row in rows}
        self.by_key = {str(pk): book for pk, book in Book.objects.in_bulk(list(filter(is_id, keys))).items()}
        isbns = {isbn_in(str(row.get("title") or "")) for row in rows} - {""}
        self.by_isbn = {book.isbn: book for book in Book.objects.filter(isbn__in=isbns)} if isbns else {}


def isbn_in(words: str) -> str:
    """The ISBN that the words are; empty where they are none."""
    try:
        return normalise(words)
    except BadIsbn:
        return ""
