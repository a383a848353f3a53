"""The list of an activity for who runs it: everybody on it, entering and removing colleagues, paper and Excel."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.exports.registrations import registrations_workbook as workbook_of
from activities.forms.sign_up import AddForm, RemoveForm
from activities.models import Activity, Registration
from activities.services.authority import runs
from activities.services.moments import closes_at, instant_words
from activities.services.sign_up_lists import colleagues_of, rows_of
from activities.services.signing_up import cancel_sign_up, sign_up
from activities.states import ActivityState, RegistrationState
from activities.views.sign_up import REFUSED
from organization.desk import is_id, signed_in
from organization.models import AccessAction, Cadre
from organization.restoring import restored
from organization.services.audit import record_event
from organization.ways import sent_from
from reading.services.counter import people_by
from shuxiang.downloads import workbook
from shuxiang.searches import searched

PER_PAGE = 200


def run_by(viewer: Cadre, activity_id: int) -> Activity:
    """404 for who does not run it."""
    activity = get_object_or_404(Activity.objects.select_related("department", "organiser"), pk=activity_id)
    if not runs(viewer, activity):
        raise Http404
    return activity


@require_safe
@never_cache
@login_required
def registrations(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer = signed_in(request)
    return page(request, viewer, run_by(viewer, activity_id))


def page(
    request: HttpRequest, viewer: Cadre, activity: Activity, form: AddForm | None = None, status: int = 200
) -> HttpResponse:
    """`q` looks for a colleague to enter, or on the list."""
    now, words = timezone.now(), searched(request.GET)
    rows: list[Any] = list(rows_of(activity))
    for place, row in enumerate(rows[activity.seats_taken :], start=1):
        row.place = place
    known = {row.cadre_id: row for row in rows}
    found = people_by(words, colleagues_of(viewer, activity, now)) if words else []
    if form is None:  # without colleagues to enter it is not shown, and what was typed goes on waiting
        form = AddForm(initial=restored(request, reverse("registration_add", args=[activity.pk])) if found else None)
    context = {
        "activity": activity,
        "closes": instant_words(closes_at(activity)),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "kept": f"{urlencode({'q': words})}&" if words else "",
        "waiting": len(rows) - activity.seats_taken,
        "changes": activity.state == ActivityState.SCHEDULED,
        "words": words,
        "found": [(cadre, known.get(cadre.pk)) for cadre in found],
        "form": form,
    }
    return render(request, "registrations.html", context, status=status)


@sent_from("registrations", "activity_id")
@login_required
def registration_add(request: HttpRequest, activity_id: int) -> HttpResponse:
    """A colleague, by who runs the activity."""
    viewer = signed_in(request)
    activity = run_by(viewer, activity_id)
    form, number = AddForm(request.POST), request.POST.get("cadre", "")
    cadre = Cadre.objects.filter(pk=number).first() if is_id(number) else None
    if cadre is None:
        form.add_error(None, "请先查找同事，再按姓名旁边的按钮。")
    elif form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            made = sign_up(activity=activity, cadre=cadre, by=viewer, now=timezone.now(), reason=reason)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            waits = made.state == RegistrationState.WAITING
            messages.success(request, f"已为{cadre.name}{'登记候补' if waits else '报名'}，并通知本人。")
            return redirect("registrations", activity.pk)
    return page(request, viewer, activity, form, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def registration_remove(request: HttpRequest, activity_id: int, registration_id: int) -> HttpResponse:
    """Asks for the reason first, which the colleague reads."""
    viewer = signed_in(request)
    activity = run_by(viewer, activity_id)
    rows = Registration.objects.filter(activity=activity).select_related("cadre", "activity")
    registration = get_object_or_404(rows, pk=registration_id)
    now_in = registration.state
    if now_in == RegistrationState.CANCELLED:
        messages.info(request, f"{registration.cadre.name}的报名已经取消。")
        return redirect("registrations", activity.pk)
    form = RemoveForm(request.POST if request.method == "POST" else None, initial=restored(request))
    if form.is_bound and form.is_valid():
        seen = request.POST.get("seen", "")
        registration.state = seen if seen in RegistrationState.values else now_in
        reason = form.cleaned_data["reason"]
        try:
            cancel_sign_up(registration=registration, by=viewer, now=timezone.now(), reason=reason)
        except REFUSED as error:
            form.add_error(None, str(error))
            registration.state = now_in
        else:
            messages.success(request, f"已取消{registration.cadre.name}的报名，并通知本人。")
            return redirect("registrations", activity.pk)
    context = {"activity": activity, "registration": registration, "form": form}
    return render(request, "registrations/remove.html", context)


@require_safe
@never_cache
@login_required
def registrations_workbook(request: HttpRequest, activity_id: int) -> FileResponse:
    viewer = signed_in(request)
    activity = run_by(viewer, activity_id)
    content = workbook_of(activity, rows_of(activity), timezone.localdate())
    record_event(
        action=AccessAction.EXPORT, actor=viewer, about=f"活动 {activity.reference} 报名名单", detail=activity.title
    )
    return workbook(content, f"报名名单{activity.reference}.xlsx")
