"""The queue of a title: free copies go to who waits first. All but `serve_title` are called inside a transaction that
has locked the title."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from notices.services import send
from reading.models import Book, Copy, Hold, LendingPolicy
from reading.services.calendar import Calendar
from reading.services.copies import change_state
from reading.services.refusals import StaleLoan
from reading.states import CopyAction, CopyState, HoldState
from shuxiang.periods import shanghai_date, spoken


def policy_now() -> LendingPolicy:
    return LendingPolicy.objects.get(pk=1)


def lock_title(book_id: int) -> Book:
    return Book.objects.select_for_update(no_key=True).get(pk=book_id)


@transaction.atomic
def serve_title(*, book_id: int, now: datetime) -> list[Hold]:
    """Where copies came free otherwise than by a return: new, found, mended."""
    return serve_queue(book=lock_title(book_id), policy=policy_now(), now=now)


def serve_queue(*, book: Book, policy: LendingPolicy, now: datetime) -> list[Hold]:
    """Sets every free copy aside as long as somebody waits. Whoever makes a copy free calls it."""
    served: list[Hold] = []
    if not Hold.objects.waiting().filter(book=book).exists():
        return served
    for copy in Copy.objects.available().filter(book=book).order_by("barcode"):
        hold = set_aside_for(copy=copy, book=book, policy=policy, now=now)
        if hold is None:
            break
        served.append(hold)
    return served


def set_aside_for(*, copy: Copy, book: Book, policy: LendingPolicy, now: datetime) -> Hold | None:
    """The hold that the free copy is set aside for; None where nobody waits. Its person is told."""
    today = shanghai_date(now)
    waiting = Hold.objects.waiting().filter(book=book).select_related("cadre")
    for hold in waiting:
        assert hold.cadre is not None
        if not hold.cadre.is_active or not hold.cadre.in_service(today):
            gone = {"state": HoldState.CANCELLED, "closed_at": now}
            Hold.objects.filter(pk=hold.pk, state=HoldState.WAITING).update(**gone)
            continue
        change_state(copy=copy, action=CopyAction.SET_ASIDE, by=None, now=now)
        until = Calendar.load(policy, today).held_until(today, policy.hold_days)
        ready = {"state": HoldState.READY, "copy": copy, "ready_at": now, "expires_on": until}
        if Hold.objects.filter(pk=hold.pk, state=HoldState.WAITING).update(**ready) != 1:
            raise StaleLoan("预约刚被办理过，请再试一次。")
        for name, value in ready.items():
            setattr(hold, name, value)
        send(
            recipients=[hold.cadre],
            subject=f"预约的书到了：{book.quoted}",
            body=f"请在 {spoken(until)}前到借阅台取书，过期留给下一位。",
            address=reverse("loans"),
            now=now,
        )
        return hold
    return None


def take_back_from(*, copy: Copy, now: datetime) -> None:
    """The copy's return was a mistake: its hold waits again at its old place, and its person is told."""
    hold = Hold.objects.ready().filter(copy=copy).select_related("cadre", "book").first()
    if hold is not None:
        waits = {"state": HoldState.WAITING, "copy": None, "ready_at": None, "expires_on": None}
        if Hold.objects.filter(pk=hold.pk, state=HoldState.READY).update(**waits) != 1:
            raise StaleLoan("预约刚被办理过，请再试一次。")
        assert hold.cadre is not None
        send(
            recipients=[hold.cadre],
            subject=f"更正：预约的书还没有到：{hold.book.quoted}",
            body="刚才的到书通知有误，您仍排在原来的位置，到书后另行通知。",
            address=reverse("loans"),
            now=now,
        )
    change_state(copy=copy, action=CopyAction.RELEASE, by=None, now=now)
    assert copy.state == CopyState.AVAILABLE


def free_up(*, hold: Hold, policy: LendingPolicy, now: datetime) -> None:
    """The copy of a hold that ended goes to the next in the queue, or back to the shelf."""
    if hold.copy_id is None:
        return
    change_state(copy=Copy.objects.get(pk=hold.copy_id), action=CopyAction.RELEASE, by=None, now=now)
    serve_queue(book=hold.book, policy=policy, now=now)
