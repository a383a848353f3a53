from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from activities.models import Call
from organization.desk import DeskAdmin, SideLink, has_role, signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.roles import ADMINISTRATORS, Role
from organization.services.roles import NotAllowed
from submissions import reports
from submissions.desk import (
    BULK_LIMIT,
    EFFECTS,
    OWN,
    BulkRow,
    foreseen,
    log_words,
    next_after,
    outcome,
    place_in,
    sorted_out,
)
from submissions.forms.review import BULK_ACTIONS, GRADED, ReviewForm, seen_revision, ticked_works
from submissions.models import Decision, ReasonTemplate, Submission, Version
from submissions.services.differences import abridged, compare_versions
from submissions.services.ideas import life_of, step_open_to
from submissions.services.likeness import likenesses
from submissions.services.review import StaleSubmission, review
from submissions.states import Action, IllegalTransition, State, offices_actions

# What a service may answer instead of a decision, beside that the page is stale; str() is a Chinese sentence.
REFUSED = (NotAllowed, IllegalTransition, ValueError)
PER_PAGE = 30
QUEUE, REVIEW, BULK = (f"submissions_submission_{page}" for page in ("queue", "review", "bulk"))


class ReviewDesk(DeskAdmin):
    """审阅台: the queue, one work, and one decision for many. Every decision goes through the services."""

    actions = ["approve_selected", "return_selected", "reject_selected", "rate_selected"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("review/", view(self.queue_view), name=QUEUE),
            path("review/bulk/", view(self.bulk_view), name=BULK),
            path("review/<int:work_id>/", view(self.review_view), name=REVIEW),
            *super().get_urls(),
        ]

    def is_reviewer(self, request: HttpRequest) -> bool:
        return has_role(request, [Role.OFFICE]) and not signed_in(request).has_role(*ADMINISTRATORS)

    def reviewer(self, request: HttpRequest) -> Cadre:
        if not self.is_reviewer(request):
            raise PermissionDenied
        return signed_in(request)

    def side_links(self, request: HttpRequest) -> list[SideLink]:
        if not self.is_reviewer(request):
            return []
        return [SideLink("审阅台", reverse(f"admin:{QUEUE}"), reports.pending_count(signed_in(request)))]

    def page(self, request: HttpRequest, name: str, title: str, **context: Any) -> TemplateResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/submissions/submission/{name}.html", whole)

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        viewer, today = self.reviewer(request), timezone.localdate()
        choice, works = reports.Choice.read(request.GET), reports.queue_of(viewer)
        shows, kinds = reports.tabs(works, choice, today)
        found = reports.with_people(choice.among(works, today))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        return self.page(
            request,
            "queue",
            "审阅台",
            choice=choice,
            call=Call.objects.filter(pk=choice.call).first() if choice.call is not None else None,
            today=today,
            shows=shows,
            kinds=kinds,
            page=page,
            rows=reports.rows(list(page.object_list), viewer, today),
            bulk_actions=[(action.value, action.label) for action in BULK_ACTIONS],
        )

    def review_view(self, request: HttpRequest, work_id: int) -> HttpResponse:
        viewer, today, told = self.reviewer(request), timezone.localdate(), ""
        choice, works = reports.Choice.read(request.GET), reports.with_people(reports.queue_of(viewer))
        work = get_object_or_404(works, pk=work_id)
        queue = reports.keys(choice.among(reports.queue_of(viewer), today))
        templates = list(ReasonTemplate.objects.offered())
        actions = offices_actions(State(work.state))
        initial = restored(request) or begun(work)
        form = ReviewForm(request.POST or None, initial=initial, actions=actions, templates=templates)
        if request.method == "POST":
            try:
                decision = self.decide(request, work, form)
            except StaleSubmission as error:
                work = get_object_or_404(works.all(), pk=work_id)
                told, actions = str(error), offices_actions(State(work.state))
                form = ReviewForm(initial=request.POST.dict(), actions=actions, templates=templates)
            else:
                if decision is not None:
                    return self.after(request, decision, choice, queue)
        (row,) = reports.rows([work], viewer, today)
        grades = any(action in GRADED for action in offices_actions(State(work.state)))
        context = {"row": row, "form": form, "grades": grades, "told": told, "own": OWN, "choice": choice}
        context["place"] = place_in(queue, work.pk)
        context["likenesses"] = likenesses(row.version, viewer) if row.version else []
        context["following"] = step_open_to(work, life_of(work, work.decisions.all()), viewer)
        return self.page(request, "review", work.title, **context, **record_of(work))

    def decide(self, request: HttpRequest, work: Submission, form: ReviewForm) -> Decision | None:
        """The decision, or None where the form now says what is wrong with it; raises StaleSubmission."""
        seen = seen_revision(request.POST.get("revision", ""))
        if work.revision != seen:
            raise StaleSubmission
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                decision = review(
                    submission=work, seen=seen, reviewer=signed_in(request), now=timezone.now(), **form.cleaned_data
                )
                self.log_change(request, work, log_words(decision))
        except REFUSED as error:
            form.add_error(None, str(error))
            return None
        return decision

    def after(self, request: HttpRequest, decision: Decision, choice: reports.Choice, queue: list[int]) -> HttpResponse:
        """Says what was done and leads to the next work that the reviewer may decide about, or stays."""
        work, viewer = decision.submission, signed_in(request)
        way_back = "撤销决定" if Action.REOPEN in offices_actions(State(work.state)) else "查看"
        done = format_html(
            '“{}”{}。<a href="{}">{}</a>', work.title, outcome(decision), address(work.pk, choice), way_back
        )
        messages.success(request, done)
        if "next" not in request.POST:
            return redirect(address(work.pk, choice))
        left = choice.among(reports.queue_of(viewer).without_own(viewer), timezone.localdate())
        following = next_after(queue, work.pk, reports.keys(left))
        if following is None:
            messages.info(request, f"“{choice.show.label}”里可以由您办理的作品都办完了。")
            return redirect(queue_address(choice))
        return redirect(address(following, choice))

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Ticked works: first what would happen, then, once confirmed, what did."""
        self.reviewer(request)
        action = next((each for each in BULK_ACTIONS if each == request.POST.get("action")), None)
        ticked = ticked_works(request.POST.getlist("works"))
        if action is None or not ticked:
            messages.warning(request, "请先勾选作品，再选择要做的办理。")
            return redirect(f"admin:{QUEUE}")
        return self.bulk(request, action, ticked)

    def bulk(self, request: HttpRequest, action: Action, ticked: dict[int, int]) -> HttpResponse:
        if len(ticked) > BULK_LIMIT:
            messages.warning(request, f"一次最多办理 {BULK_LIMIT} 件，现在勾选了 {len(ticked)} 件，请分几次办。")
            return redirect(f"admin:{QUEUE}")
        confirmed = "confirmed" in request.POST
        templates = list(ReasonTemplate.objects.offered())
        data = request.POST if confirmed else None
        form = ReviewForm(data, initial={"action": action}, actions=[action], templates=templates)
        viewer, today = signed_in(request), timezone.localdate()
        works = reports.with_people(reports.queue_of(viewer).filter(pk__in=ticked))
        rows = reports.rows(list(works), viewer, today)
        missing = len(ticked) - len(rows)
        if confirmed and form.is_valid():
            done = [self.decide_row(request, row, ticked[row.submission.pk], form) for row in rows]
            return self.page(request, "bulk_done", f"批量{action.label}：结果", form=form, **sorted_out(done, missing))
        planned = [foreseen(row, ticked[row.submission.pk], action) for row in rows]
        context = {"action": action, "form": form, "effect": EFFECTS[action], "is_graded": action in GRADED}
        return self.page(request, "bulk", f"批量{action.label}", **context, **sorted_out(planned, missing))

    def decide_row(self, request: HttpRequest, row: reports.Row, seen: int, form: ReviewForm) -> BulkRow:
        try:
            with transaction.atomic():
                decision = review(
                    submission=row.submission,
                    seen=seen,
                    reviewer=signed_in(request),
                    now=timezone.now(),
                    **form.cleaned_data,
                )
                self.log_change(request, row.submission, log_words(decision))
        except (StaleSubmission, *REFUSED) as error:
            return BulkRow(row, seen, refusal=str(error))
        return BulkRow(row, seen, outcome=outcome(decision))

    def selected(self, request: HttpRequest, works: QuerySet[Submission], action: Action) -> HttpResponse:
        self.reviewer(request)
        return self.bulk(request, action, dict(works.values_list("pk", "revision")[: BULK_LIMIT + 1]))

    @admin.action(description="通过所选作品…")
    def approve_selected(self, request: HttpRequest, works: QuerySet[Submission]) -> HttpResponse:
        return self.selected(request, works, Action.APPROVE)

    @admin.action(description="退回所选作品…")
    def return_selected(self, request: HttpRequest, works: QuerySet[Submission]) -> HttpResponse:
        return self.selected(request, works, Action.RETURN)

    @admin.action(description="所选作品不通过…")
    def reject_selected(self, request: HttpRequest, works: QuerySet[Submission]) -> HttpResponse:
        return self.selected(request, works, Action.REJECT)

    @admin.action(description="给所选作品评级…")
    def rate_selected(self, request: HttpRequest, works: QuerySet[Submission]) -> HttpResponse:
        return self.selected(request, works, Action.RATE)


def record_of(work: Submission) -> dict[str, Any]:
    """What the page shows beside the row: versions and what the last changed, everybody named, every decision."""
    handed_in = Version.objects.handed_in().filter(submission=work)
    versions = list(handed_in.order_by("-number").prefetch_related("attachments"))
    before = versions[1] if len(versions) > 1 else None
    return {
        "versions": versions,
        "before": before,
        "differences": abridged(compare_versions(before, versions[0])) if before else [],
        "people": work.contributors.select_related("cadre", "confirmed_by"),
        "decisions": work.decisions.select_related("actor", "version"),
    }


def begun(work: Submission) -> dict[str, str]:
    """An approved work without a grade is here to be rated; of any other the reviewer chooses every time."""
    is_unrated = work.state == State.APPROVED and not work.grade
    return {"action": Action.RATE} if is_unrated else {"grade": work.grade}


def address(work: int, choice: reports.Choice) -> str:
    return with_choice(reverse(f"admin:{REVIEW}", args=[work]), choice)


def queue_address(choice: reports.Choice) -> str:
    return with_choice(reverse(f"admin:{QUEUE}"), choice)


def with_choice(url: str, choice: reports.Choice) -> str:
    return f"{url}?{choice.address}" if choice.address else url
