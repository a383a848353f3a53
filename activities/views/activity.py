"""The page of an activity, and the steps of its life."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.activity import CancelForm
from activities.models import Activity, Registration
from activities.services.authority import edits, runs
from activities.services.roll import with_counts
from activities.services.scheduling import cancel, hold, reopen, restore
from activities.services.sign_up_lists import with_list
from activities.states import ACTIVITY_TRANSITIONS, ActivityAction
from activities.views.answers import REFUSED, office_of
from organization.desk import desk_scope, signed_in, standpoint_of
from organization.models import Cadre
from organization.restoring import restored
from organization.services.lives import FieldRefused, Stale
from organization.ways import sent_from

STEPS = {
    ActivityAction.HOLD: (hold, "已登记举办。"),
    ActivityAction.REOPEN: (reopen, "已改回已安排。"),
    ActivityAction.RESTORE: (restore, "已恢复，报名的人收到了通知。"),
}
# What the organiser may do too; the rest is the office's.
ORGANISERS = frozenset({ActivityAction.HOLD, ActivityAction.REOPEN})


@require_safe
@never_cache
@login_required
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    rows = Activity.objects.in_sight_of(viewer, standpoint_of(request).neighbourhood).with_cancel_reason()
    rows = with_counts(with_list(rows, viewer, today), viewer)
    found = get_object_or_404(rows.select_related("department", "organiser", "theme", "series"), pk=activity_id)
    may_edit = edits(viewer, found, desk_scope(request))
    may_run = may_edit or found.organiser_id == viewer.pk
    context = {
        "activity": found,
        "speakers": list(found.speakers.select_related("cadre", "lecturer")),
        "books": list(found.books.select_related("book")),
        "actions": actions_of(found, may_edit=may_edit, may_run=may_run),
        "events": list(found.events.select_related("actor")) if may_run else None,
        "may_edit": may_edit,
        "runs": may_run,
        "is_today": found.date <= today <= found.last_day,
        "is_due": found.date <= today,
    }
    return render(request, "activities/activity.html", context)


def actions_of(activity: Activity, *, may_edit: bool, may_run: bool) -> set[str]:
    """What the viewer may do in the activity's state."""
    able = {action for state, action in ACTIVITY_TRANSITIONS if state == activity.state}
    return {action.value for action in able if may_edit or (may_run and action in ORGANISERS)}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def activity_cancel(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer = office_of(request)
    found = get_object_or_404(Activity.objects.editable_by(viewer), pk=activity_id)
    kept = restored(request)
    form = CancelForm(request.POST or None, initial=kept.dict() if kept is not None else {"seen": found.version})
    if (found.state, ActivityAction.CANCEL) not in ACTIVITY_TRANSITIONS:
        messages.info(request, f"活动现在是“{found.get_state_display()}”，不能取消。")
        return redirect("activity", found.pk)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            check_seen(found, str(form.cleaned_data["seen"]))
            cancel(activity=found, by=viewer, reason=form.cleaned_data["reason"], now=timezone.now())
        except FieldRefused as error:
            form.add_error(error.field, str(error))
        except REFUSED as error:
            form.add_error(None, str(error))
            status = 409 if isinstance(error, Stale) else 200
        else:
            messages.success(request, "活动已取消，报名和主讲的人收到了通知。")
            return redirect("activity", found.pk)
    context = {
        "form": form,
        "activity": found,
        "people": Registration.objects.standing().filter(activity=found).count(),
    }
    return render(request, "activities/cancel.html", context, status=status)


@sent_from("activity", "activity_id")
@never_cache
@login_required
def activity_state(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Held, back to scheduled, or restored: one button each on the activity's page."""
    viewer = signed_in(request)
    found = get_object_or_404(Activity.objects.in_sight_of(viewer), pk=activity_id)
    if not runs(viewer, found):
        raise Http404
    try:
        take_step(found, request.POST.get("action", ""), request.POST.get("seen", ""), viewer)
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        messages.success(request, STEPS[ActivityAction(request.POST["action"])][1])
    return redirect("activity", found.pk)


def take_step(activity: Activity, action: str, seen: str, by: Cadre) -> None:
    if action not in STEPS:
        raise ValueError("没有看懂要怎样办理，请重新选择。")
    check_seen(activity, seen)
    step, _ = STEPS[ActivityAction(action)]
    step(activity=activity, by=by, now=timezone.now())


def check_seen(activity: Activity, seen: str) -> None:
    if seen != str(activity.version):
        raise Stale("活动")
