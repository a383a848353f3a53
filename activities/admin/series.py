from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from activities.models import Series
from activities.services.given import rule_of
from organization.desk import DeskAdmin, signed_in


@admin.register(Series)
class SeriesAdmin(DeskAdmin):
    """To look at; the portal's own page has the rules, and leads to the activities."""

    list_display = ["title", "page", "category", "rule", "department", "until", "is_paused"]
    list_select_related = ["department"]
    list_filter = ["is_paused", "pattern"]
    search_fields = ["title", "category"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Series]:
        return rows.in_sight_of(signed_in(request))

    @admin.display(description="日期")
    def rule(self, series: Series) -> str:
        return rule_of(series).words

    @admin.display(description="页面")
    def page(self, series: Series) -> str:
        return format_html('<a href="{}">查看和修改</a>', reverse("series", args=[series.pk]))
