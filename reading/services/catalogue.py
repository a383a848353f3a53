"""Titles and copies as librarians enter and tend them. Loans and holds are not touched here.

Every function checks authority itself. Raises NotAllowed, and ValueError with a Chinese sentence.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from organization.models import Cadre
from reading.isbn import normalise
from reading.kinds import Condition, Source
from reading.models import Book, Copy, CopyEvent, DonationItem, Place
from reading.services.authority import check_librarian
from reading.services.copies import StaleCopy, change_state, record
from reading.services.numbering import next_barcodes, number_books
from reading.services.search import index_books
from reading.states import IN_STOCK, CopyAction, CopyState

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
NEEDS_REASON = (CopyAction.LOSE, CopyAction.WITHDRAW)


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


def change_book(*, book: Book, seen: datetime, by: Cadre, now: datetime) -> Book:
    """`book` holds what was typed, `seen` the `changed_at` that the person saw. Raises StaleBook, BadIsbn, Taken."""
    check_librarian(by)
    book.isbn = normalise(book.isbn)
    columns = {name: getattr(book, name) for name in EDITED}
    try:
        with transaction.atomic():
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
    """So many copies more, with barcodes that follow one another."""
    check_librarian(by)
    if not 1 <= count <= MOST_COPIES:
        raise ValueError(f"一次可以增加 1 到 {MOST_COPIES} 册，更多的请分几次登记。")
    check_open(home)
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
    return copies


def check_open(place: Place) -> None:
    if place.is_closed:
        raise ValueError(f"地点“{place.name}”已停用，不再收书，请选择别的地点。")


def change_copy(*, copy: Copy, condition: Condition, note: str, by: Cadre, now: datetime) -> None:
    """`copy` is as the person saw it. Raises StaleCopy."""
    check_librarian(by)
    seen = Copy.objects.filter(pk=copy.pk, condition=copy.condition, note=copy.note)
    if seen.update(condition=condition, note=note.strip(), changed_at=now) != 1:
        raise StaleCopy(f"{copy.barcode} 的品相或备注刚被别人修改过，请刷新后核对再保存。")
    copy.condition, copy.note = condition, note.strip()


@transaction.atomic
def move_copies(*, copies: Sequence[Copy], to: Place, by: Cadre, now: datetime, reason: str = "") -> int:
    """Gives the copies a new home, all or none; those at home there already stay. Gives the number of the moved.

    Raises StaleCopy.
    """
    check_librarian(by)
    check_open(to)
    moved = [copy for copy in copies if copy.home_id != to.pk]
    for copy in moved:
        if copy.state not in IN_STOCK:
            raise StaleCopy(f"{copy.barcode} 现在是“{copy.get_state_display()}”，不在馆藏里，不能移动。")
        found = Copy.objects.filter(pk=copy.pk, home=copy.home_id, state__in=IN_STOCK)
        if found.update(home=to, changed_at=now) != 1:
            raise StaleCopy(f"{copy.barcode} 刚被别人移动或办理过，请刷新后核对再办。")
        record(
            copy=copy,
            action=CopyAction.MOVE,
            by=by,
            now=now,
            before=copy.state,
            after=copy.state,
            reason=reason,
            from_place=copy.home,
            to_place=to,
        )
        copy.home = to
    return len(moved)


def tend_copy(*, copy: Copy, action: CopyAction, by: Cadre, now: datetime, reason: str = "") -> CopyState:
    """Repaired, lost, found, withdrawn, restored: of copies that nobody has. Raises StaleCopy."""
    check_librarian(by)
    if action not in TENDED:
        raise ValueError(f"“{action.label}”不在这里办理。")
    if copy.state == CopyState.ON_LOAN:
        raise StaleCopy(f"{copy.barcode} 借出未还，请在借阅台办理归还或丢失。")
    if action in NEEDS_REASON and not reason.strip():
        raise ValueError(f"{action.label}要写明原因，以后盘点和更新率都要用到。")
    return change_state(copy=copy, action=action, by=by, now=now, reason=reason)
