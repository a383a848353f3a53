"""The catalogue as readers leaf through it: filters, what each of them would leave, and the rows of a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value, When

from reading.isbn import BadIsbn, normalise
from reading.kinds import CLC_CLASSES
from reading.models import Book, Copy, Place, SubjectArea
from reading.models.catalogue import BookQuerySet, ClassLetter, CopyQuerySet
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
NO_NUMBER, NO_LETTER = Value(None, IntegerField()), Value("", CharField())


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
    def asks_titles(self) -> bool:
        return bool(self.text or self.area or self.clc)

    @property
    def asks_copies(self) -> bool:
        return bool(self.place or self.on_shelf or self.new)

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
            books = books.alias(letter=ClassLetter("clc")).filter(letter=self.clc)
        if self.asks_copies:
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
    """All counts in one query; one more for the names of areas, one for those of places."""
    counted: dict[str, dict[Any, int]] = {}
    for tally in counting(chosen, today):
        counted.setdefault(tally.facet, {})[tally.number or tally.letter] = tally.titles
    total = counted.get(ALL, {}).get("", 0)
    is_capped = bool(chosen.text) and total >= COUNTED

    def choice(label: str, count: int, picked: Filter, dropped: Filter, is_chosen: bool) -> Choice:
        return Choice(label, None if is_capped else count, (dropped if is_chosen else picked).address, is_chosen)

    def single(facet: str, is_chosen: bool) -> int:
        """What is chosen already would leave what is there."""
        return total if is_chosen else counted.get(facet, {}).get("", 0)

    def named(facet: str, model: type[SubjectArea] | type[Place]) -> list[tuple[int, str, int]]:
        counts = counted.get(facet, {})
        found = model._default_manager.filter(pk__in=[key for key in counts if key])
        rows = sorted(found, key=lambda each: (each.position, each.name, each.pk))
        return [(each.pk, each.name, counts[each.pk]) for each in rows]

    copies = [
        choice("在架可借", single(ON_SHELF, chosen.on_shelf), replace(chosen, on_shelf=True),
               replace(chosen, on_shelf=False), chosen.on_shelf),
        choice(f"近 {NEW_DAYS} 天新书", single(NEW, chosen.new), replace(chosen, new=True), replace(chosen, new=False),
               chosen.new),
    ]  # fmt: skip
    areas = [
        choice(name, count, replace(chosen, area=key), replace(chosen, area=None), chosen.area == key)
        for key, name, count in named(AREA, SubjectArea)
    ]
    places = [
        choice(name, count, replace(chosen, place=key), replace(chosen, place=None), chosen.place == key)
        for key, name, count in named(PLACE, Place)
    ]
    classes = [
        choice(f"{key} {CLC_CLASSES[key]}", count, replace(chosen, clc=key), replace(chosen, clc=""), chosen.clc == key)
        for key, count in sorted(counted.get(CLC, {}).items())
        if key in CLC_CLASSES
    ]
    groups = [("馆藏", copies), ("主题类别", areas), ("地点", places), ("中图法分类", classes)]
    return Facets(None if is_capped else total, [(label, choices) for label, choices in groups if choices])


class Tally(NamedTuple):
    """How many titles a facet has under the key of an area or place, or under the letter of a class."""

    facet: str
    number: int | None
    letter: str
    titles: int


def counting(chosen: Filter, today: date) -> list[Tally]:
    """Each facet counted under all filters but its own. Groups are what an index has in order, without names."""

    def titles(filters: Filter) -> QuerySet[Book]:
        books = filters.titles(today)
        # A search is asked in the innermost place, where a limit ends it early.
        return Book.objects.order_by().filter(pk__in=books.values("pk")[:COUNTED]) if filters.text else books

    def counted(
        rows: QuerySet[Any], facet: str, number: Any = NO_NUMBER, letter: Any = NO_LETTER
    ) -> QuerySet[Any, Any]:
        named = rows.annotate(facet=Value(facet, CharField()), number=number, letter=letter)
        what = Count("pk") if rows.model is Book else Count("book", distinct=True)
        return named.values("facet", "number", "letter").annotate(total=what)

    def whole(filters: Filter, facet: str) -> QuerySet[Any, Any]:
        """What is asked of copies alone is counted among the copies: an index has them by their titles."""
        return counted(
            filters.copies(today) if filters.asks_copies and not filters.asks_titles else titles(filters), facet
        )

    within = replace(chosen, place=None)
    at_places = within.copies(today)
    if within.asks_titles:
        at_places = at_places.filter(book__in=titles(replace(within, on_shelf=False, new=False)).values("pk"))
    parts = [
        whole(chosen, ALL),
        counted(titles(replace(chosen, area=None)), AREA, number=F("area")),
        counted(titles(replace(chosen, clc="")), CLC, letter=ClassLetter("clc")),
        counted(at_places, PLACE, number=F("home")),
    ]
    others = {ON_SHELF: replace(chosen, on_shelf=True), NEW: replace(chosen, new=True)}
    parts += [whole(filters, facet) for facet, filters in others.items() if filters != chosen]
    union = parts[0].union(*parts[1:], all=True)
    return [Tally(row["facet"], row["number"], row["letter"], row["total"]) for row in union]


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
