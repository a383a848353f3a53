"""Suggestions and donations as librarians and the office look them up; they are decided on their own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organization.desk import DeskAdmin, ReadOnlyInline
from organization.roles import LIBRARIANS
from reading.models import Donation, DonationEvent, DonationItem, Suggestion, SuggestionEvent


class EventInline(ReadOnlyInline):
    fields = ["at", "action", "actor", "reason"]
    verbose_name_plural = "经过"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("actor")


class SuggestionEventInline(EventInline):
    model = SuggestionEvent


class DonationEventInline(EventInline):
    model = DonationEvent


class DonationItemInline(ReadOnlyInline):
    model = DonationItem
    fields = ["title", "author", "isbn", "offered", "accepted", "condition", "remark", "book"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("book")


@admin.register(Suggestion)
class SuggestionAdmin(DeskAdmin):
    everybody_sees = True
    viewers = LIBRARIANS
    list_display = ["title", "author", "state", "interest", "suggested_by", "suggested_at"]
    list_select_related = ["suggested_by"]
    list_filter = ["state", "area"]
    search_fields = ["title", "author", "isbn", "basis", "suggested_by__name"]
    date_hierarchy = "suggested_at"
    fields = [
        "page", "title", "author", "publisher", "isbn", "area", "reason", "basis", "state", "suggested_by",
        "suggested_at", "book", "copies", "price", "reply",
    ]  # fmt: skip
    readonly_fields = ["page"]
    inlines = [SuggestionEventInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        return super().get_queryset(request).annotate(number=Count("votes") + 1)

    @admin.display(description="想看人数", ordering="number")
    def interest(self, suggestion: Any) -> int:
        return suggestion.number

    @admin.display(description="办理")
    def page(self, suggestion: Suggestion) -> SafeString:
        return format_html('<a href="{}">打开荐购页办理</a>', reverse("suggestion", args=[suggestion.pk]))


@admin.register(Donation)
class DonationAdmin(DeskAdmin):
    viewers = LIBRARIANS
    list_display = ["donor_name", "state", "offered_at", "kinds", "taken", "certificate", "accepted_on"]
    list_filter = ["state"]
    search_fields = ["donor_name", "certificate", "items__title"]
    date_hierarchy = "offered_at"
    fields = [
        "page", "donor", "donor_name", "is_named", "state", "offered_at", "note", "certificate", "accepted_on", "reply",
    ]  # fmt: skip
    readonly_fields = ["page"]
    inlines = [DonationItemInline, DonationEventInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Donation]:
        return super().get_queryset(request).annotate(number=Count("items"), copies=Sum("items__accepted"))

    @admin.display(description="种", ordering="number")
    def kinds(self, donation: Any) -> int:
        return donation.number

    @admin.display(description="入藏册数", ordering="copies")
    def taken(self, donation: Any) -> int:
        return donation.copies or 0

    @admin.display(description="办理")
    def page(self, donation: Donation) -> SafeString:
        return format_html('<a href="{}">打开捐赠页办理</a>', reverse("donation", args=[donation.pk]))


class EventAdmin(DeskAdmin):
    everybody_sees = True
    viewers = LIBRARIANS
    list_filter = ["action"]
    date_hierarchy = "at"
    ordering = ["-at", "-id"]


@admin.register(SuggestionEvent)
class SuggestionEventAdmin(EventAdmin):
    list_display = ["at", "suggestion", "action", "actor", "reason"]
    list_select_related = ["suggestion", "actor"]
    search_fields = ["suggestion__title", "actor__name"]


@admin.register(DonationEvent)
class DonationEventAdmin(EventAdmin):
    list_display = ["at", "donation", "action", "actor", "reason"]
    list_select_related = ["donation", "actor"]
    search_fields = ["donation__donor_name", "actor__name"]
