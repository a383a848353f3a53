"""One recorded attendance with its history, and its correction."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.forms.attendance import CorrectionForm
from activities.models import Attendance
from activities.services.attendance import LABELS, needs_reason, record_attendance, state_of, why_closed
from activities.services.recorders import check_recorder
from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.services.lives import Stale
from organization.services.roles import NotAllowed

REFUSED = (NotAllowed, ValueError)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def attendance_record(request: HttpRequest, activity_id: int, attendance_id: int) -> HttpResponse:
    """One's own is there to read; others are for who may record them."""
    viewer = signed_in(request)
    row = get_object_or_404(
        Attendance.objects.select_related("activity__department", "cadre", "recorded_by"),
        pk=attendance_id,
        activity__pk=activity_id,  # not `activity`: it fails on numbers beyond SQLite
    )
    why = why_read_only(row, viewer)
    if request.method != "POST":
        kept = restored(request)
        initial = {"state": state_of(row), "seen": state_of(row)} | (kept.dict() if kept is not None else {})
        return record_page(request, row, why, CorrectionForm(initial=initial))
    if why:
        raise Http404
    form, status = CorrectionForm(request.POST), 200
    if form.is_valid():
        sent = form.cleaned_data
        wanted = Attendance(pk=row.pk, activity=row.activity, cadre=row.cadre, capacity=row.capacity)
        for name, value in form.wanted.items():
            setattr(wanted, name, value)
        try:
            record_attendance(
                attendance=wanted, recorder=viewer, now=timezone.now(), reason=sent["reason"], seen=sent["seen"]
            )
        except Stale as error:
            form, status = opened_again(request, row), 409
            form.add_error(None, f"{error}您写的原因还在下面。")
        except REFUSED as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, "签到已更正。")
            return redirect("attendance_record", activity_id, attendance_id)
    return record_page(request, row, why, form, status)


def opened_again(request: HttpRequest, row: Attendance) -> CorrectionForm:
    """The same form from the row as it is now."""
    sent = request.POST.copy()
    sent["seen"] = state_of(row)
    return CorrectionForm(sent)


def why_read_only(row: Attendance, viewer: Cadre) -> str:
    """Empty for who may correct it; raises Http404 for who may not even look."""
    if row.cadre_id == viewer.pk:
        return "您自己的签到有误，请告诉活动的组织人或办公室，由他们更正。"
    try:
        check_recorder(activity=row.activity, cadre=row.cadre, recorder=viewer)
    except NotAllowed as error:
        raise Http404 from error
    return ""


def record_page(
    request: HttpRequest, row: Attendance, why: str, form: CorrectionForm, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    events = [
        (event, LABELS.get(event.from_state, event.from_state), LABELS.get(event.to_state, event.to_state))
        for event in row.events.select_related("actor")
    ]
    context = {
        "row": row,
        "state": LABELS[state_of(row)],
        "events": events,
        "form": form,
        "read_only": why or why_closed(row.activity, today),
        "needs_reason": needs_reason(row, today),
        "is_own": bool(why),
    }
    return render(request, "activities/attendance_record.html", context, status=status)
