"""The page on which books are scanned, with a scanner, a camera that types, or by ticking a list."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.models import Cadre
from organization.ways import sent_from
from reading.models import Book, Scan, Stocktake
from reading.services.place_tree import PlaceTree
from reading.services.scanning import AT_ONCE, WrongBarcode, counts_of, expected_at, scan, unscan
from reading.services.search import found_by
from reading.services.stocktakes import StaleStocktake
from reading.views.answers import librarian_of
from reading.views.stocktakes import found
from shuxiang.rows import by_code_point
from shuxiang.searches import bare, searched

LAST = 10
TICKED = 50


@require_safe
@never_cache
@login_required
def stocktake(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    viewer, counted = librarian_of(request), found(stocktake_id)
    if counted.is_finished:
        return redirect("stocktake_report", counted.pk)
    return scan_page(request, counted, viewer)


def scan_page(request: HttpRequest, counted: Stocktake, viewer: Cadre, **more: Any) -> HttpResponse:
    return render(request, "stocktakes/scan.html", {**live_of(counted, viewer), "stocktake": counted, **more})


def live_of(counted: Stocktake, viewer: Cadre) -> dict[str, Any]:
    """What changes with every scan, one's own or another's."""
    last = counted.scans.select_related("copy__book", "copy__home", "scanned_by")[:LAST]
    places = PlaceTree().within(counted.place_id)
    return {"counts": counts_of(counted, places, viewer), "last": list(last), "places": places, "viewer": viewer}


@require_safe
@never_cache
@login_required
def stocktake_live(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    """The same for the page's script, which asks now and then."""
    viewer, counted = librarian_of(request), found(stocktake_id)
    return JsonResponse({"live": fragment(request, counted, viewer), "counting": counted.is_counting})


def fragment(request: HttpRequest, counted: Stocktake, viewer: Cadre) -> str:
    context = {**live_of(counted, viewer), "stocktake": counted}
    return render_to_string("stocktakes/live.html", context, request=request)


@sent_from("stocktake", "stocktake_id")
@never_cache
@login_required
def stocktake_scan(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    """Takes one barcode or several. A barcode that is none is told, the others are stored."""
    viewer, counted = librarian_of(request), found(stocktake_id)
    typed = request.POST.getlist("barcode")[:AT_ONCE]
    told: list[str] = []
    wrong: list[str] = []
    try:
        for each in typed:
            try:
                row, is_new = scan(stocktake=counted, typed=each, by=viewer, now=timezone.now())
            except WrongBarcode as error:
                wrong.append(str(error))
            else:
                told.append(said(row, is_new))
    except StaleStocktake as error:
        if wants_json(request):
            return JsonResponse({"told": str(error)}, status=409)
        messages.error(request, str(error))
        return redirect("stocktake", counted.pk)
    if wants_json(request):
        answer = {"told": [*told, *wrong][-1:], "wrong": bool(wrong)}
        return JsonResponse({**answer, "live": fragment(request, counted, viewer)})
    if not typed or wrong:
        return scan_page(request, counted, viewer, wrong=wrong[0] if wrong else "请先扫描条码。", typed=typed[-1:])
    messages.success(request, told[0] if len(told) == 1 else f"记下 {len(told)} 册。")
    return redirect("stocktake_list" if request.POST.get("next") == "list" else "stocktake", counted.pk)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def said(row: Scan, is_new: bool) -> str:
    what = f"{row.barcode} {row.copy.book.quoted}" if row.copy else f"{row.barcode}，目录里没有这个条码"
    return f"已记下：{what}" if is_new else f"先前已经扫过：{what}"


@sent_from("stocktake", "stocktake_id")
@never_cache
@login_required
def stocktake_unscan(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    viewer, counted = librarian_of(request), found(stocktake_id)
    number = request.POST.get("scan", "")
    try:
        is_number = number.isascii() and number.isdecimal() and len(number) <= 18
        barcode = unscan(stocktake=counted, scan_id=int(number) if is_number else 0, by=viewer)
    except StaleStocktake as error:
        messages.error(request, str(error))
    else:
        messages.info(request, f"{barcode} 这一次扫描已经撤销。" if barcode else "这一次扫描先前已经撤销。")
    return redirect("stocktake", counted.pk)


@require_safe
@never_cache
@login_required
def stocktake_list(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    """The books expected here, to be ticked by whoever has no scanner; those not seen yet come first."""
    viewer, counted = librarian_of(request), found(stocktake_id)
    if not counted.is_counting:
        return redirect("stocktake", counted.pk)
    words, places = searched(request.GET), PlaceTree().within(counted.place_id)
    rows = expected_at(counted, places, unseen=request.GET.get("seen") != "1")
    if words:
        named = found_by(Book.objects.all(), words) if bare(words) else Book.objects.none()
        rows = rows.filter(Q(book__in=named) | Q(barcode=words.upper()))
    ordered = rows.select_related("book", "home").order_by(
        by_code_point("book__call_number"), "book__sort_key", by_code_point("barcode")
    )
    page = Paginator(ordered, TICKED).get_page(request.GET.get("page"))
    chosen = {"q": words, "seen": "1" if request.GET.get("seen") == "1" else ""}
    kept = urlencode({name: value for name, value in chosen.items() if value})
    context = {"stocktake": counted, "page": page, "words": words, "seen": chosen["seen"]}
    counts = counts_of(counted, places, viewer)
    return render(request, "stocktakes/list.html", {**context, "kept": f"{kept}&" if kept else "", "counts": counts})
