"""What registers and MARC files bring in: titles with their copies, each once, however often the file comes.

A lot of copies is known by its origin: a digest of what the file says of title, place, source, donor and day. Copies of
an origin that are there already, wherever they are now and whatever became of them, are not brought in again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from organization.models import Cadre
from reading.marc.title import Title
from reading.models import Book, SubjectArea
from reading.services.arrivals_known import Known
from reading.services.arrivals_wanted import Lot, Wanted, origin_of
from reading.services.arrivals_write import Arriving, Coming, write_arrivals
from reading.services.numbering import highest_numbers, lock_numbers
from reading.services.shelving import NoPlace, Shelving
from shuxiang.searches import bare
from shuxiang.typography import quoted, unquoted
from shuxiang.workbooks.importing import Created, Line, Named, Plan
from shuxiang.workbooks.refusal import WorkbookRefused
from shuxiang.workbooks.values import shown

NAMED = 10
TITLES_KEPT = 200
# So many copies one file brings at the desk.
MOST_WEB_COPIES = 20_000
FILLED = (
    "isbn", "subtitle", "author", "publisher", "publication_place", "year", "edition", "series", "extent", "price",
    "keywords", "summary", "clc",
)  # fmt: skip


class Arrivals:
    """Plans pieces of a file, one after another; each piece is written before the next one is planned.

    `command`: what brings in a file that has more copies than the desk takes; empty where it is the command itself.
    """

    def __init__(self, *, today: date, now: datetime, by: Cadre | None, command: str = "") -> None:
        self.today, self.now, self.by, self.command = today, now, by, command
        self.areas = dict(SubjectArea.objects.values_list("name", "pk"))
        self.shelving = Shelving()
        self.claimed: Counter[str] = Counter()
        self.seen: set[str] = set()
        self.last_numbers: dict[str, int] | None = None
        self.titles: list[Named] = []
        self.title_count = 0
        self.copies: Counter[str] = Counter()
        self.copy_count = 0

    def plan(self, wanted: Sequence[Wanted]) -> Plan:
        """Inside the transaction that writes it: nobody else enters titles until then. Raises WorkbookRefused."""
        lock_numbers()
        for each in wanted:
            each.origins = [origin_of(each.title, lot) for lot in each.lots]
        known = Known(wanted)
        arriving = Arriving(self.today, self.now, self.by, self.shelving)
        plan = Plan()
        for each in wanted:
            self.plan_one(each, known, arriving, plan)
        plan.created = list(self.created())
        plan.apply = lambda: self.apply(arriving)
        return plan

    def plan_one(self, wanted: Wanted, known: Known, arriving: Arriving, plan: Plan) -> None:
        book, is_certain = known.find(wanted)
        if book is not None and not is_certain and not agrees(book, wanted.title):
            there, typed = quoted(shown(unquoted(book.title))), shown(wanted.title.title)
            wanted.record.refuse(wanted.columns["title"], f"这个 ISBN 已是{there}，与“{typed}”不同，请核对 ISBN 和书名")
            return
        bringing = self.bringing(wanted, book, known)
        if wanted.record.problems:
            return
        is_new = book is None
        if book is None:
            book = arriving.new_book(wanted.title, wanted.area)
            self.title_count += 1
            if len(self.titles) < TITLES_KEPT:
                self.titles.append(Named(book.title))
        filled = [] if is_new else arriving.fill(book, blanks(book, wanted, known))
        known.name(book)
        for lot, origin, count in bringing:
            place = self.shelving.place_of(lot.place)
            arriving.coming.append(Coming(book, lot, origin, place, count))
            self.copies[self.shelving.told(place)] += count
        self.claim(wanted)
        brought = sum(count for _, _, count in bringing)
        self.count(brought)
        if is_new or brought:
            plan.added.append(Line("新增", shown(book.title), told(is_new, brought, filled)))
        elif filled:
            plan.changed.append(Line("补充", shown(book.title), tuple(filled)))
        else:
            plan.unchanged += 1

    def count(self, brought: int) -> None:
        self.copy_count += brought
        if self.command and self.copy_count > MOST_WEB_COPIES:
            raise WorkbookRefused(too_many_copies(self.command))

    def bringing(self, wanted: Wanted, book: Book | None, known: Known) -> list[tuple[Lot, str, int]]:
        """The lots with how many copies of each are missing; refuses the record where one cannot come."""
        found = []
        ahead: Counter[str] = Counter()
        for lot, origin in zip(wanted.lots, wanted.origins, strict=True):
            if lot.barcode:
                missing = self.missing_barcode(wanted, lot, origin, book, known)
            else:
                ahead[origin] += lot.count
                missing = self.missing_copies(lot, origin, book, known, self.claimed[origin] + ahead[origin])
            if not missing or wanted.record.problems:
                continue
            if lot.gone:
                wanted.record.refuse(wanted.columns["state"], "是已丢失或剔除的馆藏，不再入藏，请删除这一行")
                continue
            try:
                self.shelving.place_of(lot.place)
            except NoPlace as error:
                wanted.record.refuse(wanted.columns["place"], str(error))
                continue
            found.append((lot, origin, missing))
        return found

    def missing_barcode(self, wanted: Wanted, lot: Lot, origin: str, book: Book | None, known: Known) -> int:
        code, column = lot.barcode, wanted.columns["barcode"]
        if code in self.seen:
            wanted.record.refuse(column, f"条码 {code} 在文件里重复，请核对")
            return 0
        if code not in known.barcodes:
            return 1
        pk, brought_by = known.barcodes[code]
        owner = known.books[pk]
        same = brought_by == origin or agrees(owner, wanted.title) or owner.isbn == (wanted.title.isbn or None)
        if owner is not book or not same:
            wanted.record.refuse(column, f"条码 {code} 已用在{quoted(shown(unquoted(owner.title)))}上，请核对")
        return 0

    def missing_copies(self, lot: Lot, origin: str, book: Book | None, known: Known, claimed: int) -> int:
        there = known.origins[origin]
        if book is not None and book.pk is not None:
            if lot.any_copy:
                there = known.copies[book.pk]
            elif lot.acquired_on is not None and there < claimed:
                there += self.unmarked(lot, book, known)
        return max(0, min(lot.count, claimed - there))

    def unmarked(self, lot: Lot, book: Book, known: Known) -> int:
        """Copies that somebody entered by hand, alike in all that the row says."""
        try:
            place = self.shelving.known_place(lot.place)
        except NoPlace:
            return 0
        if place is None or place.pk is None or lot.acquired_on is None:
            return 0
        return known.unmarked[book.pk, place.pk, lot.source, lot.donor, lot.acquired_on]

    def claim(self, wanted: Wanted) -> None:
        for lot, origin in zip(wanted.lots, wanted.origins, strict=True):
            if lot.barcode:
                self.seen.add(lot.barcode)
            else:
                self.claimed[origin] += lot.count

    def created(self) -> Iterator[Created]:
        if self.shelving.created:
            yield Created(f"新建地点 {len(self.shelving.created)} 处", list(self.shelving.created))
        if self.title_count:
            yield Created(f"新书目 {self.title_count} 种", list(self.titles), NAMED)
        if self.copies:
            places = [Named(f"{name} {count} 册") for name, count in self.copies.items()]
            yield Created(f"新馆藏 {self.copy_count} 册", places, NAMED)

    def apply(self, arriving: Arriving) -> None:
        if self.last_numbers is None:
            self.last_numbers = highest_numbers()
        write_arrivals(arriving, self.last_numbers)


def too_many_copies(command: str) -> str:
    said = f"文件超过 {MOST_WEB_COPIES} 册，网页上一次导入不了。请核对册数"
    return f"{said}；无误的，请系统维护人员在服务器上运行：{command}。"


def agrees(book: Book, title: Title) -> bool:
    """Whether both name the same title, the subtitle with it or not."""
    ours = {bare(book.title), bare(book.title + book.subtitle)}
    return not ours.isdisjoint({bare(title.title), bare(title.title + title.subtitle)})


def blanks(book: Book, wanted: Wanted, known: Known) -> dict[str, object]:
    """What the file knows and the catalogue does not; what the catalogue says already stays as it is."""
    found: dict[str, object] = {
        name: value for name in FILLED if (value := getattr(wanted.title, name)) and not getattr(book, name)
    }
    if found.get("isbn") in known.by_isbn:
        del found["isbn"]
    if wanted.area is not None and book.area_id is None:
        found["area_id"] = wanted.area
    return found


def told(is_new: bool, brought: int, filled: list[str]) -> tuple[str, ...]:
    parts = [*(["新书目"] if is_new else []), *([f"{brought} 册"] if brought else []), *filled]
    return tuple(parts)
