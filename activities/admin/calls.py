"""Themes, calls and commitments at the office's desk; the first two are worked on at their own pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from activities.kinds import CATEGORIES
from activities.models import Call, CallEvent, Commitment, CommitmentWarning, Theme, ThemeBook, ThemeEvent
from organization.desk import DeskAdmin, ReadOnlyInline, StampedAdmin, desk_scope
from organization.desk_forms import StampedForm
from organization.roles import Role


class HostedAdmin(DeskAdmin):
    """What the offices of the scope host."""

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        return rows.editable_in(desk_scope(request))


class ActorInline(ReadOnlyInline):
    verbose_name_plural = "经过"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("actor")


class CallEventInline(ActorInline):
    model = CallEvent
    fields = ["at", "action", "actor", "reason"]


class ThemeEventInline(ActorInline):
    model = ThemeEvent
    fields = ["at", "to_state", "actor", "reason"]


class ThemeBookInline(ReadOnlyInline):
    model = ThemeBook
    fields = ["title", "book", "note"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("book")


@admin.register(Theme)
class ThemeAdmin(HostedAdmin):
    list_display = ["title", "since", "until", "department", "is_closed"]
    list_select_related = ["department"]
    list_filter = ["is_closed"]
    search_fields = ["title", "document"]
    date_hierarchy = "since"
    fields = ["page", "title", "since", "until", "department", "document", "description", "is_closed"]
    readonly_fields = ["page"]
    inlines = [ThemeBookInline, ThemeEventInline]

    @admin.display(description="办理")
    def page(self, theme: Theme) -> SafeString:
        return format_html('<a href="{}">打开主题阅读的页面办理</a>', reverse("theme", args=[theme.pk]))


@admin.register(Call)
class CallAdmin(HostedAdmin):
    list_display = ["reference", "title", "state", "since", "until", "department"]
    list_select_related = ["department"]
    list_filter = ["state"]
    search_fields = ["reference", "title"]
    date_hierarchy = "since"
    fields = [
        "page", "reference", "title", "state", "asked", "rules", "rules_sha256", "since", "until", "department",
        "theme", "activity", "for_office", "for_branch", "for_union", "made_by",
    ]  # fmt: skip
    readonly_fields = ["page", "asked", "state", "rules_sha256", "made_by"]
    inlines = [CallEventInline]

    @admin.display(description="征集的作品")
    def asked(self, call: Call) -> str:
        return call.kinds_label

    @admin.display(description="办理")
    def page(self, call: Call) -> SafeString:
        return format_html('<a href="{}">打开征集令的页面办理</a>', reverse("call", args=[call.pk]))


class CommitmentForm(StampedForm):
    category = forms.ChoiceField(label="类型", required=False, help_text="数哪一类活动；只按标签数的留空。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(dict.fromkeys([*CATEGORIES, *filter(None, [self.instance.category])]))
        if "category" in self.fields:
            self.fields["category"].choices = [("", "不限"), *((each, each) for each in known)]  # type: ignore[attr-defined]


class WarningInline(ReadOnlyInline):
    model = CommitmentWarning
    fields = ["at", "agency", "of_year"]
    readonly_fields = ["of_year"]
    verbose_name_plural = "提醒过的"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("commitment", "agency")

    @admin.display(description="期次")
    def of_year(self, warning: CommitmentWarning) -> str:
        return warning.part_words


@admin.register(Commitment)
class CommitmentAdmin(StampedAdmin):
    """The same for all agencies: the root's office sets them, every office reads them."""

    form = CommitmentForm
    everybody_sees = True
    of_the_root = is_setting = True
    editors = adders = (Role.OFFICE,)
    list_display = ["title", "category", "tag", "target", "warn_days", "position", "is_closed"]
    list_filter = ["is_closed"]
    search_fields = ["title", "category"]
    fields = ["title", "category", "tag", "target", "warn_days", "position", "is_closed"]
    inlines = [WarningInline]
