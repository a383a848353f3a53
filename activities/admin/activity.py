from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from activities.models import Activity
from organization.desk import StampedAdmin, signed_in
from organization.desk_forms import StampedForm
from organization.models import work_scope_of
from organization.roles import Role


class ActivityForm(StampedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("department") is None and not work_scope_of(self.actor).everybody:
            self.add_error("department", "请选择主办科室，留空的活动由根单位的办公室登记。")
        return cleaned


@admin.register(Activity)
class ActivityAdmin(StampedAdmin):
    """Everybody at the desk sees what is held; the hosting office changes it."""

    form = ActivityForm
    everybody_sees = True
    editors = adders = (Role.OFFICE,)
    list_display = ["reference", "title", "category", "date", "department", "attendance_count"]
    list_select_related = ["department"]
    list_filter = ["category"]
    search_fields = ["reference", "title"]
    autocomplete_fields = ["department"]
    date_hierarchy = "date"
    fields = ["reference", "title", "category", "date", "department"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        valid = Count("attendances__cadre", distinct=True, filter=Q(attendances__is_void=False))
        return super().get_queryset(request).annotate(people=valid)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return Activity.objects.editable_by(signed_in(request)).filter(pk=obj.pk).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The number is what registers and ledger know the activity by."""
        return ["reference"] if obj else []

    @admin.display(description="人数", ordering="people")
    def attendance_count(self, activity: Any) -> int:
        return activity.people
