"""The catalogue as readers leaf through it: filters, what each of them would leave, and the rows of a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Substr, Upper

from reading.isbn import BadIsbn, normalise
from reading.kinds import CLC_CLASSES
from reading.models import Book, Copy
from reading.models.catalogue import BookQuerySet, CopyQuerySet
from reading.services.barcodes import copy_by
from reading.services.search import by_relevance, found_by
from reading.states import CopyState
from shuxiang.rows import by_code_point
from shuxiang.searches import searched

NEW_DAYS = 90
# A search with more hits than these shows them all, page by page, but counts no further.
COUNTED = 5000
NAMED_PLACES = 2
SORTS = {"title": "按书名", "new": "新入藏在前"}
AREA, CLC, PLACE, ON_SHELF, NEW, ALL = "area", "clc", "place", "free", "new", "all"


@dataclass(frozen=True)
class Filter:
    """What the catalogue shows, as its address says; anything unknown there is left out.

    Place, on the shelf and new are asked of one and the same copy.
    """

    text: str = ""
    area: int | None = None
    place: int | None = None
    clc: str = ""
    on_shelf: bool = False
    new: bool = False
    sort: str = "title"

    @classmethod
    def read(cls, address: Mapping[str, str]) -> Self:
        clc, sort = address.get(CLC, ""), address.get("sort", "")
        return cls(
            searched(address),
            number_of(address.get(AREA, "")),
            number_of(address.get(PLACE, "")),
            clc if clc in CLC_CLASSES else "",
            address.get(ON_SHELF) == "1",
            address.get(NEW) == "1",
            sort if sort in SORTS else "title",
        )

    @property
    def is_empty(self) -> bool:
        return self == Filter(sort=self.sort)

    @property
    def parts(self) -> dict[str, str]:
        parts = {
            "q": self.text,
            AREA: str(self.area or ""),
            PLACE: str(self.place or ""),
            CLC: self.clc,
            ON_SHELF: "1" if self.on_shelf else "",
            NEW: "1" if self.new else "",
            "sort": "" if self.sort == "title" else self.sort,
        }
        return {name: part for name, part in parts.items() if part}

    @property
    def address(self) -> str:
        return urlencode(self.parts)

    def sorts(self) -> Iterator[tuple[str, str, bool]]:
        for key, label in SORTS.items():
            label = "最相关在前" if key == "title" and self.text else label
            yield label, replace(self, sort=key).address, key == self.sort

    def titles(self, today: date) -> BookQuerySet:
        """The titles that the filter leaves, in no order."""
        books: BookQuerySet = Book.objects.all().order_by()
        if self.text:
            books = found_by(books, self.text)
        if self.area:
            books = books.filter(area=self.area)
        if self.clc:
            books = books.filter(clc__istartswith=self.clc)
        if self.place or self.on_shelf or self.new:
            books = books.filter(pk__in=self.copies(today).values("book"))
        return books

    def copies(self, today: date) -> CopyQuerySet:
        copies: CopyQuerySet = Copy.objects.all().order_by()
        copies = copies.available() if self.on_shelf else copies.in_stock()
        if self.place:
            copies = copies.filter(home=self.place)
        if self.new:
            copies = copies.filter(acquired_on__gt=today - timedelta(days=NEW_DAYS))
        return copies

    def found(self, today: date) -> BookQuerySet:
        books = self.titles(today)
        if self.sort == "title":
            return books.order_by(*by_relevance(self.text), "sort_key", "id")
        newest = Copy.objects.filter(book=OuterRef("pk")).order_by().values("book").annotate(day=Max("acquired_on"))
        return books.annotate(newest=Subquery(newest.values("day"))).order_by(F("newest").desc(nulls_last=True), "-id")


def number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


class Choice(NamedTuple):
    """`number` is what it would leave under all the other filters; None where there was too much to count."""

    label: str
    number: int | None
    address: str
    is_chosen: bool


class Facets(NamedTuple):
    """`total` is None where a search found more than `COUNTED` titles."""

    total: int | None
    groups: list[tuple[str, list[Choice]]]


def facets(chosen: Filter, today: date) -> Facets:
    """All counts in one query."""
    rows = counting(chosen, today)
    total = next((count for facet, *_, count in rows if facet == ALL), 0)
    is_capped = bool(chosen.text) and total >= COUNTED

    def choice(label: str, count: int, picked: Filter, dropped: Filter, is_chosen: bool) -> Choice:
        return Choice(label, None if is_capped else count, (dropped if is_chosen else picked).address, is_chosen)

    def of(facet: str) -> list[tuple[str, str, int]]:
        found = [(rank, label, key, count) for kind, key, label, rank, count in rows if kind == facet and key]
        return [(key, label, count) for rank, label, key, count in sorted(found)]

    counted = {facet: count for facet, _, _, _, count in rows}
    copies = [
        choice("在架可借", counted.get(ON_SHELF, 0), replace(chosen, on_shelf=True), replace(chosen, on_shelf=False),
               chosen.on_shelf),
        choice(f"近 {NEW_DAYS} 天新书", counted.get(NEW, 0), replace(chosen, new=True), replace(chosen, new=False),
               chosen.new),
    ]  # fmt: skip
    areas = [
        choice(label, count, replace(chosen, area=int(key)), replace(chosen, area=None), chosen.area == int(key))
        for key, label, count in of(AREA)
    ]
    places = [
        choice(label, count, replace(chosen, place=int(key)), replace(chosen, place=None), chosen.place == int(key))
        for key, label, count in of(PLACE)
    ]
    classes = [
        choice(f"{key} {CLC_CLASSES[key]}", count, replace(chosen, clc=key), replace(chosen, clc=""), chosen.clc == key)
        for key, _, count in of(CLC)
        if key in CLC_CLASSES
    ]
    groups = [("馆藏", copies), ("主题类别", areas), ("地点", places), ("中图法分类", classes)]
    return Facets(None if is_capped else total, [(label, choices) for label, choices in groups if choices])


def counting(chosen: Filter, today: date) -> list[tuple[str, str, str, int, int]]:
    """Rows of (facet, key, label, rank, count), each facet counted under all filters but its own."""

    def titles(filters: Filter) -> QuerySet[Book]:
        books = filters.titles(today)
        # A search is asked in the innermost place, where a limit ends it early.
        return Book.objects.order_by().filter(pk__in=books.values("pk")[:COUNTED]) if filters.text else books

    def counted(books: QuerySet[Any], facet: str, key: Any, label: Any, rank: Any, what: Any) -> QuerySet[Any, Any]:
        text, number = CharField(), IntegerField()
        named = books.annotate(
            facet=Value(facet, text), key=Cast(key, text), label=Cast(label, text), rank=Cast(rank, number)
        )
        return named.values("facet", "key", "label", "rank").annotate(total=what)

    nothing, first = Value(""), Value(0)
    number = Count("pk")
    within = replace(chosen, place=None)
    at_places = within.copies(today)
    if chosen.text or chosen.area or chosen.clc:
        at_places = at_places.filter(book__in=titles(replace(within, on_shelf=False, new=False)).values("pk"))
    letter = Upper(Substr("clc", 1, 1))
    parts = [
        counted(titles(chosen), ALL, nothing, nothing, first, number),
        counted(titles(replace(chosen, area=None)), AREA, F("area"), F("area__name"), F("area__position"), number),
        counted(titles(replace(chosen, clc="")), CLC, letter, nothing, first, number),
        counted(at_places, PLACE, F("home"), F("home__name"), F("home__position"), Count("book", distinct=True)),
        counted(titles(replace(chosen, on_shelf=True)), ON_SHELF, nothing, nothing, first, number),
        counted(titles(replace(chosen, new=True)), NEW, nothing, nothing, first, number),
    ]
    union = parts[0].union(*parts[1:], all=True)
    return [(row["facet"], row["key"] or "", row["label"] or "", row["rank"] or 0, row["total"]) for row in union]


class Row(NamedTuple):
    """A title in the list. `free` of `stock` copies are on the shelf, at `places`."""

    book: Book
    stock: int
    free: int
    places: str


def rows_of(books: Sequence[Book]) -> list[Row]:
    """One query for the copies of all."""
    ranked = Case(When(state=CopyState.AVAILABLE, then=0), default=1, output_field=IntegerField())
    counted = (
        Copy.objects.in_stock()
        .filter(book__in=[book.pk for book in books])
        .values("book", "state", "home__name")
        .annotate(number=Count("pk"), rank=ranked)
        .order_by("rank", "-number", by_code_point("home__name"))
    )
    found: dict[int, list[Any]] = {}
    for row in counted:
        found.setdefault(row["book"], []).append(row)
    return [row_of(book, found.get(book.pk, [])) for book in books]


def row_of(book: Book, copies: Sequence[Mapping[str, Any]]) -> Row:
    free = sum(copy["number"] for copy in copies if copy["state"] == CopyState.AVAILABLE)
    names = list(dict.fromkeys(copy["home__name"] for copy in copies))
    return Row(book, sum(copy["number"] for copy in copies), free, few(names))


def few(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMED_PLACES])
    return f"{shown} 等 {len(names)} 处" if len(names) > NAMED_PLACES else shown


def book_scanned(text: str) -> tuple[Book, str] | None:
    """The title whose ISBN, or whose copy's barcode, stands alone in the search box; with that barcode."""
    if not text.isascii() or " " in text:
        return None
    try:
        isbn = normalise(text)
    except BadIsbn:
        isbn = ""
    if isbn and (book := Book.objects.filter(isbn=isbn).first()):
        return book, ""
    copy = copy_by(text)
    return (copy.book, copy.barcode) if copy else None
