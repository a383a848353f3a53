from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult, Quota, Rule, Scheme
from assessment.services.copying import copy_scheme
from organization.desk import DeskAdmin, DeskInline
from organization.roles import Role
from shuxiang.periods import Quarter


class SchemeInline(DeskInline):
    """Quotas and rules can be edited as long as their scheme can."""

    editors = (Role.OFFICE,)

    def may_edit(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().may_edit(request, obj) and not (obj is not None and obj.is_frozen)


class QuotaInline(SchemeInline):
    model = Quota


class RuleInline(SchemeInline):
    model = Rule


@admin.register(Scheme)
class SchemeAdmin(DeskAdmin):
    editors = (Role.OFFICE,)
    inlines = [QuotaInline, RuleInline]
    list_display = ["version", "name", "effective_from", "grace_days", "late_factor", "ranks_for_everybody"]
    search_fields = ["name", "note"]
    actions = ["copy_to_next_version"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A scheme that a closed or sealed quarter used is read only; its copy can be edited."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_frozen)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["version"]

    @admin.action(description="复制为新版本（从下一季度起生效）", permissions=["change"])
    def copy_to_next_version(self, request: HttpRequest, queryset: QuerySet[Scheme]) -> None:
        for scheme in queryset:
            copy = copy_scheme(scheme=scheme, current=Quarter.of(timezone.localdate()))
            self.log_addition(request, copy, f"由{scheme}复制")
            self.message_user(request, f"已复制为{copy}，从 {copy.effective_from} 起生效，可在生效前修改。")


@admin.register(Period)
class PeriodAdmin(DeskAdmin):
    list_display = ["code", "state", "scheme", "agency", "assessed_at"]
    list_select_related = ["scheme"]
    list_filter = ["state"]
    search_fields = ["code"]
    fields = ["code", "state", "scheme", "agency", "assessed_at"]


@admin.register(Entry)
class EntryAdmin(DeskAdmin):
    list_display = ["period", "employee_number", "name", "date", "fact_kind", "basis", "rule_code", "points", "note"]
    list_filter = ["period", "fact_kind", "kind"]
    search_fields = ["employee_number", "name", "reference", "title"]

    @admin.display(description="依据")
    def basis(self, entry: Entry) -> str:
        return f"{entry.reference} {entry.title}"


@admin.register(PersonResult)
class PersonResultAdmin(DeskAdmin):
    list_display = [
        "period", "rank", "employee_number", "name", "department_path", "points", "year_points", "status", "note",
    ]  # fmt: skip
    list_filter = ["period", "status"]
    search_fields = ["employee_number", "name", "department_path"]


@admin.register(DepartmentResult)
class DepartmentResultAdmin(DeskAdmin):
    list_display = [
        "period", "rank", "department_path", "listed", "assessed", "met", "points", "person_periods", "average",
    ]  # fmt: skip
    list_filter = ["period"]
    search_fields = ["department_path"]


@admin.register(PartyGroupResult)
class PartyGroupResultAdmin(DeskAdmin):
    list_display = ["period", "name", "listed", "assessed", "met", "points"]
    list_filter = ["period"]
    search_fields = ["name"]
