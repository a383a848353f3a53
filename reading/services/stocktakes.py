"""Stocktakes (盘点): begun, counted by several people at once, compared, finished."""

from datetime import datetime

from django.db import IntegrityError, transaction

from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from reading.models import Difference, Place, Stocktake, StocktakeEvent
from reading.services.authority import check_librarian
from reading.services.place_tree import PlaceTree
from reading.services.places import lock_places
from reading.states import STOCKTAKE_TRANSITIONS, StocktakeAction, StocktakeState


class StaleStocktake(Exception):
    """The stocktake is no longer in the state that the person saw; str() is a Chinese sentence."""


@transaction.atomic
def start_stocktake(*, place: Place, by: Cadre, now: datetime) -> Stocktake:
    """A count of the place with all inside it. Raises NotAllowed, StaleStocktake."""
    check_librarian(by)
    lock_places()
    tree = PlaceTree()
    touching = {*tree.within(place.pk), *(each.pk for each in tree.above(place.pk))}
    if tree.places[place.pk].is_closed:
        raise StaleStocktake(f"“{place.name}”已经停用，不能盘点。")
    going = Stocktake.objects.open().filter(place__in=touching).select_related("place").first()
    if going is not None:
        raise StaleStocktake(f"“{going.place.name}”的盘点还没有结束，请接着清点那一次，完成以后再发起。")
    try:
        with transaction.atomic():
            made = Stocktake.objects.create(place=place, started_by=by, started_at=now)
    except IntegrityError as error:
        raise StaleStocktake(f"“{place.name}”的盘点刚由别人发起，请刷新后接着清点。") from error
    record(made, StocktakeAction.START, by, now, before="", after=StocktakeState(made.state))
    return made


def hold(stocktake: Stocktake, *wanted: str) -> Stocktake:
    """Inside a transaction: the row as it is now, kept so until the end. Raises StaleStocktake."""
    found = Stocktake.objects.select_for_update(of=("self",)).select_related("place").get(pk=stocktake.pk)
    if found.state not in wanted:
        raise StaleStocktake(f"这次盘点现在是“{StocktakeState(found.state).label}”，请刷新后再办。")
    return found


@transaction.atomic
def count_again(*, stocktake: Stocktake, by: Cadre, now: datetime) -> None:
    """Back to counting; what was resolved stays. Raises NotAllowed, StaleStocktake."""
    check_librarian(by)
    step(stocktake, StocktakeAction.COUNT_AGAIN, by, now)


@transaction.atomic
def finish_stocktake(*, stocktake: Stocktake, by: Cadre, now: datetime) -> None:
    """Raises NotAllowed, StaleStocktake."""
    check_librarian(by)
    left = hold(stocktake, StocktakeState.COMPARED).differences.unresolved().count()
    if left:
        raise StaleStocktake(f"还有 {left} 条差异没有处理，处理完才能结束盘点。")
    step(stocktake, StocktakeAction.FINISH, by, now, finished_by=by, finished_at=now)
    about = f"盘点 {stocktake.pk} {stocktake.place}"
    record_event(action=AccessAction.READING, actor=by, about=about, detail="完成盘点")


def step(stocktake: Stocktake, action: StocktakeAction, by: Cadre, now: datetime, **columns: object) -> None:
    """By compare-and-set, with its event; inside the caller's transaction. Raises StaleStocktake."""
    before = StocktakeState(Stocktake.objects.values_list("state", flat=True).get(pk=stocktake.pk))
    after = STOCKTAKE_TRANSITIONS.get((before, action))
    same = Stocktake.objects.filter(pk=stocktake.pk, state=before)
    if after is None or same.update(state=after, changed_at=now, **columns) != 1:
        current = Stocktake.objects.get(pk=stocktake.pk)
        raise StaleStocktake(f"这次盘点现在是“{current.get_state_display()}”，刚由别人办理过，请刷新后核对。")
    record(stocktake, action, by, now, before=before, after=after)


def keep_decision(difference: Difference, action: StocktakeAction, by: Cadre, now: datetime) -> None:
    """Keeps the words of a resolution that holds no longer; before its row is cleared."""
    state = StocktakeState.COMPARED
    record(difference.stocktake, action, by, now, before=state, after=state, reason=difference.decided)


def record(
    stocktake: Stocktake,
    action: StocktakeAction,
    by: Cadre,
    now: datetime,
    *,
    before: str,
    after: StocktakeState,
    reason: str = "",
) -> None:
    StocktakeEvent.objects.create(
        stocktake=stocktake, action=action, from_state=before, to_state=after, actor=by, at=now, reason=reason
    )
