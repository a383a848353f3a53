"""What 已报 means wherever it is said of a person: handed in, and counting or still able to count; 退回 apart."""

from collections.abc import Iterable

from submissions.models import Contributor
from submissions.states import State

HANDED = frozenset({State.PENDING, State.APPROVED})


def handed(books: Iterable[Contributor]) -> int:
    return number(books, HANDED)


def sent_back(books: Iterable[Contributor]) -> int:
    return number(books, {State.RETURNED})


def number(books: Iterable[Contributor], states: Iterable[str]) -> int:
    """Works in these states on which the person's name is confirmed."""
    return sum(book.submission.state in states and is_confirmed(book) for book in books)


def is_confirmed(book: Contributor) -> bool:
    return book.state == Contributor.State.CONFIRMED
