"""What the shelves say and the catalogue does not.

A copy counts as handled when it was lent, returned, set aside, moved or changed its state; what a stocktake's own
resolutions did is no handling. The rule, by the times:

- missing: at home here, on the shelf by the catalogue, not scanned, and not handled since the stocktake began: who
  lends or returns a book while others count has had it in hand;
- unexpected: scanned, but not on the shelf by the catalogue, and not handled since the scan;
- misplaced: scanned, at home elsewhere, and not handled since the scan;
- unknown: scanned, and no copy bears the barcode.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from organization.models import Cadre
from reading.models import Copy, CopyEvent, Difference, Hold, Loan, Scan, Stocktake
from reading.services.authority import check_librarian
from reading.services.scanning import places_of
from reading.services.stocktakes import keep_decision, step
from reading.states import CopyState, StocktakeAction

Kind, Resolution = Difference.Kind, Difference.Resolution
CHUNK = 500


@dataclass(frozen=True)
class Found:
    kind: str
    copy_id: int | None
    barcode: str


@transaction.atomic
def compare(*, stocktake: Stocktake, by: Cadre, now: datetime) -> int:
    """Ends the counting and writes the differences; gives the number of those to be resolved.

    Of an earlier comparison stays what was resolved, unless the copy differs in another way now:
    then an event keeps what had been decided.
    Raises NotAllowed, StaleStocktake.
    """
    check_librarian(by)
    step(stocktake, StocktakeAction.COMPARE, by, now, compared_at=now)
    know_again(stocktake)
    places = places_of(stocktake)
    found = {each.barcode: each for each in differences(stocktake, places)}
    stocktake.differences.unresolved().delete()
    kept = dict(stocktake.differences.values_list("barcode", "kind"))
    other = [barcode for barcode, kind in kept.items() if barcode in found and found[barcode].kind != kind]
    for start in range(0, len(other), CHUNK):
        overtaken = stocktake.differences.filter(barcode__in=other[start : start + CHUNK])
        for each in overtaken.select_related("resolved_by", "stocktake"):
            keep_decision(each, StocktakeAction.OVERTAKE, by, now)
        overtaken.delete()
    new = [each for each in found.values() if each.barcode not in kept or each.barcode in other]
    Difference.objects.bulk_create(
        (Difference(stocktake=stocktake, kind=each.kind, copy_id=each.copy_id, barcode=each.barcode) for each in new),
        batch_size=CHUNK,
    )
    Stocktake.objects.filter(pk=stocktake.pk).update(expected=expected_of(stocktake, places))
    return len(new)


def know_again(stocktake: Stocktake) -> None:
    """Barcodes that got a copy since they were scanned."""
    unknown = stocktake.scans.filter(copy__isnull=True).values_list("barcode", flat=True)
    for pk, barcode in Copy.objects.filter(barcode__in=unknown).values_list("pk", "barcode"):
        stocktake.scans.filter(barcode=barcode).update(copy=pk)


def differences(stocktake: Stocktake, places: Sequence[int]) -> Iterator[Found]:
    scans = Scan.objects.filter(stocktake=stocktake)
    seen = dict(scans.filter(copy__isnull=False).values_list("copy", "scanned_at"))
    concerned = Copy.objects.filter(Q(home__in=places) | Q(pk__in=scans.values("copy")))
    handled = last_handled(stocktake)
    for pk, barcode, state, home, made in concerned.values_list("pk", "barcode", "state", "home", "created_at"):
        last = max(handled.get(pk, made), made)
        since = seen.get(pk)
        if since is None:
            if state == CopyState.AVAILABLE and last < stocktake.started_at:
                yield Found(Kind.MISSING, pk, barcode)
        elif last >= since:
            continue
        elif state != CopyState.AVAILABLE:
            yield Found(Kind.UNEXPECTED, pk, barcode)
        elif home not in places:
            yield Found(Kind.MISPLACED, pk, barcode)
    for barcode in scans.filter(copy__isnull=True).values_list("barcode", flat=True):
        yield Found(Kind.UNKNOWN, None, barcode)


def last_handled(stocktake: Stocktake) -> dict[int, datetime]:
    """When each copy was handled last since the stocktake began."""
    start = stocktake.started_at
    events = CopyEvent.objects.filter(at__gte=start).exclude(reason__startswith=mark_of(stocktake))
    loans, holds = Loan.objects.all(), Hold.objects.filter(copy__isnull=False)
    found: dict[int, datetime] = {}
    for pairs in (
        events.values_list("copy", "at"),
        loans.filter(lent_at__gte=start).values_list("copy", "lent_at"),
        loans.filter(returned_at__gte=start).values_list("copy", "returned_at"),
        holds.filter(ready_at__gte=start).values_list("copy", "ready_at"),
        holds.filter(closed_at__gte=start).values_list("copy", "closed_at"),
    ):
        for pk, at in pairs.order_by():
            if pk is not None and at is not None:
                found[pk] = max(at, found.get(pk, at))
    return found


def mark_of(stocktake: Stocktake) -> str:
    """How the events of its own resolutions begin."""
    return f"第 {stocktake.pk} 号盘点"


def expected_of(stocktake: Stocktake, places: Sequence[int]) -> int:
    """How many should have stood here before anything was resolved."""
    resolved = stocktake.differences.exclude(resolution="")
    added = resolved.filter(resolution__in=[Resolution.MOVED, Resolution.CORRECTED]).values("copy")
    lost = resolved.filter(resolution=Resolution.LOST, copy__state=CopyState.LOST)
    return Copy.objects.available().filter(home__in=places).exclude(pk__in=added).count() + lost.count()
