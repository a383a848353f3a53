"""The form of a series, new or changed. 预览 shows the days that it would have and stores nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.forms.series import SeriesForm, empty_series, stored_series
from activities.kinds import CATEGORIES
from activities.models import Series
from activities.services.series import SeriesFacts, WrongSeries, change_series, make_series
from activities.services.series_year import preview
from activities.services.workdays import unfilled
from activities.views.series import after_change, found_series, office_of, read_version
from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.services.holidays import keeps_holidays
from organization.services.lives import Stale


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def series_new(request: HttpRequest) -> HttpResponse:
    viewer = office_of(request)
    form = form_of(request, viewer, {**empty_series(), "since": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and not asks_preview(request):
        try:
            made = make_series(facts=form.facts(), by=viewer, now=timezone.now())
        except WrongSeries as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"系列“{made.title}”已建立。核对日期后，按“生成活动”。")
            return redirect("series", made.pk)
    return form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def series_edit(request: HttpRequest, series_id: int) -> HttpResponse:
    viewer, found = found_series(request, series_id)
    form, stale = form_of(request, viewer, stored_series(found)), False
    if request.method == "POST" and form.is_valid() and not asks_preview(request):
        try:
            changed = change_series(
                series=found, version=read_version(request), facts=form.facts(), by=viewer, now=timezone.now()
            )
        except WrongSeries as error:
            form.add_error(error.field, str(error))
        except Stale:
            form.add_error(None, "这个系列刚被别人修改过。下面是您填写的，请对照现在的内容改好再保存。")
            stale = True
        else:
            said = "系列已修改。按“生成活动”，没有手工改过的活动就跟着改；当天夜里也会自动更新。"
            messages.success(request, said if changed else "没有改动。")
            return after_change(found, timezone.localdate())
    return form_page(request, form, found, stale)


def asks_preview(request: HttpRequest) -> bool:
    return request.POST.get("action") == "preview"


def form_of(request: HttpRequest, viewer: Cadre, initial: dict[str, Any]) -> SeriesForm:
    kept = restored(request)
    if kept is not None:
        unticked = dict.fromkeys(("for_office", "for_branch", "for_union"), False)
        initial = initial | unticked | kept.dict()
    return SeriesForm(request.POST if request.method == "POST" else None, initial=initial, viewer=viewer)


def form_page(request: HttpRequest, form: SeriesForm, found: Series | None, stale: bool = False) -> HttpResponse:
    """With the next days of the rule as it is typed, where it can be understood; else of the one that is stored."""
    today = timezone.localdate()
    facts = SeriesFacts.of(found) if found is not None and not form.is_bound else None
    if form.is_bound and not form.errors:
        facts = form.facts()
    lines = preview(facts, today) if facts is not None else []
    return render(request, "series/form.html", {
        "form": form,
        "series": found,
        "stale": stale,
        "version": found.version if found is not None and stale else form["version"].value(),
        "categories": CATEGORIES,
        "lines": lines,
        "unfilled": unfilled(line.day.year for line in lines),
        "keeps_holidays": keeps_holidays(signed_in(request)),
        "rule": facts.rule.words if facts is not None else "",
        "is_preview": asks_preview(request) and not form.errors,
    })  # fmt: skip
