from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessment.boards.bookcase import departments_case, party_groups_case
from assessment.boards.racks import tasks_of
from assessment.boards.reading import reading_rate
from assessment.boards.sheet import choices_of, sheet_of
from assessment.models import Period
from assessment.views.access import department_or_404, office_and_leaders
from organization.desk import desk_scope, signed_in
from organization.roles import Role

DEPARTMENTS, PARTY_GROUPS = "科室", "党小组"


@require_safe
@office_and_leaders
def board(request: HttpRequest) -> HttpResponseBase:
    scope = desk_scope(request)
    periods = {period.code: period for period in Period.objects.assessed()}
    code = request.GET.get("period") or next(iter(periods), "")
    group = request.GET.get("group") or DEPARTMENTS
    groups = (DEPARTMENTS, PARTY_GROUPS) if scope.everybody else (DEPARTMENTS,)
    if (code and code not in periods) or group not in groups:
        raise Http404
    if not periods:
        return render(request, "board/empty.html", {"is_office": signed_in(request).has_role(Role.OFFICE)})
    sheet = sheet_of(periods[code], scope, periods)
    chosen = request.GET.get("department")
    under = department_or_404(sheet, chosen) if chosen else sheet.top
    if under is None:
        return render(request, "board/empty.html", {"sheet": sheet})
    by_group = group == PARTY_GROUPS
    context = {
        "sheet": sheet,
        "under": under,
        "line": sheet.line(under.department_id),
        "periods": choices_of(periods.values(), timezone.localdate()),
        "group": group,
        "groups": groups,
        "case": party_groups_case(sheet) if by_group else departments_case(sheet, under),
        "tasks": tasks_of(sheet),
        "reading": None if by_group else reading_rate(sheet, under),
    }
    return render(request, "board/party_groups.html" if by_group else "board.html", context)
