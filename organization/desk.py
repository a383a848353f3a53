"""What every page of the office's desk (the admin) has in common.

Rights follow from roles, page by page; querysets and choices are scoped to the viewer; nothing is deleted.
The office has a desk only while it is posted: without a scope it sees and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, connection
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from organization.desk_forms import DeskForm, LabelledFormSet, StampedForm
from organization.models import AccessAction, Cadre, Scope, Standpoint
from organization.roles import Role
from organization.services.audit import record_event
from shuxiang.searches import SEARCH_LENGTH

# Digits that every database can hold.
ID_LENGTH = 18
EMPTY = "请选择"


@dataclass(frozen=True)
class SideLink:
    """A page beside a model's list that the menu leads to; `count` is what waits there."""

    name: str
    url: str
    count: int


def signed_in(request: HttpRequest) -> Cadre:
    """The person behind a request of a page that asks for a log-in."""
    assert isinstance(request.user, Cadre)
    return request.user


def standpoint_of(request: HttpRequest) -> Standpoint:
    """That of the request's person today, one for all that the request asks of scopes and departments."""
    viewer, known = signed_in(request), getattr(request, "standpoint", None)
    if known is None or known.viewer != viewer:
        known = Standpoint(viewer, timezone.localdate())
        setattr(request, "standpoint", known)  # noqa: B010 - a request has no such attribute of its own
    return known


def desk_scope(request: HttpRequest) -> Scope:
    """The work scope of the request's person."""
    return standpoint_of(request).work_scope


def has_role(request: HttpRequest, roles: Sequence[Role]) -> bool:
    """Whether the request's person has one of the roles at the desk; nobody signed in has none."""
    if not isinstance(request.user, Cadre):
        return False
    if request.user.has_role(*(role for role in roles if role != Role.OFFICE)):
        return True
    if Role.OFFICE not in roles or not request.user.has_role(Role.OFFICE):
        return False
    scope = desk_scope(request)
    return scope.everybody or bool(scope.departments)


def heads_the_tree(request: HttpRequest) -> bool:
    """Whether the person is of the office that sees everybody: the root's."""
    return has_role(request, [Role.OFFICE]) and desk_scope(request).everybody


def is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= ID_LENGTH


class NumbersOnlyAutocomplete(AutocompleteSelect):
    """Shows a refused form again whatever was sent as an id; says its label where it is read aloud."""

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[forms.Script("choices.js", type="module")])  # type: ignore[list-item]

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if not each or is_id(each)], attrs)


class SeveralChoices(forms.ModelMultipleChoiceField):
    """Refuses at the field what is no id, before a database that cannot hold such a number looks for it."""

    def clean(self, value: Any) -> Any:
        for each in self.prepare_value(value) or ():
            if not is_id(str(each)):
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": str(each)[:30]})
        return super().clean(value)


class ScopedChoices(admin.options.BaseModelAdmin):
    """Choices of other rows are those that the person sees in their own list."""

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        related = db_field.related_model
        if self.admin_site.is_registered(related):
            kwargs["queryset"] = self.admin_site.get_model_admin(related).get_queryset(request)
        else:
            kwargs["queryset"] = related._default_manager.none()
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = NumbersOnlyAutocomplete(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **{"empty_label": EMPTY, **kwargs})

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, form_class=SeveralChoices, **kwargs)


class DeskAdmin(ScopedChoices, admin.ModelAdmin):
    """Subclasses name the roles that may look, add and change, and what they see.

    The model's rows have `visible_to`, or the subclass has its own `in_sight`, or says `everybody_sees`.
    Where `of_the_root`, an office must be the root's to add or change.
    """

    viewers: Sequence[Role] = (Role.OFFICE,)
    editors: Sequence[Role] = ()
    adders: Sequence[Role] = ()
    everybody_sees = False
    of_the_root = False
    # Changes are access events too, with the address from which they were made.
    is_setting = False
    form = DeskForm
    list_per_page = 50
    show_full_result_count = True

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        own = type(self).in_sight is not DeskAdmin.in_sight
        if self.everybody_sees == (own or hasattr(model._default_manager.all(), "visible_to")):
            raise ImproperlyConfigured(f"{type(self).__name__} must say exactly one way who sees which rows.")

    def may(self, request: HttpRequest, roles: Sequence[Role]) -> bool:
        if self.of_the_root and Role.OFFICE in roles and not heads_the_tree(request):
            roles = [role for role in roles if role != Role.OFFICE]
        return has_role(request, roles)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_role(request, [*self.viewers, *self.editors, *self.adders])

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, self.editors)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, self.adders)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def side_links(self, request: HttpRequest) -> Sequence[SideLink]:
        return ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """An address never asks for password hashes, not even letter by letter, nor through rows that point here:
        `?loans=7` on the list of people would tell whose loan it was."""
        return (
            "password" not in lookup
            and not self.looks_back(lookup, request)
            and super().lookup_allowed(lookup, value, request)
        )

    def looks_back(self, lookup: str, request: HttpRequest) -> bool:
        """Whether a lookup goes through a relation of other rows to these that is no filter of the page."""
        first = lookup.partition("__")[0]
        fields = self.opts.fields_map  # by the names that lookups use, the hidden `+` too
        filters = [each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request)]
        named = {each.partition("__")[0] for each in filters if isinstance(each, str)}
        return first in fields and first not in named

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A number in the address that the database cannot hold is as wrong as one that is no number."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError, DataError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_action_choices(self, request: HttpRequest, default_choices: Any = (("", EMPTY),)) -> list[tuple[str, str]]:
        return super().get_action_choices(request, list(default_choices))

    def response_action(self, request: Any, queryset: QuerySet[Any]) -> Any:  # type: ignore[override]
        """A tick that is no id ticks nothing."""
        sent = request.POST.copy()
        ticks: list[str] = sent.getlist(ACTION_CHECKBOX_NAME)
        sent.setlist(ACTION_CHECKBOX_NAME, [each for each in ticks if is_id(each)])
        request.POST = sent
        return super().response_action(request, queryset)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term[:SEARCH_LENGTH])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if self.everybody_sees else self.in_sight(rows, request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """No row has a NUL in its key, and PostgreSQL will not even look for it."""
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.visible_to(signed_in(request))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.record_setting(request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.record_setting(request, obj, message)
        return super().log_change(request, obj, message)

    def record_setting(self, request: HttpRequest, obj: Model, message: Any) -> None:
        if self.is_setting:
            text = LogEntry(action_flag=CHANGE, change_message=message if isinstance(message, str) else dumps(message))
            record_event(
                action=AccessAction.SETTING,
                actor=signed_in(request),
                about=f"{obj._meta.verbose_name} {obj}",
                detail=text.get_change_message(),
            )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"actor": signed_in(request)})


class StampedAdmin(DeskAdmin):
    """Pages on which the second of two people who change the same row is told."""

    form = StampedForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = [field for field in super().get_fields(request, obj) if field != "seen"]
        return [*fields, "seen"] if obj is not None and self.has_change_permission(request, obj) else fields

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """While saving, waits for whoever is saving the same row and then reads it."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        self.model._default_manager.select_for_update().get(pk=found.pk)
        return super().get_object(request, object_id, from_field)


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class DeskInline(ScopedChoices, admin.TabularInline):
    """Rows that some roles may edit while they may edit the page; a removed row stays in its history in words."""

    formset = LabelledFormSet
    editors: Sequence[Role] = ()
    extra = 0

    def may_edit(self, request: HttpRequest, obj: Any = None) -> bool:
        page = self.admin_site.get_model_admin(self.parent_model)
        return has_role(request, self.editors) and page.has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request, obj)
