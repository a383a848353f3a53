from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from activities.models import Activity, Attendance
from organization.desk import DeskAdmin
from organization.roles import Role


@admin.register(Activity)
class ActivityAdmin(DeskAdmin):
    editors = adders = (Role.OFFICE,)
    list_display = ["reference", "title", "category", "date", "attendance_count"]
    list_filter = ["category"]
    search_fields = ["reference", "title"]
    date_hierarchy = "date"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        valid = Count("attendances__cadre", distinct=True, filter=Q(attendances__is_void=False))
        return super().get_queryset(request).annotate(people=valid)

    @admin.display(description="人数", ordering="people")
    def attendance_count(self, activity: Any) -> int:
        return activity.people


@admin.register(Attendance)
class AttendanceAdmin(DeskAdmin):
    editors = adders = (Role.OFFICE,)
    list_display = ["activity", "cadre", "capacity", "is_void"]
    list_select_related = ["activity", "cadre"]
    list_filter = ["capacity", "is_void", "activity__category"]
    search_fields = ["activity__reference", "activity__title", "cadre__name", "cadre__employee_number"]
    autocomplete_fields = ["activity", "cadre"]
    ordering = ["-activity__date", "activity__reference", "cadre__employee_number"]
