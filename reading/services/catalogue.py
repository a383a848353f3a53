"""Titles and copies as librarians enter and tend them. A copy that comes free goes to whoever waits for its title.

Every function checks authority itself. Raises NotAllowed, and ValueError with a Chinese sentence.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from organization.models import Cadre
from reading.isbn import normalise
from reading.kinds import Condition, Source
from reading.models import Book, Copy, CopyEvent, DonationItem, Place
from reading.services.authority import check_librarian
from reading.services.copies import StaleCopy, change_state, record
from reading.services.moving import hold_open
from reading.services.numbering import lock_numbers, next_barcodes, number_books
from reading.services.queue import lock_title, serve_title
from reading.services.search import index_books
from reading.services.suggesting import settle_suggestions
from reading.states import COPY_TRANSITIONS, IN_STOCK, CopyAction, CopyState
from shuxiang.periods import written

MOST_COPIES = 200
# What people type; call numbers and the text of the search follow.
EDITED = (
    "isbn", "title", "subtitle", "author", "publisher", "publication_place", "year", "edition", "series", "extent",
    "price", "keywords", "summary", "area", "clc", "call_number",
)  # fmt: skip
# What may be done to a copy that nobody has.
TENDED = (
    CopyAction.REPAIR, CopyAction.REPAIRED, CopyAction.LOSE, CopyAction.FIND, CopyAction.WITHDRAW, CopyAction.RESTORE,
)  # fmt: skip
NEEDS_REASON = (CopyAction.LOSE, CopyAction.WITHDRAW, CopyAction.CORRECT)
# Of a correction; the dates stand before it.
REASON_LENGTH = 250


class StaleBook(Exception):
    """Somebody else changed the title in between; str() is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("这本书的信息刚被别人修改过，请刷新后核对再保存。")


class Taken(ValueError):
    """Another title has this ISBN or call number; two people at once may only learn it from the database."""

    def __init__(self) -> None:
        super().__init__("目录里已有这个 ISBN 或索书号的图书，请核对后再保存。")


def add_book(*, book: Book, by: Cadre) -> Book:
    """Stores a new title, with its call number and its text for the search. Raises BadIsbn, Taken."""
    check_librarian(by)
    book.isbn = normalise(book.isbn)
    try:
        with transaction.atomic():
            book.save(force_insert=True)
            follow(book)
    except IntegrityError as error:
        raise Taken from error
    return book


@transaction.atomic
def find_or_add(*, book: Book, by: Cadre) -> Book:
    """The catalogue's own by the ISBN, else by the same title and author; stored where there is none. Raises BadIsbn,
    Taken."""
    lock_numbers()  # two who bring the same new title enter it once
    isbn = normalise(book.isbn)
    namesakes = Book.objects.filter(title=book.title, author=book.author, isbn="")
    same = Book.objects.filter(isbn=isbn) if isbn else namesakes.order_by("pk")
    return same.first() or add_book(book=book, by=by)


def change_book(*, book: Book, seen: datetime, by: Cadre, now: datetime) -> Book:
    """`book` holds what was typed, `seen` the `changed_at` that the person saw. Raises StaleBook, BadIsbn, Taken."""
    check_librarian(by)
    book.isbn = normalise(book.isbn)
    columns = {name: getattr(book, name) for name in EDITED}
    try:
        with transaction.atomic():
            lock_numbers()
            if Book.objects.filter(pk=book.pk, changed_at=seen).update(**columns, changed_at=now) != 1:
                raise StaleBook
            follow(book)
    except IntegrityError as error:
        raise Taken from error
    book.changed_at = now
    return book


def follow(book: Book) -> None:
    number_books([book])
    index_books(Book.objects.filter(pk=book.pk))


@transaction.atomic
def add_copies(
    *,
    book: Book,
    count: int,
    home: Place,
    acquired_on: date,
    by: Cadre,
    now: datetime,
    source: Source = Source.PURCHASE,
    donor: str = "",
    condition: Condition = Condition.GOOD,
    note: str = "",
    donation_item: DonationItem | None = None,
) -> list[Copy]:
    """So many copies more, with barcodes that follow one another; settles what suggestions wanted of the title.
    Raises ClosedPlace."""
    check_librarian(by)
    if not 1 <= count <= MOST_COPIES:
        raise ValueError(f"一次可以增加 1 到 {MOST_COPIES} 册，更多的请分几次登记。")
    # In the order in which everybody takes these locks: the numbers, the place, the title.
    lock_numbers()
    hold_open(home)
    copies = Copy.objects.bulk_create(
        Copy(
            book=book,
            barcode=barcode,
            home=home,
            source=source,
            donor=donor.strip(),
            donation_item=donation_item,
            acquired_on=acquired_on,
            condition=condition,
            note=note.strip(),
        )
        for barcode in next_barcodes(count)
    )
    CopyEvent.objects.bulk_create(
        CopyEvent(copy=copy, action=CopyAction.REGISTER, actor=by, at=now, to_state=CopyState.AVAILABLE, to_place=home)
        for copy in copies
    )
    settle_suggestions([book], by=by, now=now)
    serve_title(book_id=book.pk, now=now)
    return copies


@transaction.atomic
def register_book(*, book: Book, token: UUID, by: Cadre, now: datetime, **copies: Any) -> tuple[Book, list[Copy]]:
    """The title of a form with its copies (`add_copies`), both or none; who sends the form again gets the title that
    it made, and no copies. Raises BadIsbn, Taken, ClosedPlace."""
    check_librarian(by)
    lock_numbers()  # the second of the same form waits for the first
    known = Book.objects.entered_by_form(token).first()
    if known is not None:
        return known, []
    book.token = token
    return book, add_copies(book=add_book(book=book, by=by), by=by, now=now, **copies)


def change_copy(*, copy: Copy, condition: Condition, note: str, by: Cadre, now: datetime) -> None:
    """`copy` is as the person saw it. Raises StaleCopy."""
    check_librarian(by)
    seen = Copy.objects.filter(pk=copy.pk, condition=copy.condition, note=copy.note)
    if seen.update(condition=condition, note=note.strip(), changed_at=now) != 1:
        raise StaleCopy(f"{copy.barcode} 的品相或备注刚被别人修改过，请刷新后核对再保存。")
    copy.condition, copy.note = condition, note.strip()


def is_tendable(copy: Copy, action: CopyAction) -> bool:
    """Whether the copy, as it is now, lets a librarian do this to it on the pages of the catalogue."""
    if action == CopyAction.MOVE:
        return copy.state in IN_STOCK
    return copy.state != CopyState.ON_LOAN and (CopyState(copy.state), action) in COPY_TRANSITIONS


@transaction.atomic
def correct_acquired_on(*, copy: Copy, acquired_on: date, reason: str, by: Cadre, now: datetime) -> None:
    """`copy` has the date that the person saw. The gauge of every year follows. Raises StaleCopy."""
    check_librarian(by)
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise ValueError(f"更正入藏日期要写明原因，最多 {REASON_LENGTH} 字，以后核对更新率要用到。")
    if acquired_on > timezone.localdate(now):
        raise ValueError(f"{copy.barcode} 的入藏日期不能晚于今天，请改正。")
    if acquired_on == copy.acquired_on:
        raise ValueError(f"{copy.barcode} 的入藏日期本来就是 {written(acquired_on)}，没有更正。")
    if copy.left_on is not None and acquired_on > copy.left_on:
        raise ValueError(f"{copy.barcode} 在 {written(copy.left_on)}已经离馆，入藏日期不能在那以后，请核对。")
    stays = Q(left_on__isnull=True) | Q(left_on__gte=acquired_on)
    seen = Copy.objects.filter(stays, pk=copy.pk, acquired_on=copy.acquired_on)
    if seen.update(acquired_on=acquired_on, changed_at=now) != 1:
        raise StaleCopy(f"{copy.barcode} 的入藏日期刚被别人更正过，或这一册刚离馆，请刷新后核对再办。")
    told = f"{written(copy.acquired_on)}改为 {written(acquired_on)}：{reason.strip()}"
    record(copy=copy, action=CopyAction.CORRECT, by=by, now=now, before=copy.state, after=copy.state, reason=told)
    copy.acquired_on = acquired_on


@transaction.atomic
def tend_copy(*, copy: Copy, action: CopyAction, by: Cadre, now: datetime, reason: str = "") -> None:
    """Repaired, lost, found, withdrawn, restored: of copies that nobody has. Raises StaleCopy."""
    check_librarian(by)
    if action not in TENDED:
        raise ValueError(f"“{action.label}”不在这里办理。")
    if copy.state == CopyState.ON_LOAN:
        raise StaleCopy(f"{copy.barcode} 借出未还，请在借阅台办理归还或丢失。")
    if action in NEEDS_REASON and not reason.strip():
        raise ValueError(f"{action.label}要写明原因，以后盘点和更新率都要用到。")
    lock_title(copy.book_id)
    if change_state(copy=copy, action=action, by=by, now=now, reason=reason) == CopyState.AVAILABLE:
        serve_title(book_id=copy.book_id, now=now)
