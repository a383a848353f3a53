"""Results of closed questionnaires: charts for all who were invited, texts, break-downs and the workbook for those who
manage them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
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
from organization.desk import desk_scope, signed_in
from organization.models import AccessAction, Cadre, Scope
from organization.services.audit import record_event
from organization.services.places import unit_name
from shuxiang.downloads import workbook

# So many other years are offered.
OTHERS = 20


@require_safe
@never_cache
@login_required
def questionnaire_results(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    viewer, scope = signed_in(request), desk_scope(request)
    rows = Questionnaire.objects.in_sight_of(viewer, scope).with_management(viewer, scope).with_progress()
    found: Any = get_object_or_404(rows.select_related("activity", "department"), pk=questionnaire_id)
    if found.state != QuestionnaireState.CLOSED:
        messages.info(request, "问卷结束以后才能看结果。")
        return redirect("questionnaires")
    others = others_of(found, viewer, scope) if found.is_managed else []
    chosen = [each for each in others if str(each.pk) == request.GET.get("with")]
    prefetch_related_objects([found, *chosen], "sheets", "questions")
    results, *against = map(results_of, (found, *chosen))
    context: dict[str, object] = {
        "questionnaire": found, "results": results, "manages": found.is_managed, "enough": ENOUGH,
        "answers": [each for each in results.answers if each.lines or found.is_managed],
        "invited": found.invited,
    }  # fmt: skip
    if found.is_managed and results.is_enough:
        context |= {"others": others, **broken_down(request, results), **compared(results, against)}
    return render(request, "questionnaires/results.html", context)


def others_of(questionnaire: Questionnaire, viewer: Cadre, scope: Scope) -> list[Questionnaire]:
    """The baselines of other years, with which a baseline can be compared; one query."""
    if not questionnaire.baseline_year:
        return []
    rows = Questionnaire.objects.managed_by(viewer, scope).baselines().exclude(pk=questionnaire.pk)
    return list(rows.order_by("-baseline_year", "-pk")[:OTHERS])


def broken_down(request: HttpRequest, results: Results) -> dict[str, object]:
    """By the question that the address asks for."""
    by = request.GET.get("by", "")
    grouping = next((each for each in results.groupings if str(each.pk) == by), None)
    broken = BreakDown(results, grouping) if grouping is not None else None
    tables = list(broken.tables()) if broken is not None else []
    silent = [table for table in tables if not table.tells]
    return {"grouping": grouping, "broken": broken, "tables": tables, "silent": silent}


def compared(results: Results, against: Sequence[Results]) -> dict[str, object]:
    """With the other baseline that the address asks for: none, or one."""
    other = next(iter(against), None)
    return {"against": other, "pairs": compare(results, other) if other is not None else []}


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
