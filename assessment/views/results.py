"""What lies behind the figures of a period: people, departments, lines and works."""

from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessment.boards.breakdown import breakdown
from assessment.boards.ledger import explained, ledger_lines, with_evidence
from assessment.boards.sheet import Sheet
from assessment.boards.works import excellent_facts, works_of
from assessment.models import DepartmentResult, Entry, PersonResult
from assessment.services.personal import standing_on_sheet
from assessment.views.access import (
    assessed_sheet,
    department_or_404,
    evidence_in_sight,
    kept,
    office_and_leaders,
    page_of,
)
from shuxiang.searches import searched

ZERO = Decimal("0.00")
ORDERS = {
    "": ("position",),
    "rank": (F("rank").asc(nulls_last=True), "position"),
    "points": ("-points", "position"),
    "year": ("-year_points", "position"),
    "number": ("employee_number",),
}
STATUSES = dict(PersonResult.Status.choices)


def chosen_department(request: HttpRequest, sheet: Sheet) -> DepartmentResult | None:
    """The department that the address names, else the top."""
    key = request.GET.get("department")
    return department_or_404(sheet, key) if key else sheet.top


@require_safe
@office_and_leaders
def appraisal_people(request: HttpRequest, code: str) -> HttpResponseBase:
    sheet = assessed_sheet(request, code)
    under, words = chosen_department(request, sheet), searched(request.GET)
    status, order = request.GET.get("status", ""), request.GET.get("order", "")
    if (status and status not in STATUSES) or order not in ORDERS:
        raise Http404
    rows = PersonResult.objects.filter(period=sheet.period).in_scope(sheet.scope)
    if under is not None and under != sheet.top:
        rows = rows.filter(department__in=sheet.subtree(under.department_id))
    if status:
        rows = rows.filter(status=status)
    if group := request.GET.get("party_group", "") if sheet.scope.everybody else "":
        rows = rows.filter(party_group=group.replace("\0", ""))
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(employee_number__icontains=words))
    context = {
        "sheet": sheet,
        "under": under,
        "statuses": STATUSES.items(),
        "status": status,
        "order": order,
        "party_group": group,
        "words": words,
        "page": page_of(request, rows.order_by(*ORDERS[order])),
        "kept": kept(request, "q", "status", "department", "party_group", "order"),
        "unordered": kept(request, "q", "status", "department", "party_group"),
    }
    return render(request, "appraisal/people.html", context)


@require_safe
@office_and_leaders
def appraisal_person(request: HttpRequest, code: str, cadre_id: int) -> HttpResponseBase:
    sheet = assessed_sheet(request, code)
    results = PersonResult.objects.filter(period=sheet.period).in_scope(sheet.scope)
    result = get_object_or_404(results.select_related("period"), cadre__id=cadre_id)
    entries = Entry.objects.filter(period__in=sheet.quarter_codes, cadre__id=cadre_id).order_by("-date", "position")
    lines = ledger_lines(entries, sheet, evidence_in_sight(request))
    context = {
        "sheet": sheet,
        "standing": standing_on_sheet(result),
        "department": sheet.by_id.get(result.department_id),
        "line": sheet.line(result.department_id),
        "lines": [line for line in lines if line.entry.kind == Entry.Kind.NORMAL],
        "adjustments": [line for line in lines if line.entry.kind == Entry.Kind.ADJUSTMENT],
    }
    return render(request, "appraisal/person.html", context)


@require_safe
@office_and_leaders
def appraisal_department(request: HttpRequest, code: str, department_id: int) -> HttpResponseBase:
    sheet = assessed_sheet(request, code)
    row = department_or_404(sheet, department_id)
    words = searched(request.GET)
    found = breakdown(sheet, row, evidence_in_sight(request))
    context = {
        "sheet": sheet,
        "row": row,
        "line": sheet.line(row.department_id),
        "found": found,
        "words": words,
        "page": page_of(request, found.matching(words)),
        "kept": kept(request, "q"),
        "days": sheet.period.value.span.days,
    }
    return render(request, "appraisal/department.html", context)


@require_safe
@office_and_leaders
def appraisal_entries(request: HttpRequest, code: str) -> HttpResponseBase:
    sheet = assessed_sheet(request, code)
    under, words = chosen_department(request, sheet), searched(request.GET)
    rows = Entry.objects.normal().filter(period__in=sheet.quarter_codes)
    if under is None:
        rows = rows.none()
    elif not under.is_root:
        rows = rows.filter(department__in=sheet.subtree(under.department_id))
    if words:
        asked = Q(name__icontains=words) | Q(employee_number__icontains=words)
        rows = rows.filter(asked | Q(reference__icontains=words) | Q(title__icontains=words))
    ordered = rows.order_by("-date", "position", "pk")
    page = page_of(request, with_evidence(ordered, evidence_in_sight(request)))
    context = {
        "sheet": sheet,
        "under": under,
        "words": words,
        "page": page,
        "lines": explained(page.object_list, sheet),
        "sum": rows.aggregate(points=Sum("points", default=ZERO), people=Count("cadre", distinct=True)),
        "kept": kept(request, "q", "department"),
    }
    return render(request, "appraisal/entries.html", context)


@require_safe
@office_and_leaders
def appraisal_works(request: HttpRequest, code: str) -> HttpResponseBase:
    sheet = assessed_sheet(request, code)
    under = chosen_department(request, sheet)
    page = page_of(request, excellent_facts(sheet, under) if under is not None else [])
    context = {
        "sheet": sheet,
        "under": under,
        "page": page,
        "works": works_of(page.object_list, sheet, under, evidence_in_sight(request)) if under is not None else [],
        "kept": kept(request, "department"),
    }
    return render(request, "appraisal/works.html", context)
