from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone

from organization.desk import DeskAdmin, DeskInline, has_role
from organization.models import (
    Cadre,
    Department,
    Holiday,
    Leave,
    PartyGroup,
    PartyMembership,
    Posting,
)
from organization.roles import Role
from organization.services.accounts import open_account
from organization.services.placements import rewrite_spans

admin.site.unregister(Group)


class NoOverlap(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [
            form.instance
            for form in self.forms
            if form.is_valid() and form.instance.since and not form.cleaned_data.get("DELETE")
        ]
        kept.sort(key=lambda span: span.since)
        for place, span in enumerate(kept[1:], start=1):
            clash = next((other for other in kept[:place] if span.overlaps(other)), None)
            if clash is not None:
                name = kept[0]._meta.verbose_name
                raise forms.ValidationError(f"{name}的日期重叠：{clash}，{span}。同一天只能有一条，请改正起止日期。")


class PostingInline(DeskInline):
    model = Posting
    formset = NoOverlap
    editors = (Role.OFFICE,)
    autocomplete_fields = ["department"]


class PartyMembershipInline(DeskInline):
    model = PartyMembership
    formset = NoOverlap
    editors = (Role.OFFICE,)


class LeaveInline(DeskInline):
    model = Leave
    editors = (Role.OFFICE,)


@admin.register(Cadre)
class CadreAdmin(DeskAdmin):
    viewers = (Role.OFFICE, Role.SECURITY)
    editors = (Role.OFFICE, Role.SECURITY)
    adders = (Role.OFFICE,)
    inlines = [PostingInline, PartyMembershipInline, LeaveInline]
    list_display = ["employee_number", "name", "department_now", "title", "masked_phone", "role_names", "is_active"]
    list_filter = ["is_active", "groups"]
    search_fields = ["employee_number", "name"]
    ordering = ["employee_number"]
    filter_horizontal = ["groups"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cadre]:
        today = timezone.localdate()
        posting = Posting.objects.filter(cadre=OuterRef("pk"), since__lte=today).exclude(until__lt=today)
        rows = super().get_queryset(request).prefetch_related("groups")
        return rows.annotate(department_name=Subquery(posting.values("department__name")[:1]))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = ["employee_number", "name", "title", "phone"]
        return [*fields, "is_active", "groups"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The office keeps the person, the security administrator the account; nobody the own rights."""
        office, security = has_role(request, [Role.OFFICE]), has_role(request, [Role.SECURITY])
        locked = ["employee_number"] if obj else []
        if not office:
            locked += ["name", "title", "phone"]
        if not security or obj == request.user:
            locked += ["is_active", "groups"]
        return locked

    def save_model(self, request: HttpRequest, obj: Cadre, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            open_account(cadre=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Leave:
            super().save_formset(request, form, formset, change)
            return
        spans = formset.save(commit=False)
        rewrite_spans(model=formset.model, spans=spans, deleted=formset.deleted_objects)

    @admin.display(description="科室", ordering="department_name")
    def department_now(self, cadre: Any) -> str | None:
        return cadre.department_name

    @admin.display(description="手机号")
    def masked_phone(self, cadre: Cadre) -> str:
        return f"{cadre.phone[:3]}****{cadre.phone[-4:]}" if len(cadre.phone) >= 7 else cadre.phone

    @admin.display(description="角色")
    def role_names(self, cadre: Cadre) -> str:
        return "、".join(group.name for group in cadre.groups.all())


@admin.register(Department)
class DepartmentAdmin(DeskAdmin):
    viewers = (Role.OFFICE, Role.SYSTEM)
    editors = adders = (Role.OFFICE,)
    list_display = ["name", "parent", "kind", "position"]
    list_select_related = ["parent"]
    list_filter = ["kind"]
    search_fields = ["name", "parent__name"]
    ordering = ["parent__position", "position", "name"]
    autocomplete_fields = ["parent"]


@admin.register(PartyGroup)
class PartyGroupAdmin(DeskAdmin):
    editors = adders = (Role.OFFICE,)
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Holiday)
class HolidayAdmin(DeskAdmin):
    viewers = (Role.OFFICE, Role.SYSTEM)
    editors = adders = (Role.OFFICE, Role.SYSTEM)
    list_display = ["date", "name", "is_workday"]
    list_filter = ["is_workday"]
    search_fields = ["name"]


@admin.register(LogEntry)
class LogEntryAdmin(DeskAdmin):
    """The audit administrator's view of what was changed at the desk; read only."""

    viewers = (Role.AUDIT,)
    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag"]
    list_select_related = ["user", "content_type"]
    list_filter = ["action_flag", "content_type"]
    search_fields = ["object_repr", "user__name", "user__employee_number"]
