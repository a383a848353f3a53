"""What people scan at a stocktake: stored at once, each barcode one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from organization.models import Cadre
from reading.models import Copy, Scan, Stocktake
from reading.models.catalogue import CopyQuerySet
from reading.services.authority import check_librarian
from reading.services.barcodes import copy_by, read_code
from reading.services.place_tree import PlaceTree
from reading.services.stocktakes import hold
from reading.states import CopyState, StocktakeState

LENGTH = 30
AT_ONCE = 100


class WrongBarcode(ValueError):
    """No barcode at all; str() is a Chinese sentence."""


@dataclass(frozen=True)
class Counts:
    """`expected` are at home here and on the shelf by the catalogue, `seen` those of them that were scanned."""

    expected: int
    seen: int
    scanned: int
    mine: int

    @property
    def left(self) -> int:
        return self.expected - self.seen


def barcode_of(typed: str) -> str:
    """The barcode in what a scanner, a camera or a hand entered. Raises WrongBarcode."""
    code = read_code(typed)
    if not code:
        raise WrongBarcode("没有读到条码，请再扫一次，或照着标签输入。")
    if len(code) > LENGTH:
        raise WrongBarcode(f"条码最多 {LENGTH} 个字符，读到的太长，请再扫一次。")
    return code


@transaction.atomic
def scan(*, stocktake: Stocktake, typed: str, by: Cadre, now: datetime) -> tuple[Scan, bool]:
    """The barcode's row and whether it is new. Raises NotAllowed, StaleStocktake, WrongBarcode."""
    check_librarian(by)
    barcode = barcode_of(typed)
    hold(stocktake, StocktakeState.COUNTING)
    copy = copy_by(barcode)
    row, is_new = Scan.objects.select_related("copy__book").get_or_create(
        stocktake=stocktake,
        barcode=copy.barcode if copy else barcode,
        defaults={"copy": copy, "scanned_by": by, "scanned_at": now},
    )
    return row, is_new


@transaction.atomic
def unscan(*, stocktake: Stocktake, scan_id: int, by: Cadre) -> str:
    """Takes one's own scan back and gives its barcode; empty where it is gone. Raises NotAllowed, StaleStocktake."""
    check_librarian(by)
    hold(stocktake, StocktakeState.COUNTING)
    own = Scan.objects.filter(pk=scan_id, stocktake=stocktake, scanned_by=by)
    barcode = own.values_list("barcode", flat=True).first() or ""
    own.delete()
    return barcode


def places_of(stocktake: Stocktake) -> Sequence[int]:
    return PlaceTree().within(stocktake.place_id)


def expected_at(stocktake: Stocktake, places: Sequence[int], *, unseen: bool = False) -> CopyQuerySet:
    """Copies that should stand here; `unseen`, those that nobody has scanned yet. Each says whether it was `seen`."""
    seen = Exists(Scan.objects.filter(stocktake=stocktake, copy=OuterRef("pk")))
    shelf: CopyQuerySet = Copy.objects.filter(state=CopyState.AVAILABLE, home__in=places)
    return (shelf.filter(~seen) if unseen else shelf).annotate(seen=seen)


def counts_of(stocktake: Stocktake, places: Sequence[int], viewer: Cadre) -> Counts:
    expected = Copy.objects.available().filter(home__in=places).count()
    left = expected_at(stocktake, places, unseen=True).count()
    scans = Scan.objects.filter(stocktake=stocktake).order_by()
    own = scans.aggregate(all=Count("pk"), mine=Count("pk", filter=Q(scanned_by=viewer)))
    return Counts(expected, expected - left, own["all"], own["mine"])
