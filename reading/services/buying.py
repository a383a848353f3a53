"""A suggestion that was bought comes into the catalogue."""

from datetime import date, datetime

from django.db import transaction

from organization.models import Cadre
from organization.services.lives import IllegalStep
from reading.models import Book, Copy, Place, Suggestion
from reading.services.authority import check_librarian
from reading.services.catalogue import add_copies, find_or_add
from reading.services.numbering import lock_numbers
from reading.services.suggesting import WHAT, decide
from reading.states import SUGGESTION_TRANSITIONS, SuggestionAction, SuggestionState


def buy(
    *, suggestion: Suggestion, count: int, home: Place, acquired_on: date, clc: str, by: Cadre, now: datetime
) -> list[Copy]:
    """Registers the copies, the title too where the catalogue does not know it, and settles the suggestion; gives the
    copies. Raises as `decide` and `add_copies` do."""
    check_librarian(by)
    if (SuggestionState(suggestion.state), SuggestionAction.BUY) not in SUGGESTION_TRANSITIONS:
        raise IllegalStep(WHAT, suggestion.get_state_display(), SuggestionAction.BUY.label)
    with transaction.atomic():
        lock_numbers()  # before the suggestion, as whoever brings in copies settles suggestions last
        book = suggestion.book or find_or_add(book=title_of(suggestion, clc), by=by)
        # First the state: whoever comes second registers nothing.
        decide(suggestion=suggestion, action=SuggestionAction.BUY, by=by, now=now, book=book)
        return add_copies(book=book, count=count, home=home, acquired_on=acquired_on, by=by, now=now)


def title_of(suggestion: Suggestion, clc: str) -> Book:
    return Book(
        title=suggestion.title, isbn=suggestion.isbn, author=suggestion.author, publisher=suggestion.publisher,
        area=suggestion.area, clc=clc,
    )  # fmt: skip
