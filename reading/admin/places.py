"""The desk's pages of places and facility projects; photographs are added on the portal's own pages."""

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from organization.desk import DeskInline, StampedAdmin, heads_the_tree, signed_in
from organization.desk_forms import StampedForm
from organization.roles import LIBRARIANS
from reading.models import BudgetLine, Furniture, Place, Project
from reading.services.places import (
    PlaceFacts,
    WrongPlace,
    add_place,
    change_place,
    check_empty,
    check_facts,
    lock_places,
)
from reading.services.projects import ProjectFacts, add_project, amounts_of, change_project, record_amounts

FACTS = frozenset(PlaceFacts.__dataclass_fields__)


class PlaceDeskForm(StampedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        facts = replace(PlaceFacts.of(self.instance), **{name: cleaned[name] for name in FACTS & cleaned.keys()})
        known = self.instance if self.instance.pk else None
        lock_places()
        try:
            check_facts(facts, known)
            if facts.is_closed and known:
                check_empty(known)
        except WrongPlace as error:
            self.add_error(error.field, str(error))
        return cleaned


class FurnitureInline(DeskInline):
    model = Furniture
    editors = LIBRARIANS


@admin.register(Place)
class PlaceAdmin(StampedAdmin):
    form = PlaceDeskForm
    everybody_sees = True
    viewers = editors = adders = LIBRARIANS
    inlines = [FurnitureInline]
    list_display = ["name", "code", "kind", "parent", "location", "keeper", "is_closed"]
    list_select_related = ["parent", "keeper"]
    list_filter = ["kind", "is_closed"]
    search_fields = ["code", "name", "location"]
    fields = [
        "code", "name", "kind", "parent", "location", "keeper", "opening_hours", "description", "position", "is_closed",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Who does not see everybody names the keeper on the portal's own page."""
        return [] if heads_the_tree(request) else ["keeper"]

    def save_model(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:
        facts, by = PlaceFacts.of(obj), signed_in(request)
        if change:
            change_place(place=obj, seen=obj.changed_at, facts=facts, by=by, now=timezone.now())
        else:
            obj.pk = add_place(facts=facts, by=by).pk


class BudgetLineInline(DeskInline):
    model = BudgetLine
    editors = LIBRARIANS


@admin.register(Project)
class ProjectAdmin(StampedAdmin):
    everybody_sees = True
    viewers = editors = adders = LIBRARIANS
    inlines = [BudgetLineInline]
    list_display = ["title", "place", "state", "since", "until"]
    list_select_related = ["place"]
    list_filter = ["state"]
    search_fields = ["title", "place__name"]
    date_hierarchy = "since"
    fields = ["title", "place", "state", "since", "until", "description"]

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        facts, by = ProjectFacts.of(obj), signed_in(request)
        if change:
            change_project(project=obj, seen=obj.changed_at, facts=facts, by=by, now=timezone.now())
        else:
            obj.pk = add_project(facts=facts, by=by).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = amounts_of(form.instance)
        super().save_related(request, form, formsets, change)
        record_amounts(form.instance, before, signed_in(request))
