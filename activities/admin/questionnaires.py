"""Questionnaires as the office looks them up; they are built and decided on their own pages. Invitations and sheets
have no page here: nobody browses who answered, or what."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from activities.models import Questionnaire, QuestionnaireEvent
from organization.desk import DeskAdmin, ReadOnlyInline, signed_in


class QuestionnaireEventInline(ReadOnlyInline):
    model = QuestionnaireEvent
    fields = ["at", "action", "actor", "reason"]
    verbose_name_plural = "经过"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Questionnaire)
class QuestionnaireAdmin(DeskAdmin):
    list_display = ["title", "state", "is_template", "department", "activity", "until", "baseline_year"]
    list_select_related = ["department", "activity"]
    list_filter = ["state", "is_template"]
    search_fields = ["title", "activity__title"]
    fields = [
        "page", "title", "intro", "is_template", "state", "department", "activity", "until", "baseline_year", "made_by",
    ]  # fmt: skip
    readonly_fields = ["page"]
    inlines = [QuestionnaireEventInline]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(pk__in=Questionnaire.objects.managed_by(signed_in(request)).values("pk"))

    @admin.display(description="办理")
    def page(self, questionnaire: Questionnaire) -> SafeString:
        return format_html('<a href="{}">打开问卷页办理</a>', reverse("questionnaire", args=[questionnaire.pk]))
