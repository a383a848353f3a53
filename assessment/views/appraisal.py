"""The page of a period: where it stands, and the run that brings it up to date."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from assessment.boards.sheet import Sheet, choices_of, sheet_of
from assessment.boards.status import assessed_later, blocks_of, facts_changed
from assessment.models import AssessmentRun, ExportRun, Period
from assessment.services import CannotAssess
from assessment.services.exporting import is_large
from assessment.services.runs import request_run
from assessment.tasks import wake
from assessment.views.access import begun_period, for_readers, office_and_leaders
from organization.desk import desk_scope, signed_in
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from shuxiang.periods import Quarter

RUNS_SHOWN = 5


@require_safe
@office_and_leaders
def appraisal(request: HttpRequest, code: str = "") -> HttpResponseBase:
    periods = {period.code: period for period in Period.objects.assessed()}
    if not code:
        current = str(Quarter.of(timezone.localdate()))
        asked = begun_period(request.GET.get("period") or next(iter(periods), current))
        return redirect("appraisal", asked)
    value, viewer, scope = begun_period(code), signed_in(request), desk_scope(request)
    period = periods.get(code)
    sheet = sheet_of(period, scope, periods) if period else None
    changed = period is not None and facts_changed(period)
    later = assessed_later(value, periods) if period else []
    is_office = viewer.has_role(Role.OFFICE)
    context = {
        "code": code,
        "label": value.heading,
        "sheet": sheet,
        "periods": choices_of(periods.values(), timezone.localdate()),
        "runs": list(AssessmentRun.objects.filter(period_code=code).select_related("requested_by")[:RUNS_SHOWN]),
        "has_place": scope.everybody or scope.departments,
        "is_office": is_office,
        "blocks": blocks_of(value, viewer, scope),
        "changed": changed,
        "later": later,
        "can_rest": not is_office or (sheet is not None and not changed and not later),
        **export_of(request, sheet),
    }
    return render(request, "appraisal.html", context)


def export_of(request: HttpRequest, sheet: Sheet | None) -> dict[str, Any]:
    """How the workbook is had: at once, or by a run of its own where it is large."""
    if sheet is None or sheet.top is None or not is_large(sheet.top.listed):
        return {"is_large": False}
    export = ExportRun.objects.visible_to(signed_in(request)).latest_of(sheet.period.value)
    assessed_at = sheet.period.assessed_at
    is_old = bool(export and export.started_at and assessed_at and export.started_at < assessed_at)
    return {"is_large": True, "export": export, "export_is_old": is_old}


@sent_from("appraisal", "code")
@office_and_leaders
def appraisal_run(request: HttpRequest, code: str) -> HttpResponseBase:
    value = begun_period(code)
    try:
        request_run(period=value, by=signed_in(request))
    except (CannotAssess, NotAllowed) as error:
        messages.error(request, str(error))
    else:
        wake()
    return redirect("appraisal", code)


@require_safe
@never_cache
@login_required
def appraisal_progress(request: HttpRequest, code: str) -> HttpResponse:
    runs = AssessmentRun.objects.filter(period_code=str(begun_period(code)))
    return progress_of(request, for_readers(runs, signed_in(request)), "appraisal_progress", code)


@require_safe
@never_cache
@login_required
def appraisal_export_progress(request: HttpRequest, code: str) -> HttpResponse:
    runs = ExportRun.objects.visible_to(signed_in(request)).filter(period_code=str(begun_period(code)))
    return progress_of(request, for_readers(runs, signed_in(request)), "appraisal_export_progress", code)


def progress_of(request: HttpRequest, runs: QuerySet[Any], name: str, code: str) -> HttpResponse:
    """The bar of the latest run, polled every two seconds; once it has ended, the page is shown anew."""
    run = runs.order_by("-requested_at", "-pk").first()
    if run is None:
        raise Http404
    if "HX-Request" not in request.headers:
        return redirect("appraisal", code)
    if not run.is_pending:
        return HttpResponseClientRefresh()
    return render(request, "appraisal/progress.html", {"run": run, "code": code, "name": name})
