"""A progress meeting with its ledger: the agenda before it, one form for what is said, minutes to print."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.forms.findings import ReviewForm
from activities.models import Activity
from activities.models.feedback import ANSWERERS
from activities.services.authority import runs, within
from activities.services.ledger import Ledger, Review, ReviewRefused, Row, ledger_of, review_findings
from activities.states import FindingState
from organization.desk import signed_in
from organization.models import Cadre, work_scope_of
from organization.restoring import restored
from organization.services.naming import departments_of
from organization.services.roles import NotAllowed
from organization.ways import sent_from


@dataclass
class Line:
    """A row of the ledger with its form, and what was wrong with it."""

    row: Row
    form: ReviewForm
    problem: str = ""


@require_safe
@never_cache
@login_required
def meeting(request: HttpRequest, activity_id: int) -> HttpResponse:
    """For who runs it, the office and leaders in whose scope it lies."""
    viewer = signed_in(request)
    found, runs_it = meeting_of(viewer, activity_id)
    ledger = ledger_of(found)
    kept = restored(request, reverse("meeting_review", args=[found.pk]))
    return meeting_page(
        request, ledger, [line_of(row, kept) for row in rows_to_speak_of(ledger, kept)], runs_it=runs_it
    )


def meeting_of(viewer: Cadre, activity_id: int) -> tuple[Activity, bool]:
    """The meeting, and whether the viewer runs it; else 404."""
    meetings = Activity.objects.progress_meetings()
    found = get_object_or_404(meetings.select_related("department", "organiser"), pk=activity_id)
    runs_it = runs(viewer, found)
    if not runs_it and not (viewer.has_role(*ANSWERERS) and within(work_scope_of(viewer), found.department_id)):
        raise Http404
    return found, runs_it


def prefix_of(row: Row) -> str:
    return f"finding-{row.finding.pk}"


def rows_to_speak_of(ledger: Ledger, typed: Any) -> list[Row]:
    """What is open, and what somebody settled while a word on it was being typed."""
    return [row for row in ledger.rows if row.finding.is_open or (typed and typed.get(f"{prefix_of(row)}-note"))]


def line_of(row: Row, kept: Any = None) -> Line:
    prefix = prefix_of(row)
    initial = {"seen": row.finding.version, "note": row.note}
    if kept is not None and f"{prefix}-note" in kept:
        initial = {name: kept.get(f"{prefix}-{name}", "") for name in ("seen", "note", "solved")}
    return Line(row, ReviewForm(initial=initial, prefix=prefix))


def meeting_page(
    request: HttpRequest, ledger: Ledger, lines: list[Line], status: int = 200, *, runs_it: bool = True
) -> HttpResponse:
    today, rows = timezone.localdate(), [*ledger.open, *ledger.new, *ledger.settled]
    places = departments_of({row.finding.owner_id for row in rows if row.finding.owner_id}, today)
    context = {
        "ledger": ledger,
        "meeting": ledger.meeting,
        "parts": [
            ("open", "会前待整改的问题", ledger.open),
            ("new", "会上提出的问题", ledger.new),
            ("settled", "会前已整改或不再跟踪的问题", ledger.settled),
        ],
        "sums": sums_of(ledger),
        "lines": lines,
        "places": places,
        "runs": runs_it,
        "today": today,
    }
    return render(request, "meetings/meeting.html", context, status=status)


def sums_of(ledger: Ledger) -> list[tuple[str, int]]:
    """What the meeting has before it, and how that stands now: 会前待整改 and 会上提出 are the states together."""
    now = Counter(row.finding.state for row in ledger.rows)
    states = [
        (f"现在{state.label}", now[state]) for state in FindingState if now[state] or state != FindingState.DROPPED
    ]
    settled = ("会前已整改或不再跟踪", len(ledger.settled))
    return [("会前待整改", len(ledger.open)), ("会上提出", len(ledger.new)), *states, settled]


@sent_from("meeting", "activity_id")
@never_cache
@login_required
def meeting_review(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One form for all: what stays empty is left as it is."""
    viewer = signed_in(request)
    found, runs_it = meeting_of(viewer, activity_id)
    if not runs_it:
        raise Http404
    ledger = ledger_of(found)
    rows = rows_to_speak_of(ledger, request.POST)
    lines = [Line(row, ReviewForm(request.POST, prefix=prefix_of(row))) for row in rows]
    wrong = [line for line in lines if not line.form.is_valid()]
    if wrong:
        messages.error(request, f"有 {len(wrong)} 条没有填对，请看下面各条的提示；所有各条都还没有保存。")
        return meeting_page(request, ledger, lines)
    try:
        number = review_findings(meeting=found, by=viewer, reviews=map(review_of, lines), now=timezone.now())
    except NotAllowed as error:
        raise Http404 from error
    except ReviewRefused as error:
        return refused(request, ledger, lines, error)
    messages.success(request, f"{number} 条问题的情况已记下。" if number else "没有新写的内容。")
    return redirect("meeting", found.pk)


def review_of(line: Line) -> Review:
    data = line.form.cleaned_data
    return Review(line.row.finding.pk, data["seen"], data["note"], data["solved"])


def refused(request: HttpRequest, ledger: Ledger, lines: list[Line], error: ReviewRefused) -> HttpResponse:
    """Nothing was stored; what was typed stays beside how each stands now."""
    messages.error(request, str(error))
    for line in lines:
        line.problem = error.reasons.get(line.row.finding.pk, "")
        if line.problem:
            line.form.look_again(line.row.finding.version)
    return meeting_page(request, ledger, lines, 409 if error.stale else 200)
