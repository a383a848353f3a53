"""The box as its authors and everybody see it, and as its agency's office and leaders answer it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.forms.feedback import FeedbackAskForm, FeedbackReplyForm, FeedbackStepForm
from activities.kinds import FeedbackKind
from activities.models import Feedback
from activities.models.feedback import ANSWERERS, FeedbackQuerySet
from activities.services.replying import (
    accept_feedback,
    answers,
    ask_back,
    close_feedback,
    reopen_feedback,
    reply_to_feedback,
)
from activities.states import FEEDBACK_TRANSITIONS, FeedbackAction, FeedbackState
from activities.views.answers import REFUSED
from organization.desk import signed_in
from organization.models import Cadre, neighbourhood_of
from organization.restoring import restored
from organization.ways import sent_from
from shuxiang.searches import searched

PER_PAGE = 20
WAITING, OVERDUE, EVERYTHING = "waiting", "overdue", "all"
STATES = [(WAITING, "待答复"), (OVERDUE, "已超期"), (FeedbackState.REPLIED.value, "已答复"),
          (FeedbackState.CLOSED.value, "已办结"), (EVERYTHING, "全部")]  # fmt: skip
STEPS = {"accept": accept_feedback, "close": close_feedback, "reopen": reopen_feedback}
DONE = {"accept": "已受理。", "close": "已办结。", "reopen": "已改为重新办理，答复期限重新计算。"}


@dataclass(frozen=True)
class BoxFilter:
    """What the office's list shows, as its address says; anything unknown there is left out."""

    state: str = WAITING
    kind: str = ""
    text: str = ""

    @classmethod
    def read(cls, address: QueryDict) -> Self:
        state, kind = address.get("state", ""), address.get("kind", "")
        return cls(
            state if state in dict(STATES) else WAITING,
            kind if kind in FeedbackKind.values else "",
            searched(address),
        )

    @property
    def address(self) -> str:
        parts = {"state": self.state if self.state != WAITING else "", "kind": self.kind, "q": self.text}
        return urlencode({name: part for name, part in parts.items() if part})

    @property
    def is_narrow(self) -> bool:
        return bool(self.kind or self.text)

    def states(self) -> list[tuple[str, str, bool]]:
        return [(label, replace(self, state=state).address, state == self.state) for state, label in STATES]

    def among(self, rows: FeedbackQuerySet, today: date) -> FeedbackQuerySet:
        if self.state == WAITING:
            rows = rows.waiting()
        elif self.state == OVERDUE:
            rows = rows.overdue(today)
        elif self.state != EVERYTHING:
            rows = rows.filter(state=self.state)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        rows = rows.searched(self.text)
        waits = self.state in (WAITING, OVERDUE)
        return rows.order_by("reply_by", "pk") if waits else rows.order_by("-received_on", "pk")


@require_safe
@never_cache
@login_required
def feedback_list(request: HttpRequest) -> HttpResponse:
    """For who answers the whole box; for everybody the own named ones and what was answered in public."""
    viewer, today = signed_in(request), timezone.localdate()
    rows, scope = Feedback.objects.all(), neighbourhood_of(viewer)
    context: dict[str, Any] = {"today": today, "answers": viewer.has_role(*ANSWERERS)}
    if context["answers"]:
        chosen = BoxFilter.read(request.GET)
        box = rows.received_by(viewer, scope).shown_on(today)
        found = chosen.among(box, today)
        context |= {"chosen": chosen, "kinds": FeedbackKind.choices, "overdue": box.overdue(today).count()}
        context["page"] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context["kept"] = f"{chosen.address}&" if chosen.address else ""
    context["own"] = rows.of(viewer)[:PER_PAGE]
    text = searched(request.GET, "find")
    public = rows.public_to(viewer, scope).searched(text)
    context["public"] = Paginator(public.order_by("-replied_on", "pk"), PER_PAGE).get_page(request.GET.get("public"))
    context |= {"find": text, "found": urlencode({"find": text}) + "&" if text else ""}
    return render(request, "feedback_list.html", context)


@require_safe
@never_cache
@login_required
def feedback(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    return feedback_page(request, feedback_id)


def feedback_page(request: HttpRequest, feedback_id: UUID, status: int = 200, **forms: Any) -> HttpResponse:
    """The whole thread for its named author and for who answers; others see what is public of it."""
    viewer = signed_in(request)
    found, is_own, reads = seen_by(viewer, feedback_id)
    state = FeedbackState(found.state)
    able = {action for before, action in FEEDBACK_TRANSITIONS if before == state}
    steps = [action for action in FeedbackAction if action in able and action.value in STEPS]
    context: dict[str, Any] = {"feedback": found, "is_own": is_own, "reads": reads, "today": timezone.localdate()}
    context |= {name: forms.get(name) for name in ("problem", "lost")}
    if is_own or reads:
        context["events"] = found.events.select_related("actor")
    if reads:
        context["findings"] = found.findings.all()
    if reads and not is_own:
        context["steps"] = steps
        if FeedbackAction.REPLY in able:
            context["reply"] = forms.get("reply") or opened(request, FeedbackReplyForm, "feedback_reply", found)
    if is_own and FeedbackAction.ASK in able:
        context["ask"] = forms.get("ask") or opened(request, FeedbackAskForm, "feedback_ask", found)
    return render(request, "feedback/feedback.html", context, status=status)


def seen_by(viewer: Cadre, feedback_id: UUID) -> tuple[Feedback, bool, bool]:
    """The message, whether it is the viewer's own, and whether the viewer reads the box; else 404."""
    found = Feedback.objects.filter(pk=feedback_id).select_related("author", "handler").first()
    if found is None:
        raise Http404
    reads = Feedback.objects.received_by(viewer).shown_on(timezone.localdate()).filter(pk=found.pk).exists()
    is_own = found.author_id == viewer.pk
    if not (is_own or reads or Feedback.objects.public_to(viewer).filter(pk=found.pk).exists()):
        raise Http404
    return found, is_own, reads


def opened(request: HttpRequest, form: Any, name: str, found: Feedback) -> Any:
    """A form of the page, with what was typed before the session ended."""
    kept = restored(request, reverse(name, args=[found.pk]))
    return form(initial=kept.dict() if kept is not None else {"seen": found.version})


def answered_by(request: HttpRequest, feedback_id: UUID) -> tuple[Feedback, Cadre]:
    viewer = signed_in(request)
    found, _, _ = seen_by(viewer, feedback_id)
    if not answers(viewer, found):
        raise Http404
    return found, viewer


@sent_from("feedback", "feedback_id")
@never_cache
@login_required
def feedback_step(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """Accept, close, take up again."""
    found, viewer = answered_by(request, feedback_id)
    form = FeedbackStepForm(request.POST)
    if not form.is_valid():
        return feedback_page(request, found.pk, problem="没有看懂要怎样办理，请重新选择。")
    action, now = form.cleaned_data["action"], timezone.now()
    try:
        STEPS[action](feedback=found, by=viewer, seen=form.cleaned_data["seen"], today=timezone.localdate(now), now=now)
    except REFUSED as error:
        return feedback_page(request, found.pk, 409, problem=str(error))
    messages.success(request, DONE[action])
    return redirect("feedback", found.pk)


@sent_from("feedback", "feedback_id")
@never_cache
@login_required
def feedback_reply(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    found, viewer = answered_by(request, feedback_id)
    form, now = FeedbackReplyForm(request.POST), timezone.now()
    if not form.is_valid():
        return feedback_page(request, found.pk, reply=form)
    try:
        reply_to_feedback(feedback=found, by=viewer, today=timezone.localdate(now), now=now, **form.cleaned_data)
    except REFUSED as error:
        return lost(request, found, form, error, "reply")
    messages.success(request, "已答复。" + ("提出人收到了通知。" if found.author_id else "提出人凭回执码能看到。"))
    return redirect("feedback", found.pk)


@sent_from("feedback", "feedback_id")
@never_cache
@login_required
def feedback_ask(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """The named author asks back."""
    viewer = signed_in(request)
    found, is_own, _ = seen_by(viewer, feedback_id)
    if not is_own:
        raise Http404
    form, now = FeedbackAskForm(request.POST), timezone.now()
    if not form.is_valid():
        return feedback_page(request, found.pk, ask=form)
    try:
        ask_back(feedback=found, by=viewer, today=timezone.localdate(now), now=now, **form.cleaned_data)
    except REFUSED as error:
        return lost(request, found, form, error, "ask")
    messages.success(request, "追问已送到办公室，答复期限重新计算。")
    return redirect("feedback", found.pk)


def lost(request: HttpRequest, found: Feedback, form: Any, error: Exception, name: str) -> HttpResponse:
    """Somebody was faster: what was typed stays on the page, beside how things stand now."""
    form.add_error(None, str(error))
    found.refresh_from_db(fields=["version"])
    form.look_again(found.version)
    return feedback_page(
        request, found.pk, 409, **{name: form, "problem": str(error), "lost": form.cleaned_data["text"]}
    )
