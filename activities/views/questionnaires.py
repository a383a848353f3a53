"""Questionnaires: what one is asked, and for those who manage them the list, the beginning and each step."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.questionnaires import (
    NewQuestionnaireForm,
    OpenForm,
    StepForm,
    default_until,
    seen_version,
)
from activities.models import Activity, Questionnaire
from activities.question_seeds import FEEDBACK_TITLE
from activities.services.answering import ENOUGH
from activities.services.audiences import AudienceKind
from activities.services.authority import is_office, runs
from activities.services.questionnaires import (
    cancel_questionnaire,
    close_questionnaire,
    extend_questionnaire,
    make_questionnaire,
    open_questionnaire,
)
from activities.states import QuestionnaireState
from activities.views.answers import REFUSED
from organization.desk import is_id, signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.services.lives import IllegalStep, Stale
from organization.ways import sent_from
from shuxiang.searches import searched

PER_PAGE = 20
TEMPLATES = "templates"
DONE = {
    "extend": "已延期，受邀的人都收到了通知。",
    "close": "问卷已结束，可以看结果。",
    "cancel": "问卷已撤销，答卷已销毁。",
}


def managed(request: HttpRequest, questionnaire_id: int) -> Questionnaire:
    """One that the viewer manages; a stranger gets 404."""
    rows = Questionnaire.objects.managed_by(signed_in(request)).select_related("activity", "department")
    return get_object_or_404(rows, pk=questionnaire_id)


@require_safe
@never_cache
@login_required
def questionnaires(request: HttpRequest) -> HttpResponse:
    """What the viewer is asked, then what he manages; templates apart."""
    viewer, today = signed_in(request), timezone.localdate()
    shown = request.GET.get("show", "")
    shown = shown if shown in (*QuestionnaireState.values, TEMPLATES) else ""
    text = searched(request.GET)
    asked = Questionnaire.objects.issued().inviting(viewer).with_own(viewer).select_related("activity")
    waiting = asked.waiting_on(today, viewer)
    past = asked.exclude(pk__in=waiting.values("pk"))
    rows = Questionnaire.objects.managed_by(viewer).with_progress().select_related("activity", "department")
    rows = rows.templates() if shown == TEMPLATES else rows.issued()
    if shown in QuestionnaireState.values:
        rows = rows.filter(state=shown)
    rows = rows.searched(text)
    narrowed = urlencode({name: value for name, value in (("show", shown), ("q", text)) if value})
    context = {
        "waiting": waiting,
        "past": Paginator(past.order_by("-pk"), PER_PAGE).get_page(request.GET.get("past")),
        "page": Paginator(rows.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page")),
        "shown": shown,
        "text": text,
        "kept": f"{narrowed}&" if narrowed else "",
        "states": [("", "全部"), *QuestionnaireState.choices, (TEMPLATES, "模板")],
        "begins": is_office(viewer),
        "manages": is_office(viewer) or rows.exists(),
    }
    return render(request, "questionnaires.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def questionnaire_new(request: HttpRequest) -> HttpResponse:
    viewer = signed_in(request)
    activity = asked_activity(request, viewer)
    if activity is None and not is_office(viewer):
        raise Http404
    sources = Questionnaire.objects.copied_by(viewer)
    kept = restored(request)
    initial: dict[str, Any] = kept.dict() if kept is not None else {}
    if activity is not None and kept is None:
        template = sources.templates().filter(title=FEEDBACK_TITLE).order_by("pk").first()
        initial = {"title": f"{activity.title[:90]}　反馈", "source": template}
    form = NewQuestionnaireForm(
        request.POST or None, initial=initial, sources=sources, viewer=viewer, activity=activity
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = make_questionnaire(by=viewer, activity=activity, **form.cleaned_data)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已建好草稿。核对题目，看过预览再发放。")
            return redirect("questionnaire_edit", made.pk)
    return render(request, "questionnaires/new.html", {"form": form, "activity": activity})


def asked_activity(request: HttpRequest, viewer: Cadre) -> Activity | None:
    """The activity that the address names, where the viewer runs it; else 404."""
    asked = request.GET.get("activity", "")
    if not asked:
        return None
    found = get_object_or_404(Activity.objects.in_sight_of(viewer), pk=int(asked) if is_id(asked) else 0)
    if not runs(viewer, found):
        raise Http404
    return found


@require_safe
@never_cache
@login_required
def questionnaire(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    return questionnaire_page(request, questionnaire_id)


def questionnaire_page(request: HttpRequest, questionnaire_id: int, status: int = 200, **forms: Any) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    rows = Questionnaire.objects.managed_by(viewer).with_progress().with_own(viewer)
    found = get_object_or_404(rows.select_related("activity", "department", "made_by"), pk=questionnaire_id)
    context = {
        "questionnaire": found,
        "questions": found.questions.all(),
        "events": found.events.select_related("actor"),
        "is_past": found.until is not None and found.until < today,
        "is_enough": found.sheets.count() >= ENOUGH,
        "enough": ENOUGH,
        "step": forms.get("step") or StepForm(initial=restored(request, step_address(found))),
    }
    return render(request, "questionnaires/questionnaire.html", context, status=status)


def step_address(found: Questionnaire) -> str:
    return reverse("questionnaire_step", args=[found.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def questionnaire_open(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """To whom and until when; from here on nothing can be changed."""
    found, today = managed(request, questionnaire_id), timezone.localdate()
    if found.state != QuestionnaireState.DRAFT or found.is_template:
        messages.info(request, f"“{found.title}”现在不能发放。")
        return redirect("questionnaire", found.pk)
    form = OpenForm(request.POST or None, questionnaire=found, initial={"until": default_until(today)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data | {"audience": AudienceKind(form.cleaned_data["audience"])}
        found.version = seen_version(request.POST, found)
        try:
            count = open_questionnaire(
                questionnaire=found, by=signed_in(request), now=timezone.now(), today=today, **data
            )
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已发给 {count} 人，他们都收到了通知。")
            return redirect("questionnaire", found.pk)
    seen = request.POST.get("seen", "")[:10] or found.version
    return render(request, "questionnaires/open.html", {"form": form, "questionnaire": found, "seen": seen})


@sent_from("questionnaire", "questionnaire_id")
@never_cache
@login_required
def questionnaire_step(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    found, by, now = managed(request, questionnaire_id), signed_in(request), timezone.now()
    form = StepForm(request.POST)
    if not form.is_valid():
        return questionnaire_page(request, found.pk, step=form)
    found.version = seen_version(request.POST, found)
    data = form.cleaned_data
    try:
        match data["action"]:
            case "extend":
                extend_questionnaire(
                    questionnaire=found, by=by, until=data["until"], now=now, today=timezone.localdate(now)
                )
            case "close":
                close_questionnaire(questionnaire=found, by=by, now=now)
            case "cancel":
                cancel_questionnaire(questionnaire=found, by=by, reason=data["reason"], now=now)
    except (Stale, IllegalStep) as error:
        form.add_error(None, str(error))
        return questionnaire_page(request, found.pk, 409, step=form)
    except ValueError as error:
        form.add_error("until" if data["action"] == "extend" else "reason", str(error))
        return questionnaire_page(request, found.pk, step=form)
    messages.success(request, DONE[data["action"]])
    return redirect("questionnaire", found.pk)
