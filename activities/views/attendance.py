"""Who came, ticked on a phone or at a desk: one tick at a time with scripts, a page of ticks without."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.exports.attendance import attendance_content
from activities.forms.attendance import Filter, GuestsForm, Ticked
from activities.models import Activity, Attendance
from activities.services.attendance import LABELS, NotYet, Sheet, record_guests, record_sheet, why_closed
from activities.services.authority import runs
from activities.services.recorders import opens_the_roll, own_of, reach_of
from activities.services.roll import counts_of, roll_of
from organization.desk import desk_scope, heads_the_tree, signed_in, standpoint_of
from organization.models import AccessAction, Cadre
from organization.restoring import restored
from organization.services.audit import record_event
from organization.services.lives import Stale
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from shuxiang.downloads import workbook
from shuxiang.workbooks.values import shown

PER_PAGE = 50
CHOICES = [(capacity, LABELS[capacity]) for capacity in ("", *Attendance.Capacity.values)]
REFUSED = (NotAllowed, NotYet, Stale)


def recordable(request: HttpRequest, activity_id: int) -> Activity:
    """The activity, for who sees it and looks after its attendance; 404 for others."""
    viewer, standpoint = signed_in(request), standpoint_of(request)
    seen = Activity.objects.in_sight_of(viewer, standpoint.neighbourhood)
    found = get_object_or_404(seen.select_related("department", "organiser"), pk=activity_id)
    if not opens_the_roll(viewer, found, standpoint):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def attendance(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer = signed_in(request)
    activity = recordable(request, activity_id)
    if request.method != "POST":
        return roll_page(request, activity, viewer)
    if request.headers.get("HX-Request") == "true":
        return one_ticked(request, activity, viewer)
    ticked = Ticked.read(request.POST)
    try:
        sheet = record_sheet(
            activity=activity, present=ticked.changed, recorder=viewer, now=timezone.now(), seen=ticked.seen
        )
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        tell(request, sheet)
    return redirect(request.get_full_path())


def tell(request: HttpRequest, sheet: Sheet) -> None:
    done = [("新登记", sheet.added), ("更改", sheet.changed), ("作废", sheet.voided)]
    said = "，".join(f"{word} {number} 人" for word, number in done if number)
    for each in sheet.told.values():
        messages.warning(request, each)
    if said:
        messages.success(request, f"已记下：{said}。")
    elif not sheet.told:
        messages.info(request, "本页没有改动。")


def roll_page(
    request: HttpRequest, activity: Activity, viewer: Cadre, guests: GuestsForm | None = None, status: int = 200
) -> HttpResponse:
    today, standpoint = timezone.localdate(), standpoint_of(request)
    tree = standpoint.tree
    rows = roll_of(activity, reach_of(viewer, activity, standpoint), viewer, today, tree)
    here = {row.department for row in rows}
    departments = [(node.id, tree.paths[node.id]) for node in tree.ordered if node.id in here]
    chosen = Filter.read(request.GET, departments)
    page = Paginator(chosen.among(rows), PER_PAGE).get_page(request.GET.get("page"))
    kept = restored(request)
    picked = Ticked.read(kept).changed if kept is not None else {}
    is_run = runs(viewer, activity, standpoint.work_scope)
    if guests is None and is_run:
        guests = guests_form(request, activity)
    context = {
        **row_context(activity, viewer),
        "page": page,
        "rows": [replace(row, picked=picked.get(row.cadre)) for row in page],
        "total": len(rows),
        "expected": sum(bool(row.expected) for row in rows),
        "departments": departments,
        "chosen": chosen,
        "kept": f"{chosen.address}&" if chosen.address else "",
        "closed": why_closed(activity, today),
        "guests": guests,
        "is_run": is_run,
        "may_import": heads_the_tree(request),
    }
    return render(request, "activities/attendance.html", context, status=status)


def guests_form(request: HttpRequest, activity: Activity) -> GuestsForm:
    kept = restored(request, reverse("attendance_guests", args=[activity.pk]))
    return GuestsForm(initial=kept.dict() if kept else {"guests": activity.guests, "seen": activity.guests})


def row_context(activity: Activity, viewer: Cadre) -> dict[str, Any]:
    return {
        "activity": activity,
        "choices": CHOICES,
        "counts": counts_of(activity, viewer),
        "own_told": own_of(viewer),
    }


def one_ticked(request: HttpRequest, activity: Activity, viewer: Cadre) -> HttpResponse:
    """The person's line as it is now, and the counts."""
    ticked = Ticked.read(request.POST, only=request.POST.get("one", ""))
    if not ticked.chosen:
        return HttpResponse("没有看懂这次登记，请刷新页面再试。", status=400, content_type="text/plain; charset=utf-8")
    now, (cadre, capacity) = timezone.now(), next(iter(ticked.chosen.items()))
    try:
        found = record_sheet(activity=activity, present={cadre: capacity}, recorder=viewer, now=now, seen=ticked.seen)
        told = found.told.get(cadre, "")
    except REFUSED as error:
        told = str(error)
    standpoint = standpoint_of(request)
    reach = reach_of(viewer, activity, standpoint)
    rows = roll_of(activity, reach, viewer, timezone.localdate(now), standpoint.tree, only=[cadre])
    if not rows:
        raise Http404
    context = {**row_context(activity, viewer), "row": rows[0], "told": told, "is_single": True}
    return render(request, "activities/attendance_row.html", context)


@sent_from("attendance", "activity_id")
@never_cache
@login_required
def attendance_guests(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer = signed_in(request)
    activity = recordable(request, activity_id)
    form = GuestsForm(request.POST)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            record_guests(
                activity=activity, guests=sent["guests"], seen=sent["seen"], recorder=viewer, now=timezone.now()
            )
        except REFUSED as error:
            form.add_error("guests", str(error))
        else:
            messages.success(request, "外来人数已记下。")
            return redirect("attendance", activity.pk)
    return roll_page(request, activity, viewer, form)


@require_safe
@never_cache
@login_required
def attendance_workbook(request: HttpRequest, activity_id: int) -> HttpResponseBase:
    """For who runs the activity all who came; for another office those of its own."""
    viewer = signed_in(request)
    activity = recordable(request, activity_id)
    rows = Attendance.objects.filter(activity=activity)
    is_run = runs(viewer, activity, desk_scope(request))
    content = attendance_content(activity, rows if is_run else rows.visible_to(viewer))
    detail = f"{activity.reference} {shown(activity.title)}"
    record_event(action=AccessAction.EXPORT, actor=viewer, about="活动签到", detail=detail)
    name = f"活动签到-{activity.date}-{shown(activity.title)}.xlsx"
    return workbook(content, name)
