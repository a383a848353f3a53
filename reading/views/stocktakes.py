"""Stocktakes: begun, their report, the workbook. For librarians."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from organization.models import AccessAction
from organization.services.audit import record_event
from organization.ways import sent_from
from reading.forms.stocktakes import StartForm
from reading.models import Place, Stocktake
from reading.services.comparing import compare
from reading.services.stocktake_report import cells, differences_listed, layouts, report_on
from reading.services.stocktakes import StaleStocktake, count_again, finish_stocktake, start_stocktake
from reading.views.answers import librarian_of
from shuxiang.workbooks.writing import XLSX, write_sheet

STOCKTAKES = 30
# So many as a signed print still has on one page of the portal; the workbook has all.
DIFFERENCES = 500


@require_safe
@never_cache
@login_required
def stocktakes(request: HttpRequest) -> HttpResponse:
    librarian_of(request)
    return listed(request, StartForm(initial={"place": request.GET.get("place", "")}))


def listed(request: HttpRequest, form: StartForm) -> HttpResponse:
    left = Count("differences", filter=Q(differences__resolution=""))
    rows = Stocktake.objects.select_related("place", "started_by").annotate(left=left)
    page = Paginator(rows.order_by("finished_at", "-started_at", "-pk"), STOCKTAKES).get_page(request.GET.get("page"))
    return render(request, "stocktakes.html", {"page": page, "form": form})


@sent_from("stocktakes")
@never_cache
@login_required
def stocktake_start(request: HttpRequest) -> HttpResponse:
    viewer = librarian_of(request)
    form = StartForm(request.POST)
    if form.is_valid():
        place = get_object_or_404(Place, pk=form.cleaned_data["place"])
        try:
            return redirect("stocktake", start_stocktake(place=place, by=viewer, now=timezone.now()).pk)
        except StaleStocktake as error:
            form.add_error("place", str(error))
    return listed(request, form)


def found(stocktake_id: int) -> Stocktake:
    return get_object_or_404(Stocktake.objects.select_related("place", "started_by", "finished_by"), pk=stocktake_id)


@sent_from("stocktake_differences", "stocktake_id")
@never_cache
@login_required
def stocktake_compare(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    viewer, stocktake = librarian_of(request), found(stocktake_id)
    try:
        count = compare(stocktake=stocktake, by=viewer, now=timezone.now())
    except StaleStocktake as error:
        messages.info(request, str(error))
    else:
        messages.success(request, f"核对完毕，有 {count} 条差异要处理。" if count else "核对完毕，没有新的差异。")
    return redirect("stocktake_differences", stocktake.pk)


@sent_from("stocktake", "stocktake_id")
@never_cache
@login_required
def stocktake_count(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    """Back to counting."""
    viewer, stocktake = librarian_of(request), found(stocktake_id)
    try:
        count_again(stocktake=stocktake, by=viewer, now=timezone.now())
    except StaleStocktake as error:
        messages.info(request, str(error))
    return redirect("stocktake", stocktake.pk)


@sent_from("stocktake_differences", "stocktake_id")
@never_cache
@login_required
def stocktake_finish(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    viewer, stocktake = librarian_of(request), found(stocktake_id)
    try:
        finish_stocktake(stocktake=stocktake, by=viewer, now=timezone.now())
    except StaleStocktake as error:
        messages.info(request, str(error))
        return redirect("stocktake_differences", stocktake.pk)
    messages.success(request, "盘点完成。")
    return redirect("stocktake_report", stocktake.pk)


@require_safe
@never_cache
@login_required
def stocktake_report(request: HttpRequest, stocktake_id: int) -> HttpResponse:
    """In numbers, with what became of each difference; prints as a signed sheet."""
    librarian_of(request)
    stocktake = found(stocktake_id)
    if stocktake.is_counting:
        return redirect("stocktake", stocktake.pk)
    report, pages = report_on(stocktake), Paginator(differences_listed(stocktake), DIFFERENCES)
    pages.count = report.total  # told already: it is not counted again
    context = {"stocktake": stocktake, "report": report, "page": pages.get_page(request.GET.get("page"))}
    context["events"] = stocktake.events.select_related("actor")
    return render(request, "stocktakes/report.html", context)


@require_safe
@never_cache
@login_required
def stocktake_workbook(request: HttpRequest, stocktake_id: int) -> FileResponse | HttpResponse:
    viewer, stocktake = librarian_of(request), found(stocktake_id)
    if stocktake.is_counting:
        messages.info(request, "核对差异以后才有盘点表。")
        return redirect("stocktake", stocktake.pk)
    book, content = Workbook(write_only=True), BytesIO()
    summary, details = layouts(stocktake)
    write_sheet(book, summary, report_on(stocktake).lines())
    write_sheet(book, details, map(cells, differences_listed(stocktake).iterator(DIFFERENCES)))
    book.save(content)
    content.seek(0)
    name = f"盘点表-{stocktake.place.name}-{timezone.localtime(stocktake.started_at):%Y%m%d}.xlsx"
    record_event(action=AccessAction.EXPORT, actor=viewer, about=f"盘点 {stocktake.pk}", detail=name)
    response = FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response
