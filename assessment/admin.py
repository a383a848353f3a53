from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult, Quota, Rule, Scheme
from assessment.services.copying import copy_scheme
from assessment.services.personal import ledger_line
from organization.desk import DeskAdmin, DeskInline, StampedAdmin, desk_scope, signed_in
from organization.roles import Role
from shuxiang.periods import Quarter


class QuotaInline(DeskInline):
    model = Quota
    editors = (Role.OFFICE,)


class RuleInline(DeskInline):
    model = Rule
    editors = (Role.OFFICE,)


@admin.register(Scheme)
class SchemeAdmin(StampedAdmin):
    is_setting = True
    everybody_sees = True
    of_the_root = True
    editors = (Role.OFFICE,)
    inlines = [QuotaInline, RuleInline]
    list_display = ["version", "name", "effective_from", "grace_days", "late_factor", "ranks_for_everybody"]
    search_fields = ["name", "note"]
    actions = ["copy_to_next_version"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A scheme that a closed or sealed quarter used is read only; its copy can be edited."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_used)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scheme]:
        fixed = Period.objects.fixed().filter(scheme=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_used=Exists(fixed))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["version"]

    @admin.action(description="复制为新版本（从下一季度起生效）", permissions=["change"])
    def copy_to_next_version(self, request: HttpRequest, queryset: QuerySet[Scheme]) -> None:
        for scheme in queryset:
            copy = copy_scheme(scheme=scheme, current=Quarter.of(timezone.localdate()), actor=signed_in(request))
            self.log_addition(request, copy, f"由{scheme}复制")
            self.message_user(request, f"已复制为{copy}，从 {copy.effective_from} 起生效，可在生效前修改。")


@admin.register(Period)
class PeriodAdmin(DeskAdmin):
    everybody_sees = True
    list_display = ["code", "stands", "scheme", "agency", "assessed_at"]
    list_select_related = ["scheme"]
    list_filter = ["state"]
    search_fields = ["code"]
    fields = ["code", "stands", "scheme", "agency", "assessed_at"]
    readonly_fields = ["stands"]

    @admin.display(description="状态", ordering="state")
    def stands(self, period: Period) -> str:
        return period.stands(timezone.localdate())


@admin.register(Entry)
class EntryAdmin(DeskAdmin):
    list_display = ["period", "who", "day", "fact_kind", "basis", "points", "rule", "note"]
    list_select_related = ["period"]
    list_filter = ["period", "fact_kind", "kind"]
    search_fields = ["employee_number", "name", "reference", "title"]

    @admin.display(description="干部", ordering="employee_number")
    def who(self, entry: Entry) -> str:
        return f"{entry.name}（{entry.employee_number}）"

    @admin.display(description="日期", ordering="date")
    def day(self, entry: Entry) -> str:
        return entry.date.isoformat()

    @admin.display(description="依据")
    def basis(self, entry: Entry) -> str:
        return f"{entry.reference} {entry.title}"

    @admin.display(description="规则", ordering="rule_code")
    def rule(self, entry: Entry) -> str:
        return ledger_line(entry).rule or entry.rule_code


@admin.register(PersonResult)
class PersonResultAdmin(DeskAdmin):
    list_display = [
        "period", "rank", "employee_number", "name", "department_path", "points", "year_points", "status", "note",
    ]  # fmt: skip
    exclude = ["position", "quotas"]
    readonly_fields = ["tasks"]
    list_filter = ["period", "status"]
    search_fields = ["employee_number", "name", "department_path"]

    @admin.display(description="应报任务")
    def tasks(self, result: PersonResult) -> str:
        return "；".join(f"{name}：应报 {due}，已报 {done}" for name, due, done in result.quotas)


@admin.register(DepartmentResult)
class DepartmentResultAdmin(DeskAdmin):
    list_display = [
        "period", "rank", "department_path", "listed", "assessed", "met", "points", "person_periods", "average",
    ]  # fmt: skip
    list_filter = ["period"]
    search_fields = ["department_path"]
    exclude = ["position"]


@admin.register(PartyGroupResult)
class PartyGroupResultAdmin(DeskAdmin):
    """党小组 reach across agencies, so their results are for the office that sees everybody."""

    list_display = ["period", "name", "listed", "assessed", "met", "points"]
    list_filter = ["period"]
    search_fields = ["name"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[PartyGroupResult]:
        return rows if desk_scope(request).everybody else rows.none()
