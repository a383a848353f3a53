"""The workbook as a download: made at once where it is small, else in the background first."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import IO
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from assessment.exports import StillChanging, export_appraisal
from assessment.models import ExportRun
from assessment.reports import NotAssessed
from assessment.services.exporting import check_exporter, is_large, listed_on_sheet, request_export
from assessment.tasks import wake
from assessment.views.access import begun_period, office_and_leaders
from organization.desk import signed_in
from organization.models import AccessAction, work_scope_of
from organization.services.audit import record_event
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from shuxiang.workbooks.writing import XLSX


@require_safe
@office_and_leaders
def appraisal_workbook(request: HttpRequest, code: str) -> HttpResponseBase:
    value = begun_period(code)
    try:
        scope = check_exporter(signed_in(request))
        if is_large(listed_on_sheet(value, scope)):
            messages.info(request, "人数较多，考核表在后台生成。请按“生成考核表”，生成后在本页下载。")
            return redirect("appraisal", code)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "workbook.xlsx"
            export_appraisal(value, path, ranks=True, scope=scope)
            content = BytesIO(path.read_bytes())
    except (NotAllowed, NotAssessed, StillChanging) as error:
        messages.error(request, str(error))
        return redirect("appraisal", code)
    return handed_over(request, content, code)


@sent_from("appraisal", "code")
@office_and_leaders
def appraisal_export(request: HttpRequest, code: str) -> HttpResponseBase:
    try:
        request_export(period=begun_period(code), by=signed_in(request))
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        wake()
    return redirect("appraisal", code)


@require_safe
@office_and_leaders
def appraisal_export_file(request: HttpRequest, code: str, export_id: UUID) -> HttpResponseBase:
    exports = ExportRun.objects.visible_to(signed_in(request)).filter(period_code=str(begun_period(code)))
    export = get_object_or_404(exports.exclude(file=""), pk=export_id)
    try:
        content = export.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return handed_over(request, content, code)


def handed_over(request: HttpRequest, content: IO[bytes], code: str) -> FileResponse:
    """Every workbook that leaves the portal by a page goes through here, and is an access event."""
    viewer, name = signed_in(request), f"书香机关考核表{begun_period(code).label}.xlsx"
    scope = "全部" if work_scope_of(viewer).everybody else "本单位"
    record_event(action=AccessAction.EXPORT, actor=viewer, about=f"{code} 考核表", detail=f"{scope}，{name}")
    response = FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response
