"""Differences of a stocktake, resolved one by one by several people at once."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from organization.models import Cadre
from reading.models import Copy, CopyEvent, Difference, Hold, Loan, Place
from reading.services.authority import check_librarian
from reading.services.comparing import mark_of
from reading.services.copies import change_state
from reading.services.moving import hold_open, move_copy
from reading.services.queue import lock_title, serve_title
from reading.services.scanning import places_of
from reading.services.stocktakes import hold, keep_decision
from reading.states import CopyAction, CopyState, StocktakeAction, StocktakeState
from shuxiang.periods import shanghai_date

Kind, Resolution = Difference.Kind, Difference.Resolution
WAYS: dict[str, tuple[Difference.Resolution, ...]] = {
    Kind.MISSING: (Resolution.FOUND, Resolution.LOST, Resolution.NOTED),
    Kind.MISPLACED: (Resolution.SENT_BACK, Resolution.MOVED, Resolution.NOTED),
    Kind.UNEXPECTED: (Resolution.CORRECTED, Resolution.NOTED),
    Kind.UNKNOWN: (Resolution.NOTED,),
}
# Of another place and in the wrong state: both are put right in one step, so that it is not left where it lies.
OF_ELSEWHERE = (Resolution.SENT_BACK, Resolution.MOVED, Resolution.NOTED)
# Kept for somebody: it belongs on the hold shelf, and nothing changes.
KEPT_ASIDE = (Resolution.CORRECTED, Resolution.SENT_BACK, Resolution.NOTED)
AT_COUNTER = (CopyState.ON_LOAN, CopyState.SET_ASIDE)
CORRECTIONS = {
    CopyState.LOST: CopyAction.FIND,
    CopyState.WITHDRAWN: CopyAction.RESTORE,
    CopyState.REPAIR: CopyAction.REPAIRED,
}
UNDONE_BY = {
    CopyAction.LOSE: CopyAction.FIND,
    CopyAction.FIND: CopyAction.LOSE,
    CopyAction.RESTORE: CopyAction.WITHDRAW,
    CopyAction.REPAIRED: CopyAction.REPAIR,
}
LEAVING = (CopyAction.LOSE, CopyAction.WITHDRAW)


def ways_of(difference: Difference, places: Collection[int]) -> tuple[Difference.Resolution, ...]:
    """`places` are those counted; the copy is as it is now."""
    copy = difference.copy
    if difference.kind != Kind.UNEXPECTED or copy is None:
        return WAYS[difference.kind]
    if copy.state == CopyState.SET_ASIDE:
        return KEPT_ASIDE
    return WAYS[Kind.UNEXPECTED] if copy.home_id in places else OF_ELSEWHERE


def ways_offered(difference: Difference, places: Collection[int]) -> list[Difference.Resolution]:
    """Without what would be refused: what is on loan or set aside ends at the counter."""
    ways = list(ways_of(difference, places))
    if difference.copy is None or difference.copy.state not in AT_COUNTER:
        return ways
    refused = {Resolution.CORRECTED, Resolution.LOST}
    if difference.kind == Kind.UNEXPECTED and difference.copy.state == CopyState.ON_LOAN:
        refused |= {Resolution.SENT_BACK, Resolution.MOVED}
    return [way for way in ways if way not in refused]


class StaleDifference(Exception):
    """Somebody else resolved it first, or the copy changed since; str() is a Chinese sentence."""


class WrongResolution(ValueError):
    """It cannot be resolved in this way; str() says in Chinese what to do."""


@transaction.atomic
def resolve(
    *, difference: Difference, how: str, by: Cadre, now: datetime, note: str = "", to: Place | None = None
) -> None:
    """Changes the copy where the resolution says so. `to` is the new home of a copy that stays here; one of another
    place in the wrong state is on the shelf by the catalogue as well then.

    Raises NotAllowed, StaleStocktake, StaleDifference, WrongResolution, StaleCopy, ClosedPlace.
    """
    check_librarian(by)
    stocktake = hold(difference.stocktake, StocktakeState.COMPARED)
    if not Difference.objects.unresolved().filter(pk=difference.pk).exists():
        raise StaleDifference(told_by_now(difference))  # rather than that its ways are others by now
    copy = difference.copy = Copy.objects.get(pk=difference.copy_id) if difference.copy_id else None
    places = places_of(stocktake)
    if how not in ways_of(difference, places):
        raise WrongResolution("这条差异不能这样处理，请从列出的办法里选一个。")
    if how == Resolution.NOTED and not note:
        raise WrongResolution("请在“说明”里写一句怎样处理的，再按“已记录”。")
    if how == Resolution.LOST and not note:
        raise WrongResolution("请在“说明”里写一句在哪里找过，再按“登记丢失”。")
    columns = {"resolution": how, "resolved_by": by, "resolved_at": now, "note": note}
    if Difference.objects.unresolved().filter(pk=difference.pk).update(**columns) != 1:
        raise StaleDifference(told_by_now(difference))
    reason = f"{mark_of(stocktake)}：{note}" if note else mark_of(stocktake)
    if copy is None:
        return
    home = to or stocktake.place
    if how == Resolution.MOVED:
        if home.pk not in places:
            raise WrongResolution("请选这次盘点的地点，或它里面的一处。")
        hold_open(home)  # the place before the title, as everybody takes these locks
    if how == Resolution.LOST:
        lose(copy, by, now, reason)
    elif how == Resolution.CORRECTED or is_put_right(difference, copy, how):
        correct(copy, by, now, reason)
    if how == Resolution.MOVED:
        move_copy(copy=copy, to=home, by=by, now=now, reason=reason)


def is_put_right(difference: Difference, copy: Copy, how: str) -> bool:
    """Beside its place its state too; a copy kept for somebody stays so."""
    return (
        difference.kind == Kind.UNEXPECTED
        and how in (Resolution.SENT_BACK, Resolution.MOVED)
        and copy.state != CopyState.SET_ASIDE
    )


def told_by_now(difference: Difference) -> str:
    now = Difference.objects.select_related("resolved_by").filter(pk=difference.pk).first()
    if now is None or now.resolved_by is None or now.resolved_at is None:
        return "这条差异刚有变动，请刷新后核对。"
    time = timezone.localtime(now.resolved_at)
    return f"{now.resolved_by.name}已于 {time:%H:%M} 处理为“{now.get_resolution_display()}”，您的处理没有记入。"


def lose(copy: Copy, by: Cadre, now: datetime, reason: str) -> None:
    if copy.state in (CopyState.ON_LOAN, CopyState.SET_ASIDE):
        raise WrongResolution(f"{copy.barcode} 核对以后已经{CopyState(copy.state).label}，可见还在，请选“已找到”。")
    if copy.state not in (CopyState.LOST, CopyState.WITHDRAWN):
        change_state(copy=copy, action=CopyAction.LOSE, by=by, now=now, reason=reason)


def correct(copy: Copy, by: Cadre, now: datetime, reason: str) -> None:
    """A loan or a hold knows whose it is: those end at the counter."""
    if copy.state == CopyState.ON_LOAN:
        raise WrongResolution(f"{copy.barcode} 在目录里还是借出，请先在借阅台归还，再回来更正。")
    if copy.state == CopyState.SET_ASIDE:
        raise WrongResolution(f"{copy.barcode} 正为预约人留着，请放到借阅台，选“送回原处”。")
    if copy.state != CopyState.AVAILABLE:
        lock_title(copy.book_id)
        change_state(copy=copy, action=CORRECTIONS[CopyState(copy.state)], by=by, now=now, reason=reason)
        serve_title(book_id=copy.book_id, now=now)


@transaction.atomic
def take_back(*, difference: Difference, by: Cadre, now: datetime) -> None:
    """Unresolved again, and the copy as before, where nothing became of it since.

    Raises NotAllowed, StaleStocktake, StaleDifference, StaleCopy, ClosedPlace.
    """
    check_librarian(by)
    stocktake = hold(difference.stocktake, StocktakeState.COMPARED)
    at = difference.resolved_at
    same = Difference.objects.filter(pk=difference.pk, resolution=difference.resolution, resolved_at=at)
    if at is None or same.update(resolution="", resolved_by=None, resolved_at=None, note="") != 1:
        raise StaleDifference("这条差异刚由别人办理过，请刷新后核对。")
    keep_decision(difference, StocktakeAction.TAKE_BACK, by, now)
    own = list(
        CopyEvent.objects.filter(copy=difference.copy_id, at=at, reason__startswith=mark_of(stocktake))
        .select_related("from_place")
        .order_by("-pk")
    )
    if not own:
        return
    copy = Copy.objects.select_related("home").get(pk=own[0].copy_id)
    if changed_since(copy, own[0]):
        raise StaleDifference(f"{copy.barcode} 处理以后又有借还或变动，不能撤销，请在这一册的页面上办理。")
    for event in own:
        reverse(copy, event, by, now, f"{mark_of(stocktake)}：撤销处理")


def reverse(copy: Copy, event: CopyEvent, by: Cadre, now: datetime, reason: str) -> None:
    if event.action == CopyAction.MOVE:
        assert event.from_place is not None
        move_copy(copy=copy, to=event.from_place, by=by, now=now, reason=reason)
        return
    action = UNDONE_BY[CopyAction(event.action)]
    if action in LEAVING:
        copy.left_on = left_before(event)
    lock_title(copy.book_id)
    if change_state(copy=copy, action=action, by=by, now=now, reason=reason) == CopyState.AVAILABLE:
        serve_title(book_id=copy.book_id, now=now)


def changed_since(copy: Copy, event: CopyEvent) -> bool:
    later = CopyEvent.objects.filter(copy=copy, pk__gt=event.pk).exists()
    lent = Loan.objects.filter(copy=copy, lent_at__gte=event.at).exists()
    asked = Hold.objects.filter(copy=copy, ready_at__gte=event.at).exists()
    moved = event.to_place_id is not None and event.to_place_id != copy.home_id
    return later or lent or asked or moved or copy.state != event.to_state


def left_before(event: CopyEvent) -> date | None:
    """The day on which the copy had left when the stocktake brought it back: that day counts for the gauge."""
    gone = CopyEvent.objects.filter(copy=event.copy_id, pk__lt=event.pk, action__in=LEAVING).order_by("-pk").first()
    return shanghai_date(gone.at) if gone else None
