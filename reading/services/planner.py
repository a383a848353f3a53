"""The planner: candidates taken together by book and ranked against the shortfall of the year."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from reading.models import Book, SubjectArea
from reading.renewal import Renewal
from reading.services.candidates import Candidate, Listed, from_above, suggested, waited_for
from shuxiang.searches import bare


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


def plan(renewal: Renewal, today: date) -> Plan:
    """`renewal` is the running year's."""
    wishes = suggested()
    known = known_titles()
    listed = merged(wishes.chosen, known, renewal)
    taken = {row.group for row in listed}
    found = merged([*wishes.undecided, *waited_for(), *from_above(wishes.bases, today)], known, renewal)
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
