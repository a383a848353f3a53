import unicodedata
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

import organization.audit_admin  # noqa: F401 - registers its pages
from organization.desk import StampedAdmin, desk_scope, has_role, heads_the_tree, signed_in
from organization.desk_forms import StampedForm
from organization.holiday_admin import HolidayAdmin
from organization.models import (
    AccessAction,
    Cadre,
    Department,
    DepartmentKind,
    Holiday,
    Leave,
    PartyGroup,
    Posting,
    RegisterImport,
)
from organization.placement_admin import LeaveInline, PartyMembershipInline, PostingInline
from organization.register_admin import RegisterImportAdmin
from organization.roles import ADMINISTRATORS, Role
from organization.services.accounts import open_account
from organization.services.audit import record_event
from organization.services.placements import rewrite_spans
from organization.services.roles import check_roles
from shuxiang.workbooks.values import EMPLOYEE_NUMBER

admin.site.unregister(Group)
admin.site.register(RegisterImport, RegisterImportAdmin)
admin.site.register(Holiday, HolidayAdmin)


class CadreForm(StampedForm):
    def clean_employee_number(self) -> str:
        number = unicodedata.normalize("NFKC", self.cleaned_data["employee_number"]).strip()
        if not EMPLOYEE_NUMBER.fullmatch(number):
            raise forms.ValidationError("工号只能由字母、数字、“-”和“_”组成，以字母或数字开头，最多 32 个字，请核对。")
        return number

    def clean_groups(self) -> Any:
        groups = self.cleaned_data["groups"]
        try:
            check_roles([group.name for group in groups])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        today = timezone.localdate()
        posted = Posting.objects.filter(cadre=self.instance).exclude(until__lt=today)
        if posted.exists() and any(group.name in ADMINISTRATORS for group in groups):
            raise forms.ValidationError("在职干部的账号不能改作管理员，请用 create_administrator 另立管理员账号。")
        return groups


@admin.register(Cadre)
class CadreAdmin(StampedAdmin):
    form = CadreForm
    viewers = (Role.OFFICE, Role.SECURITY)
    editors = (Role.OFFICE, Role.SECURITY)
    adders = (Role.OFFICE,)
    inlines = [PostingInline, PartyMembershipInline, LeaveInline]
    list_display = ["employee_number", "name", "department_now", "title", "masked_phone", "role_names", "is_active"]
    list_filter = ["is_active", "groups"]
    search_fields = ["employee_number", "name"]
    ordering = ["employee_number"]
    fields = ["employee_number", "name", "title", "phone", "is_active", "groups"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cadre]:
        posting = Posting.objects.filter(cadre=OuterRef("pk")).covering(timezone.localdate())
        rows = super().get_queryset(request).prefetch_related("groups")
        return rows.annotate(department_name=Subquery(posting.values("department__name")[:1]))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes the own person: another clerk or administrator does."""
        return super().has_change_permission(request, obj) and obj != request.user

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = super().get_fields(request, obj)
        return fields if obj else [field for field in fields if field not in ("is_active", "groups")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The office keeps the person, the security administrator the account."""
        locked = ["employee_number"] if obj else []
        if not has_role(request, [Role.OFFICE]):
            locked += ["name", "title", "phone"]
        if not has_role(request, [Role.SECURITY]):
            locked += ["is_active", "groups"]
        return locked

    def save_model(self, request: HttpRequest, obj: Cadre, form: Any, change: bool) -> None:
        if not change:
            open_account(cadre=obj, actor=signed_in(request))
            return
        if "is_active" in form.changed_data:
            obj.session_generation += not obj.is_active
            self.record(request, AccessAction.ACCOUNT, obj, "启用账号" if obj.is_active else "停用账号")
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Postings last: they decide whether the person is in sight."""
        super().save_related(request, form, sorted(formsets, key=lambda rows: rows.model is Posting), change)
        if "groups" in form.changed_data:
            before, after = ("、".join(sorted(group.name for group in groups)) or "无" for groups in
                             (form.initial["groups"], form.cleaned_data["groups"]))  # fmt: skip
            self.record(request, AccessAction.ROLES, form.instance, f"{before} → {after}")

    def record(self, request: HttpRequest, action: AccessAction, cadre: Cadre, detail: str) -> None:
        record_event(action=action, actor=signed_in(request), about=str(cadre), detail=detail)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Leave:
            super().save_formset(request, form, formset, change)
            return
        spans = formset.save(commit=False)
        if spans or formset.deleted_objects:
            rewrite_spans(
                model=formset.model,
                cadre=form.instance,
                spans=spans,
                deleted=formset.deleted_objects,
                actor=signed_in(request),
            )

    @admin.display(description="科室", ordering="department_name")
    def department_now(self, cadre: Any) -> str | None:
        return cadre.department_name

    @admin.display(description="手机号")
    def masked_phone(self, cadre: Cadre) -> str:
        """The middle is always hidden; of a number too short to have one, everything."""
        digits = "".join(character for character in cadre.phone if character.isdigit())
        if not cadre.phone:
            return ""
        if len(digits) < 6:
            return "****"
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"{digits[:2]}****{digits[-2:]}"

    @admin.display(description="角色")
    def role_names(self, cadre: Cadre) -> str:
        return "、".join(group.name for group in cadre.groups.all())


@admin.register(Department)
class DepartmentAdmin(StampedAdmin):
    """The root's office shapes the tree; another agency's names and sorts the offices below its own."""

    is_setting = True
    viewers = (Role.OFFICE, Role.SYSTEM)
    editors = adders = (Role.OFFICE,)
    list_display = ["name", "parent", "kind", "position"]
    list_select_related = ["parent"]
    list_filter = ["kind"]
    search_fields = ["name", "parent__name"]
    ordering = ["parent__position", "position", "name"]
    autocomplete_fields = ["parent"]
    fields = ["name", "kind", "parent", "position"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Department]:
        scope = desk_scope(request)
        if scope.everybody or has_role(request, [Role.SYSTEM]):
            return rows
        return rows.filter(pk__in=scope.departments)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        below = desk_scope(request).departments[1:]
        return obj is None or heads_the_tree(request) or (obj.kind == DepartmentKind.OFFICE and obj.pk in below)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if heads_the_tree(request):
            return []
        return ["kind", "parent"] if obj else ["kind"]


@admin.register(PartyGroup)
class PartyGroupAdmin(StampedAdmin):
    is_setting = True
    everybody_sees = True
    of_the_root = True
    editors = adders = (Role.OFFICE,)
    list_display = ["name"]
    search_fields = ["name"]
