from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from organization.desk import DeskAdmin, ReadOnlyInline, StampedAdmin, desk_scope, signed_in
from organization.desk_forms import StampedForm, refused
from organization.roles import Role
from reading.models import Lead, Plan, PlanEvent, PlanItem
from reading.models.plans import REPORTED, in_scope
from reading.services.leading import check, check_done, led_by_office


class PlanItemInline(ReadOnlyInline):
    model = PlanItem
    fields = ("title", "author", "due_on", "done_on", "is_dropped")
    readonly_fields = fields


class PlanEventInline(ReadOnlyInline):
    model = PlanEvent
    fields = ("at", "actor", "action", "reason")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Plan)
class PlanAdmin(DeskAdmin):
    """What was reported as completed in the office's scope. States move on the plan's own page, never here."""

    list_display = ["reference", "title", "owner", "mentor", "state", "confirmed_on"]
    list_select_related = ["owner", "mentor"]
    list_filter = ["state"]
    search_fields = ["reference", "title", "owner__name", "owner__employee_number"]
    date_hierarchy = "completed_at"
    fields = [
        "reference", "owner", "title", "description", "since", "until", "mentor", "state", "completed_at",
        "confirmed_by", "confirmed_on",
    ]  # fmt: skip
    inlines = [PlanItemInline, PlanEventInline]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(in_scope(desk_scope(request)), state__in=REPORTED)


class LeadForm(StampedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        leader = self.instance.leader if self.instance.pk is not None else cleaned.get("leader")
        if leader is not None:
            refused(check, leader=leader, by=self.actor)
        month = self.instance.month if self.instance.pk is not None else cleaned.get("month")
        if month is not None:
            cleaned["month"] = month.replace(day=1)
            try:
                check_done(cleaned["month"], cleaned.get("is_done", False), timezone.localdate())
            except ValueError as error:
                self.add_error("is_done", str(error))
        if "title" in self.changed_data:
            self.instance.book = None  # it was the catalogue's under the former title
        return cleaned


@admin.register(Lead)
class LeadAdmin(StampedAdmin):
    """The months of the leaders in the office's scope; a leader's own page does the same."""

    form = LeadForm
    editors = adders = (Role.OFFICE,)
    list_display = ["month", "leader", "title", "talk_topic", "talk_on", "is_done"]
    list_select_related = ["leader"]
    list_filter = ["is_done"]
    search_fields = ["title", "author", "talk_topic", "leader__name", "leader__employee_number"]
    autocomplete_fields = ["leader"]
    date_hierarchy = "month"
    fields = ["leader", "month", "title", "author", "reason", "talk_topic", "talk_on", "talk_note", "is_done"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(leader__in=led_by_office(signed_in(request)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A month that names the wrong leader is taken back and planned anew."""
        return ["leader", "month"] if obj else []
