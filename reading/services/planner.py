"""The buying list (选购清单): what people would have the office buy, ranked, against the shortfall of the year.

Suggestions and holds are known here; floors above add sources of their own with `add_source` when they start.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from organization.models import Cadre
from reading.models import Book, Copy, Hold, SubjectArea, Suggestion
from reading.renewal import Renewal
from reading.services.authority import check_librarian
from reading.services.suggesting import decide, suggest
from reading.states import SuggestionAction, SuggestionState
from shuxiang.searches import bare


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


Provider = Callable[[], Iterable[Candidate]]
_sources: list[Provider] = []


def add_source(provider: Provider) -> None:
    """Once, when the portal starts."""
    if provider not in _sources:
        _sources.append(provider)


@dataclass
class Row:
    """Candidates of one book, taken together. `counts`: buying it lessens the shortfall."""

    group: str
    title: str
    isbn: str
    counts: bool
    is_here: bool
    author: str = ""
    publisher: str = ""
    people: frozenset[int] = frozenset()
    since: datetime | None = None
    reasons: list[str] = field(default_factory=list)
    basis: str = ""
    area_id: int | None = None
    suggestion_id: int | None = None
    book_id: int | None = None

    @property
    def key(self) -> str:
        """Short, for a form's names."""
        return sha256(self.group.encode()).hexdigest()[:12]

    @property
    def interest(self) -> int:
        return len(self.people)

    @property
    def kind(self) -> str:
        return "新书目" if self.counts else "加购复本" if self.is_here else "补购旧目"


@dataclass(frozen=True)
class Known:
    """What the catalogue says of the candidates' titles; `areas` by book."""

    by_isbn: Mapping[str, int]
    by_name: Mapping[str, int]
    areas: Mapping[int, int | None]


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


def from_above(bases: set[str]) -> list[Candidate]:
    """Without those that have become a suggestion."""
    found = [candidate for source in _sources for candidate in source()]
    return [each for each in found if not each.basis or each.basis not in bases]


def name_of(title: str, author: str) -> str:
    """By which a book without ISBN is known again; where nobody named an author, by its title alone."""
    return f"{bare(title)}\n{bare(author)}"


def known_titles() -> Known:
    by_isbn: dict[str, int] = {}
    by_name: dict[str, int] = {}
    areas: dict[int, int | None] = {}
    for pk, isbn, title, author, area in Book.objects.order_by("pk").values_list(
        "pk", "isbn", "title", "author", "area_id"
    ):
        areas[pk] = area
        if isbn:
            by_isbn[isbn] = pk
        by_name.setdefault(name_of(title, author), pk)
        by_name.setdefault(name_of(title, ""), pk)
    return Known(by_isbn, by_name, areas)


@dataclass(frozen=True)
class Plan:
    """`rows` are what may be chosen, ranked; `chosen` are suggestions on the list, told apart like them; `lines` the
    list itself."""

    renewal: Renewal
    rows: list[Row]
    chosen: list[Row]
    lines: list[Listed]
    areas: list[tuple[str, int, int, int]]

    @property
    def planned(self) -> int:
        return sum(row.counts for row in self.chosen)

    @property
    def missing(self) -> int:
        """What is short even when all that is chosen has come."""
        return max(0, self.renewal.shortfall - self.planned)


def plan(renewal: Renewal) -> Plan:
    """`renewal` is the running year's."""
    wishes = suggested()
    known = known_titles()
    listed = merged(wishes.chosen, known, renewal)
    taken = {row.group for row in listed}
    found = merged([*wishes.undecided, *waited_for(), *from_above(wishes.bases)], known, renewal)
    rows = [row for row in found if row.group not in taken]
    return Plan(renewal, rows, listed, wishes.lines, balance(renewal, known, listed))


def merged(found: Sequence[Candidate], known: Known, renewal: Renewal) -> list[Row]:
    """One row per book, most people first, then the longest waiting. What is in stock is left out, unless people wait
    for it or somebody asked for more copies of it."""
    rows: dict[str, Row] = {}
    names: dict[str, str] = {}
    for each in sorted(found, key=lambda one: not one.isbn):
        name = name_of(each.title, each.author)
        book = each.book_id or known.by_isbn.get(each.isbn) or (None if each.isbn else known.by_name.get(name))
        is_here = book in renewal.closing
        if is_here and each.book_id is None:
            continue
        group = f"b{book}" if book else each.isbn or names.get(name) or name
        names.setdefault(name, group)
        if group not in rows:
            counts = book is None or (book not in renewal.base and book not in renewal.new)
            rows[group] = Row(group, each.title, each.isbn, counts=counts, is_here=is_here, book_id=book)
        add(rows[group], each)
    return sorted(rows.values(), key=lambda row: (-row.interest, row.since.timestamp() if row.since else 0, row.group))


def balance(renewal: Renewal, known: Known, chosen: Sequence[Row]) -> list[tuple[str, int, int, int]]:
    """Of each subject area: titles in stock, new this year, chosen; what has no area comes last."""
    stock = Counter(known.areas.get(book) for book in renewal.closing)
    new = Counter(known.areas.get(book) for book in renewal.new)
    planned = Counter(row.area_id for row in chosen if row.counts)
    names: list[tuple[int | None, str]] = list(SubjectArea.objects.values_list("pk", "name"))
    if stock[None] or new[None] or planned[None]:
        names.append((None, "未分类"))
    return [(name, stock[pk], new[pk], planned[pk]) for pk, name in names]


def add(row: Row, each: Candidate) -> None:
    row.people |= each.people
    row.reasons += [each.reason] if each.reason and each.reason not in row.reasons else []
    row.since = min(filter(None, [row.since, each.since]), default=None)
    row.basis = row.basis or each.basis
    row.area_id = row.area_id or each.area_id
    row.author, row.publisher = row.author or each.author, row.publisher or each.publisher
    row.suggestion_id = row.suggestion_id or each.suggestion_id


@dataclass(frozen=True)
class Picked:
    """`price` is that of one copy, None where nobody knows it yet."""

    row: Row
    copies: int
    price: Decimal | None

    @property
    def sum(self) -> Decimal:
        return self.copies * (self.price or Decimal(0))


@transaction.atomic
def choose(*, picked: Sequence[Picked], by: Cadre, now: datetime) -> list[Suggestion]:
    """列入选购: suggestions become chosen; what else was picked becomes a suggestion of the office first."""
    check_librarian(by)
    chosen = []
    for each in picked:
        row = each.row
        if row.suggestion_id:
            suggestion = Suggestion.objects.get(pk=row.suggestion_id)
        else:
            suggestion = suggest(
                by=by, title=row.title, isbn=row.isbn, author=row.author, publisher=row.publisher, now=now,
                area=SubjectArea.objects.filter(pk=row.area_id or 0).first(), reason="；".join(row.reasons),
                basis=row.basis, more=True,
            ).suggestion  # fmt: skip
        if suggestion.book_id is None and row.book_id is not None:
            Suggestion.objects.filter(pk=suggestion.pk).update(book=row.book_id)
        decide(
            suggestion=suggestion, action=SuggestionAction.CHOOSE, by=by, now=now, copies=each.copies, price=each.price
        )
        chosen.append(suggestion)
    return chosen


def buying_list() -> QuerySet[Suggestion]:
    """What is chosen and not yet in, the oldest first."""
    return Suggestion.objects.chosen().select_related("area", "book").order_by("suggested_at", "pk")
