"""Photographs of an activity: the gallery, one large, several added at once, put in order, removed after a question."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.media import AT_ONCE, ArrangeForm, PhotographsForm
from activities.kinds import PhotographKind
from activities.models import Activity, Photograph
from activities.services.authority import runs
from activities.services.photographs import add_photograph, arrange, arrangement, remove_photograph
from activities.views.scope import place_of, run_or_404, seen_or_404
from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.services.lives import Stale
from organization.ways import sent_from
from shuxiang.media.receiving import is_by_script
from shuxiang.media.sending import send
from shuxiang.uploads import Refused, stored_name

logger = logging.getLogger(__name__)
TOO_MANY = f"一次最多 {AT_ONCE} 张，请分几次选择。"


def shown_of(activity: Activity, viewer: Cadre) -> QuerySet[Photograph]:
    rows = Photograph.objects.filter(activity=activity)
    return rows if runs(viewer, activity) else rows.pictures()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def activity_photographs(request: HttpRequest, activity_id: int) -> HttpResponse:
    """All of them, for everybody who sees the activity; who runs it adds more."""
    if request.method != "POST":
        return gallery(request, seen_or_404(request, activity_id))
    activity = run_or_404(request, activity_id)
    form = PhotographsForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused_to_script(form) if is_by_script(request) else gallery(request, activity, form=form)
    taken, refused = added(activity, form, signed_in(request))
    address = reverse("activity_photographs", args=[activity.pk])
    if is_by_script(request):  # one file a time
        if refused:
            return JsonResponse({"error": refused[0][1]}, status=400)
        return JsonResponse({"address": address})
    if taken:
        messages.success(request, f"收下 {taken} 张照片。")
    return gallery(request, activity, refused=refused) if refused else redirect(address)


def refused_to_script(form: PhotographsForm) -> JsonResponse:
    return JsonResponse(
        {"error": " ".join(str(each) for errors in form.errors.values() for each in errors)}, status=400
    )


def added(activity: Activity, form: PhotographsForm, by: Cadre) -> tuple[int, list[tuple[str, str]]]:
    """How many were taken, and of the others the name and the reason."""
    taken, refused = 0, []
    for number, upload in enumerate(form.cleaned_data["upload"]):
        try:
            if number >= AT_ONCE:
                raise Refused(TOO_MANY)
            kind = PhotographKind(form.cleaned_data["kind"])
            add_photograph(activity=activity, upload=upload, kind=kind, by=by, now=timezone.now())
        except Refused as error:
            refused.append((stored_name(upload.name or ""), str(error)))
        else:
            taken += 1
    return taken, refused


def gallery(request: HttpRequest, activity: Activity, status: int = 200, **found: Any) -> HttpResponse:
    viewer = signed_in(request)
    able = runs(viewer, activity)
    rows = list(activity.photographs.all() if able else activity.photographs.pictures())
    context: dict[str, Any] = {
        "activity": activity,
        "place": place_of(activity),
        "pictures": [each for each in rows if each.kind == PhotographKind.PICTURE],
        "sheets": [each for each in rows if each.kind == PhotographKind.SHEET],
        "runs": able,
    }
    if able:
        kept = restored(request, reverse("activity_photographs_arrange", args=[activity.pk]))
        initial = kept.dict() if kept is not None else {"seen": arrangement(rows)}
        context |= {"form": PhotographsForm(), "arranging": ArrangeForm(initial=initial, photographs=rows)}
    return render(request, "activities/activity_photographs.html", context | found, status=status)


@sent_from("activity_photographs", "activity_id")
@never_cache
@login_required
def activity_photographs_arrange(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Captions and order of all."""
    activity = run_or_404(request, activity_id)
    rows = list(activity.photographs.all())
    form = ArrangeForm(request.POST, photographs=rows)
    if not form.is_valid():
        return gallery(request, activity, arranging=form)
    try:
        sent = {"seen": form.cleaned_data["seen"], "lines": form.lines()}
        arrange(activity=activity, by=signed_in(request), now=timezone.now(), **sent)
    except Stale as error:
        form.add_error(None, str(error))
        return gallery(request, activity, 409, arranging=form, fresh=arrangement(rows))
    messages.success(request, "照片的说明和顺序已保存。")
    return redirect("activity_photographs", activity.pk)


@require_safe
@never_cache
@login_required
def activity_photograph(request: HttpRequest, activity_id: int, photograph_id: int) -> HttpResponse:
    """One, large, with the way to those before and after it."""
    activity = seen_or_404(request, activity_id)
    rows = list(shown_of(activity, signed_in(request)))
    place = next((number for number, each in enumerate(rows) if each.pk == photograph_id), None)
    if place is None:
        raise Http404
    context = {
        "activity": activity,
        "place": place_of(activity),
        "photograph": rows[place],
        "number": place + 1,
        "count": len(rows),
        "before": rows[place - 1] if place else None,
        "after": rows[place + 1] if place + 1 < len(rows) else None,
        "runs": runs(signed_in(request), activity),
    }
    return render(request, "activities/activity_photograph.html", context)


def found_or_404(request: HttpRequest, photograph_id: int) -> Photograph:
    viewer = signed_in(request)
    seen = Activity.objects.in_sight_of(viewer)
    found = get_object_or_404(Photograph.objects.select_related("activity").filter(activity__in=seen), pk=photograph_id)
    if found.kind == PhotographKind.SHEET and not runs(viewer, found.activity):
        raise Http404
    return found


@require_safe
@login_required
def activity_picture(request: HttpRequest, photograph_id: int) -> HttpResponseBase:
    """The file; `?small` asks for the copy that lists show."""
    found = found_or_404(request, photograph_id)
    file = found.thumbnail if "small" in request.GET and found.thumbnail else found.file
    try:
        return send(request, file, name=f"{found.pk}.jpg", content_type="image/jpeg", as_attachment=False)
    except FileNotFoundError as error:
        logger.error("文件 %s 不在存储中，请从备份恢复。", file.name)
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def activity_photograph_remove(request: HttpRequest, photograph_id: int) -> HttpResponse:
    viewer, found = signed_in(request), found_or_404(request, photograph_id)
    if not runs(viewer, found.activity):
        raise Http404
    if request.method == "POST":
        remove_photograph(photograph=found, by=viewer, now=timezone.now())
        messages.success(request, "照片已经去掉。")
        return redirect("activity_photographs", found.activity_id)
    context = {"photograph": found, "activity": found.activity, "place": place_of(found.activity)}
    return render(request, "activities/activity_photograph_remove.html", context)
