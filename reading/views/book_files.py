"""The catalogue to take away."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.models import AccessAction
from organization.services.audit import record_event
from reading.exports.workbook import books_content, copies_listed
from reading.views.answers import librarian_of
from shuxiang.searches import searched
from shuxiang.workbooks.values import shown
from shuxiang.workbooks.writing import XLSX

LABELS = {"words": "检索", "area": "主题类别", "place": "地点"}


@require_safe
@never_cache
@login_required
def books_workbook(request: HttpRequest) -> HttpResponseBase:
    """The copies of the titles that the list shows with the same address: `q`, `area`, `place`."""
    viewer = librarian_of(request)
    chosen = {
        "words": searched(request.GET),
        "area": request.GET.get("area", ""),
        "place": request.GET.get("place", ""),
    }
    content, today = books_content(copies_listed(**chosen), timezone.localdate()), timezone.localdate()
    told = "，".join(f"{LABELS[name]}“{shown(value)}”" for name, value in chosen.items() if value)
    record_event(action=AccessAction.EXPORT, actor=viewer, about="图书馆藏清册", detail=told or "全部")
    name = f"图书馆藏清册{today}.xlsx"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response
