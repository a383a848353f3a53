"""Facility projects: everybody reads what is built; amounts are for office, leaders and librarians."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from reading.forms.projects import LineFormSet, ProjectForm, money_in
from reading.kinds import Stage
from reading.models import Project
from reading.services.authority import is_librarian
from reading.services.projects import StaleProject, add_project, change_project, sees_amounts, sums_of
from reading.views.answers import librarian_of
from reading.views.places import both_valid, opened, stamp_shown
from shuxiang.form_rows import LONG_AGO, read_stamp

PROJECTS = 30


@require_safe
@never_cache
@login_required
def projects(request: HttpRequest) -> HttpResponse:
    viewer = signed_in(request)
    rows = Project.objects.select_related("place").prefetch_related("pictures", "budget_lines")
    page = Paginator(rows, PROJECTS).get_page(request.GET.get("page"))
    listed = [(row, sums_of(list(row.budget_lines.all()))) for row in page]
    context = {"page": page, "listed": listed, "amounts": sees_amounts(viewer), "edits": is_librarian(viewer)}
    return render(request, "spaces/projects.html", context)


@require_safe
@never_cache
@login_required
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    viewer = signed_in(request)
    found = get_object_or_404(Project.objects.select_related("place"), pk=project_id)
    pictures = list(found.pictures.all())
    sides = [(stage, [each for each in pictures if each.stage == stage]) for stage in Stage]
    context: dict[str, Any] = {"project": found, "sides": sides, "pictures": pictures, "edits": is_librarian(viewer)}
    if sees_amounts(viewer):
        lines = list(found.budget_lines.all())
        context |= {"amounts": True, "lines": lines, "sums": sums_of(lines)}
    return render(request, "spaces/project.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def project_new(request: HttpRequest) -> HttpResponse:
    viewer = librarian_of(request)
    initial = {"place": request.GET.get("place", "")}
    form, lines = opened(request, ProjectForm, LineFormSet, "lines", [], initial=initial)
    if form.is_bound and both_valid(form, lines):
        made = add_project(facts=form.facts(), lines=money_in(lines), by=viewer)
        messages.success(request, f"“{made.title}”已经登记。可以在下面加改造前后的照片。")
        return redirect("project", made.pk)
    return render(request, "spaces/project_form.html", {"form": form, "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def project_edit(request: HttpRequest, project_id: int) -> HttpResponse:
    viewer = librarian_of(request)
    found = get_object_or_404(Project, pk=project_id)
    named = [
        {"name": line.item, "planned": line.planned, "spent": line.spent, "voucher": line.voucher}
        for line in found.budget_lines.all()
    ]
    form, lines = opened(request, ProjectForm, LineFormSet, "lines", named, project=found, initial=initial_of(found))
    stale = False
    if form.is_bound and both_valid(form, lines):
        seen = read_stamp(form.cleaned_data["seen"]) or LONG_AGO
        try:
            change_project(
                project=found, seen=seen, facts=form.facts(), lines=money_in(lines), by=viewer, now=timezone.now()
            )
        except StaleProject as error:
            form.add_error(None, str(error))
            stale = True
        else:
            messages.success(request, "已经保存。")
            return redirect("project", found.pk)
    context = {"form": form, "lines": lines, "project": found, "stale": stale}
    return render(request, "spaces/project_form.html", {**context, "stamp": stamp_shown(request, form, found, stale)})


def initial_of(found: Project) -> dict[str, Any]:
    plain = ("title", "state", "since", "until", "description")
    return {**{name: getattr(found, name) for name in plain}, "place": found.place_id or ""}
