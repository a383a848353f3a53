"""The desk's pages on which registers come in: choose, upload, look, apply or discard; and what came in before."""

import io
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from organization.desk import DeskAdmin, has_role, heads_the_tree, signed_in
from organization.forms import RegisterUploadForm
from organization.models import AccessAction, RegisterImport
from organization.services.audit import record_event
from organization.services.imports import Decided, PreviewChanged, apply_import, discard_import, upload_register
from organization.services.preview import summary
from organization.services.register_kinds import KINDS, FollowUp, RegisterKind
from shuxiang.uploads import download_name
from shuxiang.workbooks.blank import blank_register
from shuxiang.workbooks.importing import announce_import
from shuxiang.workbooks.registers import WorkbookRefused

NAME = "organization_registerimport"
FULL = "存储空间不足，没有收下文件。请联系系统维护人员，稍后再上传。"


def brings_in(request: HttpRequest, kind: RegisterKind) -> bool:
    return heads_the_tree(request) or has_role(request, kind.importers)


def kinds_for(request: HttpRequest) -> list[RegisterKind]:
    return [kind for kind in KINDS.values() if brings_in(request, kind)]


def is_hidden(object_id: str) -> bool:
    """Whether there is such an import after all, of a kind that the person does not bring in."""
    try:
        return RegisterImport.objects.filter(pk=object_id).exists()
    except (ValidationError, ValueError):
        return False


class RegisterImportAdmin(DeskAdmin):
    """For the office that sees everybody, as a register may speak of everybody, and for whom a kind names."""

    of_the_root = True
    list_display = ["created_at", "register", "original_name", "state", "result", "uploaded_by", "decided_by"]
    list_select_related = ["uploaded_by", "decided_by"]
    list_filter = ["state"]
    search_fields = ["original_name", "uploaded_by__name", "uploaded_by__employee_number"]
    date_hierarchy = "created_at"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(kinds_for(request)) and (obj is None or brings_in(request, KINDS[obj.kind]))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(kinds_for(request))

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[RegisterImport]:
        return rows.filter(kind__in=[kind.key for kind in kinds_for(request)])

    @admin.display(description="登记表", ordering="kind")
    def register(self, found: RegisterImport) -> str:
        return KINDS[found.kind].title

    @admin.display(description="变化")
    def result(self, found: RegisterImport) -> str:
        return summary(found.preview, KINDS[found.kind])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("template/<str:key>/", view(self.template_view), name=f"{NAME}_template"),
            path("<uuid:pk>/file/", view(self.file_view), name=f"{NAME}_file"),
            path("<uuid:pk>/refused/", view(self.refused_view), name=f"{NAME}_refused"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        kind = KINDS.get(request.GET.get("kind", ""))
        if kind is None:
            return self.page(request, "choose", "导入登记表", kinds=kinds_for(request))
        if not brings_in(request, kind):
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = RegisterUploadForm(*sent, form_of_kind=kind.form)
        if form.is_valid() and (found := self.upload(request, kind, form)):
            return redirect(f"admin:{NAME}_change", found.pk)
        limits = {"megabytes": settings.WORKBOOK_MAX_BYTES // 1024**2, "rows": settings.WORKBOOK_MAX_WEB_ROWS}
        title = f"导入{kind.title}"
        return self.page(request, "upload", title, kind=kind, form=form, sheets=sheets_of(kind), **limits)

    def upload(self, request: HttpRequest, kind: RegisterKind, form: RegisterUploadForm) -> RegisterImport | None:
        """None where the form now says why the file is not taken."""
        try:
            return upload_register(kind=kind, file=form.cleaned_data["file"], by=signed_in(request), now=timezone.now())
        except WorkbookRefused as error:
            form.add_error("file", str(error))
        except OSError:
            form.add_error("file", FULL)
        return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if not self.has_view_permission(request, found) or (found is None and is_hidden(object_id)):
            raise PermissionDenied
        if found is None:
            return super().change_view(request, object_id)  # leads away with a message
        if request.method == "POST":
            return self.decide(request, found)
        kind = KINDS[found.kind]
        shown = {"preview": found.preview, "effect": effect_of(found, kind), "rest": rest_of(found)}
        shown["follow"] = follow_up(found, kind)
        return self.page(request, "preview", f"导入{kind.title}", kind=kind, original=found, **shown)

    def decide(self, request: HttpRequest, found: RegisterImport) -> HttpResponse:
        by, now, action = signed_in(request), timezone.now(), request.POST.get("action")
        try:
            if action == "discard":
                discard_import(found=found, by=by, now=now)
                messages.success(request, f"已放弃“{found}”，没有写入任何数据。")
            elif action == "apply":
                done = apply_import(found=found, by=by, digest=request.POST.get("digest", ""), now=now)
                announce_import()
                messages.success(request, f"{done}。有关的考核期会在后台自动重新计算，到“考核”看结果。")
        except (Decided, PreviewChanged, WorkbookRefused) as error:
            messages.warning(request, str(error))
        return redirect(f"admin:{NAME}_change", found.pk)

    def template_view(self, request: HttpRequest, key: str) -> FileResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        kind = KINDS.get(key)
        if kind is None or not kind.specs:
            raise Http404
        if not brings_in(request, kind):
            raise PermissionDenied
        return download(io.BytesIO(blank_register(kind.specs)), f"{kind.title}模板.xlsx")

    def file_view(self, request: HttpRequest, pk: UUID) -> FileResponse:
        return self.stored(request, pk, "file")

    def refused_view(self, request: HttpRequest, pk: UUID) -> FileResponse:
        return self.stored(request, pk, "refused_file")

    def stored(self, request: HttpRequest, pk: UUID, field: str) -> FileResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = get_object_or_404(RegisterImport, pk=pk)
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        file = getattr(found, field)
        name = KINDS[found.kind].form.refused_name if field == "refused_file" else ""
        if not file or not file.storage.exists(file.name):
            raise Http404
        record_event(
            action=AccessAction.EXPORT,
            actor=signed_in(request),
            about=f"{KINDS[found.kind].title} {found}",
            detail=name,
        )
        return download(file.open("rb"), name or download_name(found.original_name))

    def page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        whole["list_url"] = reverse(f"admin:{NAME}_changelist")
        return TemplateResponse(request, f"admin/organization/registerimport/{template}.html", whole)


def sheets_of(kind: RegisterKind) -> list[dict[str, Any]]:
    return [
        {
            "name": spec.name,
            "optional": spec.optional,
            "columns": [(column.name, column.required, kind.hint(spec.name, column.name)) for column in spec.columns],
        }
        for spec in kind.specs
    ]


def effect_of(found: RegisterImport, kind: RegisterKind) -> str:
    """What the button does, in its own words; empty where there is nothing to write."""
    preview = found.preview
    parts = [f"导入 {preview['added']} {kind.noun}"] if preview["added"] else []
    parts += [f"改动 {preview['changed']} {kind.noun}"] if preview["changed"] else []
    if not parts and preview["created"]:
        parts = ["写入变化"]
    said = "，".join(parts)
    return f"先写入好的{kind.form.unit}：{said}" if said and preview["refused"] else said


def follow_up(found: RegisterImport, kind: RegisterKind) -> FollowUp | None:
    """Where something came in with it."""
    if kind.follow is None or found.decided_at is None or not found.preview["added"]:
        return None
    return kind.follow(found.decided_at)


def rest_of(found: RegisterImport) -> dict[str, int]:
    """How many of each list the page does not show."""
    preview = found.preview
    return {
        "added": preview["added"] - len(preview["added_lines"]),
        "changed": preview["changed"] - len(preview["changed_lines"]),
        "problems": preview["problem_count"] - len(preview["problems"]),
    }


def download(content: Any, name: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response
