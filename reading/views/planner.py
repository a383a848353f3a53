"""The renewal planner: the shortfall turned into a buying list. For librarians and the office."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.models import AccessAction
from organization.restoring import restored
from organization.services.audit import record_event
from organization.services.lives import IllegalStep, Stale
from organization.services.places import unit_name
from organization.services.roles import NotAllowed
from reading.exports.acquisition import shop_workbook
from reading.forms.planner import PickForm
from reading.services.buying_list import buying_list, choose
from reading.services.planner import Row, plan
from reading.services.renewal import gauge_of
from reading.views.answers import librarian_of
from shuxiang.downloads import workbook

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def renewal_planner(request: HttpRequest) -> HttpResponse:
    """Rows as many as are missing are ticked to begin with. `sum` reckons, `choose` puts them on the list."""
    viewer, today = librarian_of(request), timezone.localdate()
    found = plan(gauge_of(year=today.year, today=today).renewal, today)
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    forms = pick_forms(request, list(page.object_list), found.missing)
    context: dict[str, Any] = {"plan": found, "page": page, "forms": forms}
    if request.method != "POST":
        return render(request, "renewal/planner.html", context)
    if [form for form in forms if form.is_bound and not form.is_valid()]:
        return render(request, "renewal/planner.html", {**context, "error": "有的册数或单价不对，请看下面标红的各行。"})
    picked = [one for form in forms if form.is_bound and (one := form.picked()) is not None]
    if sum(name.endswith("-pick") for name in request.POST) != len(picked):
        error = "有的书刚被别人办理过，已不在清单里，请核对后再列入。"
        return render(request, "renewal/planner.html", {**context, "error": error}, status=409)
    if request.POST.get("action") != "choose":
        total = sum((one.sum for one in picked), Decimal(0))
        return render(request, "renewal/planner.html", {**context, "picked": picked, "total": total})
    if not picked:
        return render(request, "renewal/planner.html", {**context, "error": "还没有选书，请先勾选要买的书。"})
    try:
        chosen = choose(picked=picked, by=viewer, now=timezone.now())
    except (NotAllowed, IllegalStep, Stale, ValueError) as error:
        return render(request, "renewal/planner.html", {**context, "error": str(error)}, status=409)
    messages.success(request, f"{len(chosen)} 种已列入选购。")
    return redirect("renewal_planner")


def pick_forms(request: HttpRequest, rows: list[Row], missing: int) -> list[PickForm]:
    """As sent, as typed when the session ended, or with the missing ones ticked."""
    kept = restored(request)
    if kept is not None:
        return [PickForm(None, row=row, initial=typed(kept, row.key)) for row in rows]
    ticked = {row.key for row in [row for row in rows if row.counts][:missing]}
    sent = {name.partition("-")[0] for name in request.POST if name.endswith("-copies")}
    return [
        PickForm(request.POST if row.key in sent else None, row=row, initial={"pick": not sent and row.key in ticked})
        for row in rows
    ]


def typed(kept: QueryDict, key: str) -> dict[str, Any]:
    """Of a row that came up meanwhile nothing."""
    names = [name for name in ("copies", "price") if f"{key}-{name}" in kept]
    return {"pick": f"{key}-pick" in kept} | {name: kept[f"{key}-{name}"] for name in names}


@require_safe
@never_cache
@login_required
def buying_list_file(request: HttpRequest) -> HttpResponseBase:
    viewer, today = librarian_of(request), timezone.localdate()
    name = f"图书选购清单{today}.xlsx"
    record_event(action=AccessAction.EXPORT, actor=viewer, about="图书选购清单", detail=name)
    return workbook(shop_workbook(buying_list(), unit_name(), today), name)
