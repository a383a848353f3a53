from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from activities.models import Activity, Registration, RegistrationEvent
from organization.desk import DeskAdmin, ReadOnlyInline, signed_in


class RegistrationEventInline(ReadOnlyInline):
    model = RegistrationEvent
    fields = ["at", "action", "actor", "reason"]
    verbose_name_plural = "经过"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegistrationEvent]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Registration)
class RegistrationAdmin(DeskAdmin):
    """To look at: people come and go on the activity's own pages."""

    list_display = ["activity", "cadre", "state", "queued_at"]
    list_select_related = ["activity", "cadre"]
    list_filter = ["state"]
    search_fields = ["activity__reference", "activity__title", "cadre__name", "cadre__employee_number"]
    date_hierarchy = "queued_at"
    ordering = ["-queued_at", "-pk"]
    fields = ["activity", "cadre", "state", "queued_at", "reminded_for"]
    inlines = [RegistrationEventInline]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Registration]:
        return rows.filter(activity__in=Activity.objects.editable_by(signed_in(request)))
