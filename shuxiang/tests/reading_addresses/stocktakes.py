from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Difference, Stocktake
from reading.tests.factories import PlaceFactory
from shuxiang.tests.area_pages import LIBRARIANS, AreaPage, for_librarians, stored


def a_stocktake(viewer: Cadre, state: str = "counting") -> dict[str, Any]:
    made = Stocktake.objects.create(place=PlaceFactory(), started_by=viewer, started_at=timezone.now(), state=state)
    if state == "compared":
        Stocktake.objects.filter(pk=made.pk).update(compared_at=timezone.now(), expected=0)
    return {"stocktake_id": made.pk}


def a_compared_stocktake(viewer: Cadre) -> dict[str, Any]:
    return a_stocktake(viewer, "compared")


def a_difference(viewer: Cadre) -> dict[str, Any]:
    arguments = a_compared_stocktake(viewer)
    row = Difference.objects.create(kind="unknown", barcode="X1", **arguments)
    return {**arguments, "difference_id": row.pk}


def stored_differences() -> Iterator[dict[str, Any]]:
    for row in Difference.objects.all()[:1]:
        yield {"stocktake_id": row.stocktake_id, "difference_id": row.pk}


PAGES: dict[str, AreaPage] = {
    "stocktakes": AreaPage(readers=LIBRARIANS),
    "stocktake_start": AreaPage(readers=LIBRARIANS, method="post"),
    "stocktake": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_live": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_scan": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post"),
    "stocktake_unscan": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_list": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_compare": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_count": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_finish": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_report": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_workbook": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_differences": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "difference_resolve": for_librarians(a_difference, stored_differences, "post"),
    "difference_undo": for_librarians(a_difference, stored_differences, "post", 302),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "reading.stocktake": (set(LIBRARIANS), set()),
    "reading.difference": (set(LIBRARIANS), set()),
}
