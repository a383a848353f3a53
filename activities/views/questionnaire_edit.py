"""The builder: a draft's head, its questions one by one, and how the invited will see it. No script is needed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.answers import AnswerForm
from activities.forms.questionnaires import QuestionForm, QuestionnaireForm, initial_of, seen_version
from activities.kinds import QuestionKind
from activities.models import Question, Questionnaire
from activities.services.questionnaires import edit_questionnaire
from activities.services.questions import add_question, edit_question, move_question, remove_question
from activities.states import QuestionnaireState
from activities.views.answers import REFUSED
from activities.views.questionnaires import managed
from organization.desk import signed_in
from organization.restoring import restored
from organization.ways import sent_from

STEPS = {"up": -1, "down": 1}


def no_draft(request: HttpRequest, found: Questionnaire) -> HttpResponse | None:
    """Where the questions stand fast: back to the questionnaire's page."""
    if found.state == QuestionnaireState.DRAFT:
        return None
    messages.info(request, f"这份问卷现在是“{found.get_state_display()}”，题目不能再改。")
    return redirect("questionnaire", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def questionnaire_edit(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    found = managed(request, questionnaire_id)
    if (away := no_draft(request, found)) is not None:
        return away
    seen: Any = found.version
    kept = restored(request)
    columns = {name: getattr(found, name) for name in ("title", "intro", "baseline_year")}
    form = QuestionnaireForm(request.POST or None, initial=kept.dict() if kept is not None else columns)
    if request.method == "POST":
        seen = request.POST.get("seen", "")[:10]
        found.version = seen_version(request.POST, found)
        if form.is_valid():
            try:
                edit_questionnaire(questionnaire=found, by=signed_in(request), now=timezone.now(), **form.cleaned_data)
            except REFUSED as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "已保存。")
                return redirect("questionnaire_edit", found.pk)
    elif kept is not None:
        seen = kept.get("seen", "")[:10]
    context = {"questionnaire": found, "form": form, "seen": seen, "questions": found.questions.all()}
    return render(request, "questionnaires/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def question_new(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    return question_page(request, managed(request, questionnaire_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def question_edit(request: HttpRequest, questionnaire_id: int, question_id: int) -> HttpResponse:
    found = managed(request, questionnaire_id)
    return question_page(request, found, get_object_or_404(found.questions, pk=question_id))


def question_page(request: HttpRequest, found: Questionnaire, question: Question | None) -> HttpResponse:
    if (away := no_draft(request, found)) is not None:
        return away
    kept = restored(request)
    initial: dict[str, Any] = initial_of(question) if question is not None else {"kind": QuestionKind.SINGLE}
    form = QuestionForm(request.POST or None, initial=kept.dict() if kept is not None else initial)
    source = request.POST if request.method == "POST" else kept or {"seen": str(found.version)}
    seen = str(source.get("seen", ""))[:10]
    if request.method == "POST" and form.is_valid():
        found.version = seen_version(request.POST, found)
        data = form.cleaned_data | {"kind": QuestionKind(form.cleaned_data["kind"])}
        about: dict[str, Any] = {"questionnaire": found, "by": signed_in(request), "now": timezone.now()}
        try:
            if question is None:
                question = add_question(**about, **data)
            else:
                edit_question(**about, question=question, **data)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            if request.POST.get("more") == "1":
                messages.success(request, "已保存，请写下一题。")
                return redirect("question_new", found.pk)
            return redirect(f"{reverse('questionnaire_edit', args=[found.pk])}#q{question.pk}")
    context = {"questionnaire": found, "question": question, "form": form, "seen": seen}
    return render(request, "questionnaires/question.html", context)


@sent_from("questionnaire_edit", "questionnaire_id")
@never_cache
@login_required
def question_step(request: HttpRequest, questionnaire_id: int, question_id: int) -> HttpResponse:
    """One place up or down."""
    found = managed(request, questionnaire_id)
    question = get_object_or_404(found.questions, pk=question_id)
    about: dict[str, Any] = {"questionnaire": found, "question": question, "by": signed_in(request)}
    found.version = seen_version(request.POST, found)
    action = request.POST.get("action", "")
    try:
        if action in STEPS:
            move_question(**about, places=STEPS[action], now=timezone.now())
    except REFUSED as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('questionnaire_edit', args=[found.pk])}#q{question_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def question_remove(request: HttpRequest, questionnaire_id: int, question_id: int) -> HttpResponse:
    """Asks first."""
    found = managed(request, questionnaire_id)
    question = get_object_or_404(found.questions, pk=question_id)
    if (away := no_draft(request, found)) is not None:
        return away
    page = reverse("questionnaire_edit", args=[found.pk])
    if request.method != "POST":
        context = {"questionnaire": found, "question": question, "back": f"{page}#q{question_id}"}
        return render(request, "questionnaires/question_remove.html", context)
    found.version = seen_version(request.POST, found)
    try:
        remove_question(questionnaire=found, question=question, by=signed_in(request), now=timezone.now())
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"第 {question.position} 题“{question.text}”已删去。")
    return redirect(f"{page}#questions")


@require_safe
@never_cache
@login_required
def questionnaire_preview(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    found = managed(request, questionnaire_id)
    form = AnswerForm(questions=list(found.questions.all()))
    return render(request, "questionnaires/preview.html", {"questionnaire": found, "form": form})
