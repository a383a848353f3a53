"""领读: the year's grid of leaders and months, for everybody; one month's form; the page for paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.roles import Role
from organization.services.kept import sign_writer
from organization.services.lives import FieldRefused
from organization.services.roles import NotAllowed
from reading.forms.book_choice import Catalogue
from reading.forms.leads import LeadForm, stored_lead
from reading.models import Lead
from reading.services.leading import StaleLead, clear_lead, leaders_in, led_by_office, may_lead, set_lead
from shuxiang.form_rows import read_stamp
from shuxiang.periods import FIRST_YEAR, LAST_YEAR

FIELDS = ("title", "author", "book", "reason", "talk_topic", "talk_on", "talk_note", "is_done")


@dataclass(frozen=True)
class Cell:
    """A month of a leader. `is_overdue` is told to the office only; `address` to who may fill it in."""

    month: date
    lead: Lead | None
    is_overdue: bool
    address: str


@dataclass(frozen=True)
class Line:
    leader: Cadre
    cells: Sequence[Cell]

    @property
    def is_empty(self) -> bool:
        return not any(cell.lead for cell in self.cells)


@require_safe
@never_cache
@login_required
def leads(request: HttpRequest) -> HttpResponse:
    return render(request, "leads.html", grid_of(request))


@require_safe
@never_cache
@login_required
def leads_print(request: HttpRequest) -> HttpResponse:
    grid = grid_of(request)
    rows = [(cell.lead, line.leader) for line in grid["lines"] for cell in line.cells if cell.lead]
    in_order = sorted(rows, key=lambda row: (row[0].month, row[1].employee_number))
    return render(request, "leads/print.html", {"year": grid["year"], "rows": in_order})


def grid_of(request: HttpRequest) -> dict[str, Any]:
    viewer, today = signed_in(request), timezone.localdate()
    year = year_of(request, today)
    leaders = list(leaders_in(year, seen_by=viewer, today=today))
    rows = Lead.objects.filter(leader__in=leaders, month__year=year).select_related("book")
    known = {(row.leader_id, row.month.month): row for row in rows}
    is_office = viewer.has_role(Role.OFFICE)
    edits: set[int] = set()
    if is_office:
        own = led_by_office(viewer).filter(pk__in=[each.pk for each in leaders])
        edits.update(own.values_list("pk", flat=True))
    if viewer.has_role(Role.LEADER):
        edits.add(viewer.pk)
    lines = [Line(leader, cells_of(leader, year, known, today, is_office, leader.pk in edits)) for leader in leaders]
    return {
        "year": year,
        "years": [(each, each == year) for each in (today.year + 1, today.year, today.year - 1)],
        "lines": lines,
        "months": range(1, 13),
        "planned": len(known),
        "done": sum(row.is_done for row in known.values()),
        "is_office": is_office,
        "overdue": sum(cell.is_overdue for line in lines for cell in line.cells),
    }


def cells_of(
    leader: Cadre, year: int, known: dict[tuple[int, int], Lead], today: date, is_office: bool, edits: bool
) -> list[Cell]:
    found = []
    for number in range(1, 13):
        month, lead = date(year, number, 1), known.get((leader.pk, number))
        over = (year, number) < (today.year, today.month)
        overdue = is_office and over and not (lead is not None and lead.is_done)
        address = reverse("lead_edit", args=[leader.pk, year, number]) if edits else ""
        found.append(Cell(month, lead, overdue, address))
    return found


def year_of(request: HttpRequest, today: date) -> int:
    text = request.GET.get("year", str(today.year))
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR < int(text) < LAST_YEAR):
        raise Http404
    return int(text)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def lead_edit(request: HttpRequest, leader_id: int, year: int, month: int) -> HttpResponse:
    """A month's book, reason and talk, for the leader and the office; everybody else finds nothing."""
    viewer, today = signed_in(request), timezone.localdate()
    if not (FIRST_YEAR < year < LAST_YEAR and 1 <= month <= 12 and leader_id < 2**62):
        raise Http404
    leader = get_object_or_404(leaders_in(year, seen_by=viewer, today=today), pk=leader_id)
    if not may_lead(leader, viewer):
        raise Http404
    first = date(year, month, 1)
    lead = Lead.objects.filter(leader=leader, month=first).first()
    if request.method == "POST":
        return sent(request, viewer, leader, first, lead)
    kept = restored(request)
    if kept is not None:
        return form_page(request, leader, first, lead, typed(kept), seen=kept.get("seen", ""))
    initial = stored_lead(lead) if lead else {}
    return form_page(request, leader, first, lead, LeadForm(initial=initial, catalogue=Catalogue([initial])))


def sent(request: HttpRequest, viewer: Cadre, leader: Cadre, first: date, lead: Lead | None) -> HttpResponse:
    seen, action = request.POST.get("seen", ""), request.POST.get("action", "")
    if action == "find":
        form = typed(request.POST)
        form.look_up()
        return form_page(request, leader, first, lead, form, seen=seen)
    form = LeadForm(request.POST, catalogue=Catalogue([request.POST.dict()]))
    now, stamp = timezone.now(), read_stamp(seen)
    try:
        if action == "clear" and lead is not None:
            clear_lead(lead=lead, seen=stamp, by=viewer, now=now)
            messages.success(request, f"{leader.name} {first.month} 月的领读安排已取消。")
            return redirect(f"{reverse('leads')}?year={first.year}")
        if action != "clear" and form.is_valid():
            set_lead(leader=leader, month=first, seen=stamp, content=form.content(), by=viewer, now=now)
            messages.success(request, f"{leader.name} {first.month} 月的领读已保存。")
            return redirect(f"{reverse('leads')}?year={first.year}")
    except StaleLead:
        stored = Lead.objects.filter(leader=leader, month=first).first()
        return form_page(request, leader, first, stored, form, conflict=True)
    except FieldRefused as error:
        form.add_error(error.field, str(error))
    except (NotAllowed, ValueError) as error:
        form.add_error(None, str(error))
    return form_page(request, leader, first, lead, form, seen=seen)


def typed(data: Any) -> LeadForm:
    """The form as it was typed, nothing judged."""
    initial = {name: data.get(name, "") for name in FIELDS}
    return LeadForm(initial=initial, catalogue=Catalogue([initial]))


def form_page(
    request: HttpRequest,
    leader: Cadre,
    first: date,
    lead: Lead | None,
    form: LeadForm,
    *,
    seen: str | None = None,
    conflict: bool = False,
) -> HttpResponse:
    now_seen = lead.changed_at.isoformat() if lead else ""
    context = {
        "leader": leader,
        "month": first,
        "lead": lead,
        "form": form,
        "seen": now_seen if seen is None or conflict else seen,
        "conflict": conflict,
        "writer": sign_writer(signed_in(request)),
    }
    return render(request, "leads/form.html", context, status=409 if conflict else 200)
