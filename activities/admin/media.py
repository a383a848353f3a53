"""Materials and photographs as the office looks them up; they are added and removed on the activity's pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from activities.models import Activity, Material, Photograph
from organization.desk import DeskAdmin, signed_in


@admin.register(Material)
class MaterialAdmin(DeskAdmin):
    list_display = ["title", "format", "size", "activity", "theme", "call", "uploaded_by", "created_at"]
    list_select_related = ["activity", "theme", "call", "uploaded_by"]
    list_filter = ["format"]
    search_fields = ["title", "original_name", "activity__title", "activity__reference"]
    date_hierarchy = "created_at"
    fields = [
        "download", "title", "original_name", "format", "size", "sha256", "activity", "theme", "call", "uploaded_by",
        "created_at",
    ]  # fmt: skip
    readonly_fields = ["download"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.in_sight_of(signed_in(request))

    @admin.display(description="文件")
    def download(self, material: Material) -> SafeString:
        return format_html('<a href="{}">下载</a>', reverse("material", args=[material.pk]))


@admin.register(Photograph)
class PhotographAdmin(DeskAdmin):
    """Those of the activities that the office edits, with the sign-in sheets."""

    list_display = ["__str__", "kind", "activity", "uploaded_by", "created_at"]
    list_select_related = ["activity", "uploaded_by"]
    list_filter = ["kind"]
    search_fields = ["caption", "original_name", "activity__title", "activity__reference"]
    date_hierarchy = "created_at"
    fields = [
        "look", "caption", "kind", "activity", "position", "original_name", "size", "width", "height", "uploaded_by",
        "created_at",
    ]  # fmt: skip
    readonly_fields = ["look"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(activity__in=Activity.objects.editable_by(signed_in(request)))

    @admin.display(description="照片")
    def look(self, photograph: Photograph) -> SafeString:
        address = reverse("activity_photograph", args=[photograph.activity_id, photograph.pk])
        return format_html('<a href="{}">打开</a>', address)
