"""Results of closed questionnaires: charts for all who were invited, texts, break-downs and the workbook for those who
manage them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.exports.questionnaires import results_workbook
from activities.models import Questionnaire
from activities.services.answering import ENOUGH
from activities.services.results import BreakDown, Results, compare, results_of
from activities.states import QuestionnaireState
from activities.views.questionnaires import managed
from organization.desk import is_id, signed_in
from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from organization.services.places import unit_name
from shuxiang.downloads import workbook


@require_safe
@never_cache
@login_required
def questionnaire_results(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    viewer = signed_in(request)
    rows = Questionnaire.objects.in_sight_of(viewer).select_related("activity", "department")
    found = get_object_or_404(rows, pk=questionnaire_id)
    if found.state != QuestionnaireState.CLOSED:
        messages.info(request, "问卷结束以后才能看结果。")
        return redirect("questionnaires")
    manages = Questionnaire.objects.managed_by(viewer).filter(pk=found.pk).exists()
    results = results_of(found)
    context: dict[str, Any] = {
        "questionnaire": found, "results": results, "manages": manages, "enough": ENOUGH,
        "answers": [each for each in results.answers if each.lines or manages],
        "invited": found.invitations.count(),
    }  # fmt: skip
    if manages and results.is_enough:
        context |= beside(request, viewer, results)
    return render(request, "questionnaires/results.html", context)


def beside(request: HttpRequest, viewer: Cadre, results: Results) -> dict[str, Any]:
    """The break-down and the comparison that the address asks for."""
    by, other = request.GET.get("by", ""), request.GET.get("with", "")
    grouping = next((each for each in results.groupings if str(each.pk) == by), None)
    others = Questionnaire.objects.managed_by(viewer).baselines().exclude(pk=results.questionnaire.pk)
    chosen = others.filter(pk=int(other)).first() if is_id(other) else None
    against = results_of(chosen) if chosen is not None else None
    broken = BreakDown(results, grouping) if grouping is not None else None
    tables = list(broken.tables()) if broken is not None else []
    return {
        "grouping": grouping,
        "broken": broken,
        "tables": tables,
        "silent": [table for table in tables if not table.tells],
        "others": others.order_by("-baseline_year", "-pk")[:20] if results.questionnaire.baseline_year else [],
        "against": against,
        "pairs": compare(results, against) if against is not None else [],
    }


@require_safe
@never_cache
@login_required
def questionnaire_workbook(request: HttpRequest, questionnaire_id: int) -> FileResponse:
    found = managed(request, questionnaire_id)
    if found.state != QuestionnaireState.CLOSED or not (results := results_of(found)).is_enough:
        raise Http404
    name = f"问卷结果-{found.pk}.xlsx"
    record_event(action=AccessAction.EXPORT, actor=signed_in(request), about=f"问卷 {found.pk}", detail=name)
    content = results_workbook(results, unit_name(), timezone.localdate())
    return workbook(content, name)
