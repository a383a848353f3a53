"""The renewal gauge: each number opens its list. For librarians, the office and leaders."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.desk import signed_in
from organization.models import AccessAction
from organization.services.audit import record_event
from organization.services.places import unit_name
from reading.exports.acquisition import movements, renewal_workbook
from reading.renewal import Renewal
from reading.services.authority import is_librarian
from reading.services.renewal import Gauge, gauge_of, in_order, listed, may_read, years_told
from shuxiang.downloads import workbook

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]
PER_PAGE = 50
FEW_YEARS = 10
# The drawn shelf: how many books stand on it, how far apart, and how tall they are.
SPINES, STEP, HEIGHTS = 60, 16, (52, 46, 58, 49, 55)


def renewal_readers(view: View[Parameters]) -> View[Parameters]:
    @require_safe
    @never_cache
    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponseBase:
        if not may_read(signed_in(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def gauge_in(year: int | None, today: date) -> tuple[Gauge, list[int]]:
    """Of the running year where none is named; 404 for years in which there were no books yet."""
    years = years_told(today)
    if year is not None and year not in years:
        raise Http404
    return gauge_of(year=year or today.year, today=today), years


@renewal_readers
def renewal(request: HttpRequest, year: int | None = None) -> HttpResponse:
    today = timezone.localdate()
    gauge, years = gauge_in(year, today)
    found = gauge.renewal
    parts = {part.code: part for part in gauge.parts()}
    context: dict[str, Any] = {
        "gauge": gauge,
        "renewal": found,
        "base": parts["base"],
        "new": parts["new"],
        "sources": [part for code, part in parts.items() if code not in ("base", "new", "gone", "closing")],
        "gone": parts["gone"],
        "closing": parts["closing"],
        "years": years[:FEW_YEARS],
        "is_running": found.year == today.year,
        **shelf_of(found),
        "is_librarian": is_librarian(signed_in(request)),
    }
    return render(request, "renewal.html", context)


def shelf_of(found: Renewal) -> dict[str, Any]:
    """A shelf of at most 60 spines: those of what came, outlines for what is owed, a line at the target."""
    per_spine = -(-max(found.target, len(found.new)) // SPINES) or 1
    came, owed = len(found.new) // per_spine, -(-found.target // per_spine)
    spines = [
        {
            "look": f"cloth-{place * 7 % 10 + 1}" if place < came else "gauge-owed",
            "x": place * STEP,
            "y": 66 - HEIGHTS[place % len(HEIGHTS)],
            "height": HEIGHTS[place % len(HEIGHTS)],
        }
        for place in range(max(came, owed))
    ]
    return {"spines": spines, "per_spine": per_spine, "mark": max(0, owed * STEP - 3)}


@renewal_readers
def renewal_titles(request: HttpRequest, year: int, part: str) -> HttpResponse:
    gauge, _ = gauge_in(year, timezone.localdate())
    found = gauge.part(part)
    if found is None:
        raise Http404
    page = Paginator(in_order(found.titles), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(book, list(movements(book, gauge))) for book in listed(page.object_list)]
    context = {"gauge": gauge, "part": found, "parts": gauge.parts(), "page": page, "rows": rows}
    return render(request, "renewal/titles.html", context)


@renewal_readers
def renewal_workbook_file(request: HttpRequest, year: int) -> FileResponse:
    today = timezone.localdate()
    gauge, _ = gauge_in(year, today)
    name = f"图书更新率{year}年.xlsx"
    record_event(action=AccessAction.EXPORT, actor=signed_in(request), about=f"{year} 图书更新率", detail=name)
    return workbook(renewal_workbook(gauge, unit_name(), today), name)
