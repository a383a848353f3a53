"""The page on which the invited answer. It leaves nothing behind but the sheet: no event, no text in the session, no
line in the log; an error report names no field of the form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from activities.forms.answers import AnswerForm
from activities.models import Questionnaire
from activities.services.answering import AlreadyAnswered, answer
from activities.states import QuestionnaireState
from organization.desk import signed_in
from organization.services.lives import IllegalStep
from organization.services.roles import NotAllowed

RECEIVED = "答卷已收到，谢谢。它和您的姓名没有联系，不能再改。"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_variables()
def questionnaire_answer(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    found = get_object_or_404(Questionnaire.objects.inviting(viewer), pk=questionnaire_id)
    if found.state == QuestionnaireState.CLOSED:
        messages.info(request, "这份问卷已经结束，这里是结果。")
        return redirect("questionnaire_results", found.pk)
    if Questionnaire.objects.answered_by(viewer).filter(pk=found.pk).exists():
        messages.info(request, str(AlreadyAnswered()))
        return redirect("questionnaires")
    form = AnswerForm(request.POST if request.method == "POST" else None, questions=list(found.questions.all()))
    if request.method == "POST" and form.is_valid():
        try:
            answer(questionnaire=found, cadre=viewer, content=form.content(), today=today)
        except (AlreadyAnswered, IllegalStep, NotAllowed) as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, RECEIVED)
        return redirect("questionnaires")
    return render(request, "questionnaires/answer.html", {"questionnaire": found, "form": form})
