"""Series for the office: their list, a page each with its year, and what is generated, paused and cancelled there."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.series import YEARS
from activities.models import Series
from activities.models.series import SeriesQuerySet
from activities.services.authority import edits_series, is_office
from activities.services.generating import generate, horizon
from activities.services.given import edited_words, rule_of
from activities.services.series import pause_series, resume_series
from activities.services.series_year import lines_of, with_year
from activities.services.surplus import bare, cancel_surplus, surplus, surplus_keys
from activities.services.workdays import unfilled
from organization.desk import desk_scope, is_id, signed_in, standpoint_of
from organization.models import Cadre
from organization.services.holidays import keeps_holidays
from organization.services.lives import Stale
from organization.ways import sent_from
from shuxiang.searches import searched

PER_PAGE = 20
# So many ticks are read of one form.
MOST = 1000
STATES = (("", "在办"), ("paused", "暂停"), ("ended", "已结束"), ("all", "全部"))


def office_of(request: HttpRequest) -> Cadre:
    """The clerk behind a request; a stranger gets 404."""
    viewer = signed_in(request)
    if not is_office(viewer):
        raise Http404
    return viewer


def found_series(request: HttpRequest, series_id: int, *, edits: bool = True) -> tuple[Cadre, Series]:
    viewer = office_of(request)
    rows = Series.objects.editable_in(desk_scope(request)) if edits else in_sight(request)
    return viewer, get_object_or_404(rows.select_related("department", "organiser"), pk=series_id)


def in_sight(request: HttpRequest) -> SeriesQuerySet:
    return Series.objects.in_neighbourhood(standpoint_of(request).neighbourhood)


@require_safe
@never_cache
@login_required
def series_list(request: HttpRequest) -> HttpResponse:
    office_of(request)
    now = timezone.now()
    words, state = searched(request.GET), request.GET.get("state", "")
    state = state if state in dict(STATES) else ""
    rows = in_state(in_sight(request), state, timezone.localdate(now))
    ordered = with_year(rows.searched(words), now).select_related("department").order_by("pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    kept = urlencode({name: value for name, value in (("state", state), ("q", words)) if value})
    return render(request, "series_list.html", {
        "page": page,
        "cards": [(series, rule_of(series).words) for series in page],
        "words": words,
        "state": state,
        "states": STATES,
        "kept": f"{kept}&" if kept else "",
        "year": timezone.localdate(now).year,
    })  # fmt: skip


def in_state(rows: SeriesQuerySet, state: str, today: date) -> SeriesQuerySet:
    if state == "all":
        return rows
    if state == "ended":
        return rows.ended(today)
    lasting = rows.lasting(today)
    return lasting.paused() if state == "paused" else lasting.running()


@require_safe
@never_cache
@login_required
def series(request: HttpRequest, series_id: int) -> HttpResponse:
    """What the series is, and its year: what was held, what is to come, what was changed by hand."""
    viewer, found = found_series(request, series_id, edits=False)
    today = timezone.localdate()
    year = read_year(request.GET.get("year", ""), today)
    edits = edits_series(viewer, found, desk_scope(request))
    left_over = surplus_keys(found, today)
    return render(request, "series/series.html", {
        "series": found,
        "rule": rule_of(found).words,
        "lines": lines_of(found, year, left_over),
        "year": year,
        "years": sorted({today.year - 1, today.year, today.year + 1, year}),
        "today": today,
        "through": horizon(today),
        "edits": edits,
        "left_over": len(left_over) if edits else 0,
        "events": found.events.select_related("actor"),
    })  # fmt: skip


def read_year(text: str, today: date) -> int:
    is_year = text.isascii() and text.isdigit() and len(text) == 4 and YEARS[0] <= int(text) <= YEARS[1]
    return int(text) if is_year else today.year


@sent_from("series", "series_id")
@never_cache
@login_required
def series_generate(request: HttpRequest, series_id: int) -> HttpResponse:
    viewer, found = found_series(request, series_id)
    now = timezone.now()
    if found.is_paused:
        messages.error(request, "这个系列已暂停，先恢复，再生成活动。")
    else:
        today = timezone.localdate(now)
        through = horizon(today)
        messages.success(request, generate(series=found, through=through, now=now, by=viewer).words)
        if years := unfilled(range(max(today, found.since).year, min(through, found.until or through).year + 1)):
            hint = {"unfilled": years, "keeps_holidays": keeps_holidays(viewer)}
            messages.warning(request, render_to_string("series/unfilled.html", hint))
    return redirect("series", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def series_pause(request: HttpRequest, series_id: int) -> HttpResponse:
    """Asks before it pauses or resumes; then what is left over is shown, to be cancelled or kept."""
    viewer, found = found_series(request, series_id)
    today = timezone.localdate()
    if request.method == "POST":
        step = resume_series if found.is_paused else pause_series
        try:
            step(series=found, version=read_version(request), by=viewer, now=timezone.now())
        except Stale as error:
            messages.error(request, str(error))
            return redirect("series", found.pk)
        messages.success(request, "系列已暂停。" if found.is_paused else "系列已恢复，可以生成活动了。")
        return after_change(found, today)
    ahead = found.activities.standing().filter(date__gt=today).count()
    return render(request, "series/pause.html", {"series": found, "ahead": ahead})


def read_version(request: HttpRequest) -> int:
    """That of the page that was opened; what is none is older than all."""
    sent = request.POST.get("version", "")
    return int(sent) if is_id(sent) else 0


def after_change(found: Series, today: date) -> HttpResponse:
    """To the question what becomes of activities that the series no longer yields, where there are any."""
    return redirect("series_cancel" if surplus(found, today).exists() else "series", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def series_cancel(request: HttpRequest, series_id: int) -> HttpResponse:
    """Which of the activities that the series no longer yields are cancelled; the others stay."""
    viewer, found = found_series(request, series_id)
    now = timezone.now()
    if request.method == "POST":
        chosen = [int(each) for each in request.POST.getlist("activity")[:MOST] if is_id(each)]
        number = cancel_surplus(series=found, chosen=chosen, by=viewer, now=now)
        left = len(set(chosen)) - number
        messages.success(request, f"已取消 {number} 个活动。" if number else "没有取消活动。")
        if left:
            messages.info(request, f"有 {left} 个刚有人报名、添了内容或已经办理，没有取消，请到活动页面逐个办理。")
        return redirect("series", found.pk)
    rows = surplus(found, timezone.localdate(now))
    free = set(bare(rows).values_list("pk", flat=True))
    lines: list[dict[str, Any]] = [
        {"activity": each, "is_free": each.pk in free, "edited": edited_words(each)} for each in rows
    ]
    return render(request, "series/cancel.html", {"series": found, "lines": lines})
