"""What the buying list chooses from: suggestions, queues, and what floors above add when they start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery

from reading.models import Copy, Hold, Suggestion
from reading.states import SuggestionState


@dataclass(frozen=True)
class Candidate:
    """A book that somebody has a reason to buy. `people` are keys of the cadres interested; `basis` is the number of
    what it follows from, if anything; `since` is when the first of them said so."""

    title: str
    isbn: str = ""
    author: str = ""
    publisher: str = ""
    reason: str = ""
    people: frozenset[int] = frozenset()
    basis: str = ""
    since: datetime | None = None
    area_id: int | None = None
    suggestion_id: int | None = None
    # Where people wait for a title that is there.
    book_id: int | None = None
    in_stock: int = 0


# What a source offers on a day.
Provider = Callable[[date], Iterable[Candidate]]
_sources: list[Provider] = []


def add_source(provider: Provider) -> None:
    """Once, when the portal starts."""
    if provider not in _sources:
        _sources.append(provider)


class Listed(NamedTuple):
    """A line of the buying list."""

    suggestion_id: int
    title: str
    author: str
    isbn: str
    area: str | None
    copies: int
    price: Decimal | None


@dataclass
class Suggestions:
    """`undecided` may be chosen, `chosen` are on the list, with its lines; `bases` have become a suggestion, whatever
    was decided on it."""

    undecided: list[Candidate] = field(default_factory=list)
    chosen: list[Candidate] = field(default_factory=list)
    lines: list[Listed] = field(default_factory=list)
    bases: set[str] = field(default_factory=set)


def suggested() -> Suggestions:
    """One query whatever there is and however many votes."""
    asked = Suggestion.objects.filter(Q(state__in=[SuggestionState.OPEN, SuggestionState.CHOSEN]) | ~Q(basis=""))
    rows = asked.order_by("suggested_at", "pk").values_list(
        "pk", "state", "title", "isbn", "author", "publisher", "basis", "suggested_at", "area_id", "book_id",
        "suggested_by_id", "votes__cadre_id", "area__name", "copies", "price",
    )  # fmt: skip
    found = Suggestions()
    people: dict[int, set[int]] = {}
    firsts: dict[int, tuple[str, Candidate]] = {}
    for pk, state, title, isbn, author, publisher, basis, since, area, book, by, voter, name, copies, price in rows:
        found.bases.add(basis)
        people.setdefault(pk, {by}).update({voter} - {None})
        if pk not in firsts:
            each = Candidate(title, isbn, author, publisher, basis=basis, since=since, area_id=area)
            firsts[pk] = (state, replace(each, suggestion_id=pk, book_id=book))
            if state == SuggestionState.CHOSEN:
                found.lines.append(Listed(pk, title, author, isbn, name, copies, price))
    lists = {SuggestionState.OPEN: found.undecided, SuggestionState.CHOSEN: found.chosen}
    for pk, (state, each) in firsts.items():
        if state in lists:
            reason = f"荐购，{len(people[pk])} 人想看"
            lists[SuggestionState(state)].append(replace(each, people=frozenset(people[pk]), reason=reason))
    return found


def waited_for() -> list[Candidate]:
    """Titles with a queue, one query for all."""
    copies = Copy.objects.in_stock().filter(book=OuterRef("book")).order_by().values("book")
    rows = Hold.objects.waiting().values_list(
        "book_id", "cadre_id", "placed_at", "book__title", "book__isbn", "book__author", "book__publisher",
        "book__area_id", Subquery(copies.annotate(number=Count("pk")).values("number")),
    )  # fmt: skip
    people: dict[int, set[int]] = {}
    found: dict[int, Candidate] = {}
    for book, cadre, since, title, isbn, author, publisher, area, number in rows:
        people.setdefault(book, set()).add(cadre)
        found.setdefault(
            book, Candidate(title, isbn, author, publisher, "", since=since, area_id=area, book_id=book,
                            in_stock=number or 0)
        )  # fmt: skip
    return [
        replace(each, people=frozenset(people[book]), reason=f"{len(people[book])} 人排队，在藏 {each.in_stock} 册")
        for book, each in found.items()
    ]


def from_above(bases: set[str], today: date) -> list[Candidate]:
    """Without those that have become a suggestion."""
    found = [candidate for source in _sources for candidate in source(today)]
    return [each for each in found if not each.basis or each.basis not in bases]
