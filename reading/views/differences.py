"""The differences of a stocktake, resolved one by one; several people at once."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.restoring import restored
from organization.ways import sent_from
from reading.forms.stocktakes import ResolveForm
from reading.models import Difference, Stocktake
from reading.services.copies import StaleCopy
from reading.services.moving import ClosedPlace
from reading.services.place_tree import PlaceTree
from reading.services.resolving import (
    AT_COUNTER,
    StaleDifference,
    WrongResolution,
    resolve,
    take_back,
    ways_offered,
)
from reading.services.stocktake_report import differences_listed
from reading.services.stocktakes import StaleStocktake
from reading.states import CopyState
from reading.views.answers import librarian_of
from reading.views.stocktakes import found

DIFFERENCES = 20
LATE = (StaleStocktake, StaleDifference)
REFUSED = (WrongResolution, StaleCopy, ClosedPlace)
# What a button says, before it is done.
BUTTONS = {
    "found": "已找到",
    "lost": "登记丢失",
    "moved": "改为此处馆藏",
    "sent_back": "送回原处",
    "corrected": "更正为在架",
    "noted": "已记录",
}
# Of a copy that is in the wrong state: what is done to that first.
IN_WRONG_STATE = {"sent_back": "更正并送回原处", "moved": "更正并改为此处馆藏"}


@require_safe
@never_cache
@login_required
def stocktake_differences(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    librarian_of(request)
    stocktake = found(stocktake_id)
    if stocktake.is_counting:
        return redirect("stocktake", stocktake.pk)
    return listed(request, stocktake, {})


def listed(request: HttpRequest, stocktake: Stocktake, refused: dict[str, Any]) -> HttpResponse:
    """`refused` has the difference that could not be resolved, why, and what was typed."""
    sent = request.POST if request.method == "POST" else request.GET
    kind = sent.get("kind", "") if sent.get("kind") in Difference.Kind.values else ""
    everything = sent.get("all") == "1"
    rows = differences_listed(stocktake)
    counts = dict.fromkeys(Difference.Kind.values, 0)
    left = 0
    for each, resolution in stocktake.differences.order_by().values_list("kind", "resolution"):
        counts[each] += everything or not resolution
        left += not resolution
    if kind:
        rows = rows.filter(kind=kind)
    if not everything:
        rows = rows.filter(resolution="")
    page = Paginator(rows, DIFFERENCES).get_page(sent.get("page"))
    tree = PlaceTree()
    within = tree.within(stocktake.place_id)
    places = [(pk, tree.places[pk].name) for pk in within if not tree.places[pk].is_closed]
    chosen = {"kind": kind, "all": "1" if everything else ""}
    kept = urlencode({name: value for name, value in chosen.items() if value})
    context = {
        "stocktake": stocktake,
        "page": page,
        "rows": [listing_of(row, within, note_on(request, row, refused)) for row in page],
        "tabs": tabs_of(kind, everything, counts),
        "kept": f"{kept}&" if kept else "",
        "left": left,
        "places": places,
        **chosen,
        **refused,
    }
    return render(request, "stocktakes/differences.html", context)


def is_at_counter(row: Difference) -> bool:
    return row.copy is not None and row.copy.state in AT_COUNTER


def button_of(row: Difference, way: Difference.Resolution) -> str:
    if row.kind != Difference.Kind.UNEXPECTED or row.copy is None or is_at_counter(row):
        return BUTTONS[way.value]
    if row.copy.state == CopyState.WITHDRAWN and way == Difference.Resolution.CORRECTED:
        return "恢复在架"
    return IN_WRONG_STATE.get(way.value, BUTTONS[way.value])


def note_on(request: HttpRequest, row: Difference, refused: dict[str, Any]) -> str:
    """What was typed: into the form that was refused, or into one whose session had ended."""
    if refused.get("at_fault") == row.pk:
        return str(refused["typed"])
    kept = restored(request, reverse("difference_resolve", args=[row.stocktake_id, row.pk]))
    return kept.get("note", "") if kept is not None else ""


def listing_of(
    row: Difference, places: Collection[int], note: str
) -> tuple[Difference, list[tuple[str, str]], bool, bool, str]:
    """With the buttons, whether it ends at the counter, whether it may get its home here, and what was typed."""
    ways = ways_offered(row, places)
    buttons = [(way.value, button_of(row, way)) for way in ways]
    return row, buttons, is_at_counter(row), Difference.Resolution.MOVED in ways, note


def tabs_of(kind: str, everything: bool, counts: dict[str, int]) -> list[tuple[str, str, bool]]:
    rest = "&all=1" if everything else ""
    tabs = [(f"全部 {sum(counts.values())}", f"?{rest[1:]}", not kind)]
    return tabs + [
        (f"{each.label} {counts[each]}", f"?kind={each.value}{rest}", kind == each) for each in Difference.Kind
    ]


@sent_from("stocktake_differences", "stocktake_id")
@never_cache
@login_required
def difference_resolve(request: HttpRequest, stocktake_id: int, difference_id: int) -> HttpResponse:
    viewer, stocktake = librarian_of(request), found(stocktake_id)
    difference = get_object_or_404(stocktake.differences.select_related("stocktake"), pk=difference_id)
    tree = PlaceTree()
    form = ResolveForm(request.POST, places=[(pk, "") for pk in tree.within(stocktake.place_id)])
    typed = {"at_fault": difference.pk, "typed": request.POST.get("note", "")[:1000].replace("\x00", "")}
    if not form.is_valid():
        why = next(iter(form.errors.values()))[0]
        return listed(request, stocktake, {**typed, "why": why})
    cleaned = form.cleaned_data
    try:
        resolve(
            difference=difference,
            how=cleaned["resolution"],
            by=viewer,
            now=timezone.now(),
            note=cleaned["note"],
            to=tree.places[cleaned["to"]] if cleaned["to"] else None,
        )
    except REFUSED as error:
        return listed(request, stocktake, {**typed, "why": str(error)})
    except LATE as error:
        messages.error(request, f"{difference.barcode}：{error}")
    else:
        done = Difference.Resolution(cleaned["resolution"]).label
        messages.success(request, f"{difference.barcode} 处理为“{done}”。")
    return back(request, stocktake)


@sent_from("stocktake_differences", "stocktake_id")
@never_cache
@login_required
def difference_undo(request: HttpRequest, stocktake_id: int, difference_id: int) -> HttpResponse:
    viewer, stocktake = librarian_of(request), found(stocktake_id)
    difference = get_object_or_404(stocktake.differences.select_related("stocktake"), pk=difference_id)
    try:
        take_back(difference=difference, by=viewer, now=timezone.now())
    except (*LATE, *REFUSED) as error:
        messages.error(request, f"{difference.barcode}：{error}")
    else:
        messages.success(request, f"{difference.barcode} 的处理已经撤销。")
    return back(request, stocktake)


def back(request: HttpRequest, stocktake: Stocktake) -> HttpResponse:
    """The list as it was: which kind, which page."""
    kept = {name: request.POST.get(name, "")[:20].replace("\x00", "") for name in ("kind", "all", "page")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return redirect(f"{reverse('stocktake_differences', args=[stocktake.pk])}?{query}")
