"""Holds: placed where no copy is free, served in their order, closed by whom they belong to or by the clock."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from notices.services import send
from organization.models import Cadre
from organization.services.roles import NotAllowed
from reading.models import Book, Copy, Hold, Loan
from reading.services.authority import is_librarian, is_reader, why_no_reader
from reading.services.queue import free_up, lock_title, policy_now, serve_title
from reading.services.refusals import LendingRefused, StaleLoan
from reading.states import HoldState
from shuxiang.periods import shanghai_date

MOST_HOLDS = 10


def check_own(by: Cadre, reader: Cadre | None) -> None:
    if by != reader and not is_librarian(by):
        raise NotAllowed("只能办理自己的预约。")


@transaction.atomic
def place_hold(*, book: Book, reader: Cadre, by: Cadre, now: datetime) -> Hold:
    """At the end of the queue. Raises NotAllowed, LendingRefused."""
    check_own(by, reader)
    title = lock_title(book.pk)
    if not is_reader(reader, shanghai_date(now)):
        raise LendingRefused(why_no_reader(reader, "", "预约"))
    if Loan.objects.open().of(reader).filter(copy__book=title).exists():
        raise LendingRefused(f"{title.quoted}已经借在手里，不用预约；想多看几天请续借。")
    if Hold.objects.open().of(reader).filter(book=title).exists():
        raise LendingRefused(f"{title.quoted}已经预约，到书后通知，不用再约。")
    stock = Copy.objects.in_stock().filter(book=title)
    if not stock.exists():
        raise LendingRefused(f"{title.quoted}现在没有馆藏，不能预约；想看可以荐购。")
    free = stock.available().select_related("home").order_by("barcode").first()
    if free is not None and not Hold.objects.waiting().filter(book=title).exists():
        where = f"{free.home}{'，索书号 ' + title.call_number if title.call_number else ''}"
        raise LendingRefused(f"{title.quoted}在架（{where}），直接去借就行，不用预约。")
    if Hold.objects.open().of(reader).count() >= MOST_HOLDS:
        raise LendingRefused(f"最多同时预约 {MOST_HOLDS} 种，请先取消一种。")
    try:
        with transaction.atomic():
            return Hold.objects.create(book=title, cadre=reader, placed_at=now)
    except IntegrityError as error:
        raise StaleLoan(f"{title.quoted}已经预约，不用再约。") from error


@transaction.atomic
def cancel_hold(*, hold: Hold, by: Cadre, now: datetime) -> None:
    """A copy that was set aside goes to the next; who waited is told of a librarian's step. Raises NotAllowed,
    StaleLoan."""
    check_own(by, hold.cadre)
    close(hold, HoldState.CANCELLED, now)
    if hold.cadre is not None and hold.cadre != by:
        send(
            recipients=[hold.cadre],
            subject=f"预约已取消：{hold.book.quoted}",
            body="图书管理员取消了您的预约。还想看请重新预约；不清楚原因请问图书管理员。",
            address=reverse("loans"),
            now=now,
        )


def close(hold: Hold, state: HoldState, now: datetime) -> None:
    lock_title(hold.book_id)
    if Hold.objects.open().filter(pk=hold.pk, state=hold.state).update(state=state, closed_at=now) != 1:
        raise StaleLoan("这条预约刚被办理过，请刷新后核对。")
    if hold.state == HoldState.READY:
        free_up(hold=hold, policy=policy_now(), now=now)


def expire_holds(*, now: datetime) -> int:
    """What nobody fetched in time goes to the next, and its person is told. A transaction each; gives the number."""
    late = Hold.objects.ready().filter(expires_on__lt=shanghai_date(now)).select_related("book", "cadre")
    return sum(expire(hold, now) for hold in late)


def expire(hold: Hold, now: datetime) -> bool:
    try:
        with transaction.atomic():
            close(hold, HoldState.EXPIRED, now)
            assert hold.cadre is not None
            send(
                recipients=[hold.cadre],
                subject=f"预约已过期：{hold.book.quoted}",
                body="留书期内没有来取，书已留给下一位或放回架上。还想看请重新预约。",
                address=reverse("loans"),
                now=now,
            )
    except StaleLoan:
        return False  # fetched or cancelled meanwhile, or expired by another worker
    return True


def cancel_holds_of_leavers(*, now: datetime) -> int:
    """Nobody waits on behalf of who left; their loans stay until they are cleared."""
    done = 0
    for hold in Hold.objects.of_leavers(shanghai_date(now)).select_related("book", "cadre"):
        try:
            with transaction.atomic():
                close(hold, HoldState.CANCELLED, now)
        except StaleLoan:
            continue
        done += 1
    return done


def serve_everybody(*, now: datetime) -> int:
    """Copies that came free otherwise than by a return (new, found, mended); gives the number of served holds."""
    waiting = Book.objects.filter(holds__state=HoldState.WAITING, copies__in=Copy.objects.available()).distinct()
    return sum(len(serve_title(book_id=number, now=now)) for number in waiting.values_list("pk", flat=True))
