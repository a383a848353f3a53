from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from organization.desk import DeskAdmin, ReadOnlyInline, StampedAdmin, signed_in
from organization.desk_forms import StampedForm, refused
from organization.roles import Role
from submissions.admin.review import ReviewDesk
from submissions.models import Contributor, Decision, Publication, ReasonTemplate, Submission, Version
from submissions.services.ideas import life_of, step_open_to
from submissions.services.publications import check_recorder, record_publication


class ContributorInline(ReadOnlyInline):
    model = Contributor
    fields = ["position", "cadre", "state", "confirmed_by", "reason"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contributor]:
        return super().get_queryset(request).select_related("cadre", "confirmed_by")


class VersionInline(ReadOnlyInline):
    model = Version
    fk_name = "submission"
    fields = ["number", "title", "submitted_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).filter(is_draft=False)


class DecisionInline(ReadOnlyInline):
    model = Decision
    fields = ["created_at", "actor", "action", "from_state", "to_state", "grade", "reason"]
    readonly_fields = ["created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Submission)
class SubmissionAdmin(ReviewDesk):
    """Works are read here; they change through their register or a decision, never by typing into fields."""

    list_display = ["reference", "title", "authors", "kind", "day", "belongs_to", "state", "grade"]
    list_filter = ["state", "kind", "grade", "quarter"]
    search_fields = ["reference", "title", "contributors__cadre__name", "contributors__cadre__employee_number"]
    inlines = [ContributorInline, VersionInline, DecisionInline]
    date_hierarchy = "credit_date"
    fields = [
        "reference", "kind", "title", "state", "grade", "graded_version", "credit_date", "quarter",
        "owner_department", "owner_party_group", "show_in_showcase", "show_outside",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return super().get_queryset(request).prefetch_related("contributors__cadre")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Submission | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context["following"] = step_open_to(obj, life_of(obj, obj.decisions.all()), signed_in(request))
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="作者")
    def authors(self, submission: Submission) -> str:
        return "、".join(contributor.cadre.name for contributor in submission.contributors.all())

    @admin.display(description="上报日期", ordering="credit_date")
    def day(self, submission: Submission) -> str | None:
        return submission.credit_date.isoformat() if submission.credit_date else None

    @admin.display(description="考核期", ordering="quarter")
    def belongs_to(self, submission: Submission) -> str:
        quarter = submission.quarter_label.replace(" ", "\N{NO-BREAK SPACE}")
        return f"{quarter} 补报" if submission.is_late else quarter


class PublicationForm(StampedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        submission = cleaned.get("submission") if self.instance.pk is None else self.instance.submission
        if submission is not None:
            refused(check_recorder, submission=submission, recorder=self.actor)
        return cleaned


@admin.register(Publication)
class PublicationAdmin(StampedAdmin):
    form = PublicationForm
    editors = adders = (Role.OFFICE,)
    list_display = ["submission", "level", "outlet", "accepted_on", "is_void", "recorded_by"]
    list_select_related = ["submission", "recorded_by"]
    list_filter = ["level", "is_void"]
    search_fields = ["submission__reference", "submission__title", "outlet"]
    autocomplete_fields = ["submission"]
    date_hierarchy = "accepted_on"
    fields = ["submission", "level", "outlet", "accepted_on", "evidence", "is_void"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["submission"] if obj else []

    def save_model(self, request: HttpRequest, obj: Publication, form: Any, change: bool) -> None:
        record_publication(publication=obj, recorder=signed_in(request))


@admin.register(Decision)
class DecisionAdmin(DeskAdmin):
    viewers = (Role.OFFICE,)
    list_display = ["created_at", "submission", "action", "change", "grade", "actor", "reason"]
    ordering = ["-created_at", "-id"]
    list_select_related = ["submission", "actor"]
    list_filter = ["action", "to_state"]
    search_fields = ["submission__reference", "submission__title", "actor__name"]
    date_hierarchy = "created_at"

    @admin.display(description="状态变化")
    def change(self, decision: Decision) -> str:
        return f"{decision.get_from_state_display() or '新建'} → {decision.get_to_state_display()}"


@admin.register(ReasonTemplate)
class ReasonTemplateAdmin(StampedAdmin):
    """What the office often writes; shared by all, kept by the office that sees everybody."""

    everybody_sees = True
    of_the_root = True
    editors = adders = (Role.OFFICE,)
    list_display = ["name", "action", "text", "position", "is_offered"]
    list_filter = ["action", "is_offered"]
    search_fields = ["name", "text"]
    fields = ["name", "action", "text", "position", "is_offered"]
