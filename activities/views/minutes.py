"""What came of an activity: written down by who runs it, printed by everybody who sees it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.media import MinutesForm
from activities.models import Activity
from activities.services.minutes import LABELS, record_outcome
from activities.states import ActivityState
from activities.views.scope import place_of, run_or_404, seen_or_404
from organization.desk import signed_in
from organization.restoring import restored
from organization.services.lives import IllegalStep, Stale

CANCELLED = "这次活动已取消，不能登记纪要；要登记请先恢复活动。"
LENGTH = 9


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def minutes(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer, activity = signed_in(request), run_or_404(request, activity_id)
    if request.method != "POST":
        if activity.state == ActivityState.CANCELLED:
            messages.info(request, CANCELLED)
            return redirect(place_of(activity))
        kept = restored(request)
        stored = {name: getattr(activity, name) for name in LABELS}
        form = MinutesForm(initial=stored if kept is None else kept.dict())
        return page(request, activity, form, read_version(kept.get("seen", "")) if kept is not None else None)
    form, seen = MinutesForm(request.POST), read_version(request.POST.get("seen", ""))
    if not form.is_valid():
        return page(request, activity, form, seen)
    try:
        told = record_outcome(activity=activity, seen=seen, outcome=form.outcome(), by=viewer, now=timezone.now())
    except (Stale, IllegalStep) as error:
        form.add_error(None, str(error))
        return page(request, Activity.objects.get(pk=activity.pk), form, None, 409)
    messages.success(request, f"已保存：{'、'.join(told)}。" if told else "没有改动，内容与已保存的一样。")
    return redirect(place_of(activity))


def read_version(text: str) -> int:
    """0, which no row has, for what is no version."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LENGTH else 0


def page(
    request: HttpRequest, activity: Activity, form: MinutesForm, seen: int | None, status: int = 200
) -> HttpResponse:
    """`seen` is the version from which the text was written, without it the one that is stored now."""
    context: dict[str, Any] = {
        "activity": activity,
        "place": place_of(activity),
        "form": form,
        "seen": activity.version if seen is None else seen,
        "is_stale": status == 409,
    }
    return render(request, "activities/minutes.html", context, status=status)


@require_safe
@never_cache
@login_required
def minutes_print(request: HttpRequest, activity_id: int) -> HttpResponse:
    """For A4; with the photographs where they are asked for."""
    activity = seen_or_404(request, activity_id)
    with_photographs = request.GET.get("photographs") == "1"
    context = {
        "activity": activity,
        "place": place_of(activity),
        "speakers": activity.speakers.select_related("cadre", "lecturer"),
        "books": list(activity.books.all()),
        "attended": activity.attendances.valid().values("cadre").distinct().count(),
        "photographs": activity.photographs.pictures() if with_photographs else None,
        "has_photographs": with_photographs or activity.photographs.pictures().exists(),
    }
    return render(request, "activities/minutes_print.html", context)
