import unicodedata
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone

from organization.desk import (
    DeskAdmin,
    DeskInline,
    StampedAdmin,
    StampedForm,
    desk_scope,
    has_role,
    heads_the_tree,
    refused,
    signed_in,
)
from organization.models import (
    Cadre,
    Department,
    DepartmentKind,
    Holiday,
    Leave,
    PartyGroup,
    PartyMembership,
    Posting,
    Tree,
    work_scope_of,
)
from organization.roles import ADMINISTRATORS, Role
from organization.services.accounts import open_account
from organization.services.placements import check_spans, rewrite_spans
from organization.services.roles import check_roles
from shuxiang.workbooks.values import EMPLOYEE_NUMBER

admin.site.unregister(Group)


class SpanFormSet(BaseInlineFormSet):
    """Rows of one person that never overlap, changed only by an office whose scope they lie in."""

    actor: Cadre

    def clean(self) -> None:
        super().clean()
        kept, changed, deleted = [], [], []
        for form in self.forms:
            if not form.is_valid() or not form.instance.since:
                continue
            if form.cleaned_data.get("DELETE"):
                deleted.append(form.instance)
                continue
            kept.append(form.instance)
            if form.has_changed():
                changed.append(form.instance)
        self.refuse_overlaps(kept)
        if changed or deleted:
            refused(check_spans, cadre=self.instance, spans=changed, deleted=deleted, actor=self.actor)

    def refuse_overlaps(self, kept: list[Any]) -> None:
        kept = sorted(kept, key=lambda span: span.since)
        for place, span in enumerate(kept[1:], start=1):
            clash = next((other for other in kept[:place] if span.overlaps(other)), None)
            if clash is not None:
                name = span._meta.verbose_name
                raise forms.ValidationError(f"{name}的日期重叠：{clash}，{span}。同一天只能有一条，请改正起止日期。")


class PostingFormSet(SpanFormSet):
    def clean(self) -> None:
        super().clean()
        scope = work_scope_of(self.actor)
        places = {form.instance.department_id for form in self.forms if not form.cleaned_data.get("DELETE")}
        if self.is_changing() and not scope.everybody and places.isdisjoint(scope.departments):
            raise forms.ValidationError("请至少留一条本单位的任职，否则本单位的办公室看不到此人。")

    def is_changing(self) -> bool:
        return self.instance.pk is None or any(form.has_changed() for form in self.forms)


class SpanInline(DeskInline):
    """`place` is the foreign key whose choices are worked out once, not once per row."""

    formset = SpanFormSet
    editors = (Role.OFFICE,)
    place: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(self.place)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.actor = signed_in(request)
        field = formset.form.base_fields.get(self.place)
        if field is not None:
            field.queryset = self.offered(field.queryset, obj)
            field.choices = [("", "---------"), *self.named(field.queryset)]
        return formset

    def offered(self, rows: QuerySet[Any], obj: Any) -> QuerySet[Any]:
        return rows

    def named(self, rows: QuerySet[Any]) -> list[tuple[int, str]]:
        return [(row.pk, str(row)) for row in rows]


class PostingInline(SpanInline):
    model = Posting
    formset = PostingFormSet
    place = "department"

    def offered(self, rows: QuerySet[Department], obj: Any) -> QuerySet[Department]:
        """Departments in sight, and those of earlier postings elsewhere, which can stay but not be chosen anew."""
        earlier = Posting.objects.filter(cadre=obj).values("department")
        return Department.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=earlier))

    def named(self, rows: QuerySet[Department]) -> list[tuple[int, str]]:
        tree, allowed = Tree.load(), set(rows.values_list("pk", flat=True))
        return [(node.id, tree.paths[node.id]) for node in tree.ordered if node.id in allowed]


class PartyMembershipInline(SpanInline):
    model = PartyMembership
    place = "party_group"


class LeaveInline(DeskInline):
    model = Leave
    editors = (Role.OFFICE,)


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
        if change:
            super().save_model(request, obj, form, change)
        else:
            open_account(cadre=obj, actor=signed_in(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Postings last: they decide whether the person is in sight."""
        super().save_related(request, form, sorted(formsets, key=lambda rows: rows.model is Posting), change)

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
    everybody_sees = True
    of_the_root = True
    editors = adders = (Role.OFFICE,)
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Holiday)
class HolidayAdmin(DeskAdmin):
    everybody_sees = True
    of_the_root = True
    viewers = (Role.OFFICE, Role.SYSTEM)
    editors = adders = (Role.OFFICE, Role.SYSTEM)
    list_display = ["date", "name", "is_workday"]
    list_filter = ["is_workday"]
    search_fields = ["name"]


@admin.register(LogEntry)
class LogEntryAdmin(DeskAdmin):
    """The audit administrator's view of what was changed at the desk; read only."""

    everybody_sees = True
    viewers = (Role.AUDIT,)
    list_display = ["action_time", "user", "content_type", "object_repr", "message"]
    list_display_links = None
    list_select_related = ["user", "content_type"]
    list_filter = ["action_flag"]
    search_fields = ["object_repr", "user__name", "user__employee_number"]
    date_hierarchy = "action_time"

    @admin.display(description="内容")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message() or entry.get_action_flag_display()
