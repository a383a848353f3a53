"""The box and the ledger of findings as the office looks them up; they are worked on on their own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from activities.models import Feedback, Finding, FindingEvent
from activities.services.replying import ANONYMOUS
from organization.desk import DeskAdmin, ReadOnlyInline, signed_in


@admin.register(Feedback)
class FeedbackAdmin(DeskAdmin):
    """The own agency's box; of an anonymous message there is no more than the word, from the day after it came."""

    list_display = ["kind", "received_on", "who", "state", "reply_by", "handler", "is_public"]
    list_display_links = ["kind"]
    list_select_related = ["author", "handler"]
    list_filter = ["state", "kind", "is_public"]
    search_fields = ["text", "reply"]
    date_hierarchy = "received_on"
    fields = [
        "page", "kind", "text", "who", "received_on", "reply_by", "state", "handler", "reply", "replied_on",
        "is_public",
    ]  # fmt: skip
    readonly_fields = ["page", "who"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.received_by(signed_in(request)).shown_on(timezone.localdate())

    @admin.display(description="提出人")
    def who(self, feedback: Feedback) -> str:
        return feedback.author.name if feedback.author else ANONYMOUS

    @admin.display(description="办理")
    def page(self, feedback: Feedback) -> SafeString:
        return format_html('<a href="{}">打开意见页办理</a>', reverse("feedback", args=[feedback.pk]))


class FindingEventInline(ReadOnlyInline):
    model = FindingEvent
    fields = ["at", "action", "actor", "reason"]
    verbose_name_plural = "经过"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Finding)
class FindingAdmin(DeskAdmin):
    list_display = ["text", "source", "state", "owner", "due_on", "is_public", "raised_on"]
    list_select_related = ["owner", "activity", "questionnaire"]
    list_filter = ["state", "is_public"]
    search_fields = ["text", "action", "reply", "owner__name"]
    date_hierarchy = "raised_on"
    fields = [
        "page", "text", "source", "raised_on", "action", "owner", "due_on", "state", "reply", "is_public",
    ]  # fmt: skip
    readonly_fields = ["page", "source"]
    inlines = [FindingEventInline]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.followed_by(signed_in(request))

    @admin.display(description="来源")
    def source(self, finding: Finding) -> str:
        return str(finding.activity or finding.questionnaire or "意见箱")

    @admin.display(description="办理")
    def page(self, finding: Finding) -> SafeString:
        return format_html('<a href="{}">打开问题页办理</a>', reverse("finding", args=[finding.pk]))
