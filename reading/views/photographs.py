"""Photographs of places and of facility projects: added, and removed after a question."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.restoring import restored
from reading.forms.places import PhotographForm
from reading.forms.projects import ProjectPhotographForm
from reading.models import Picture, Place, Project
from reading.services.pictures import add_photograph, remove_picture
from reading.views.answers import librarian_of
from shuxiang.media.receiving import told_to_script
from shuxiang.uploads import Refused

MOST = 60


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@told_to_script
def space_photograph(request: HttpRequest, space_id: int) -> HttpResponse:
    librarian_of(request)
    place = get_object_or_404(Place, pk=space_id)
    data = request.POST if request.method == "POST" else None
    return added(request, place, PhotographForm(data, request.FILES or None, initial=restored(request)), "space")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@told_to_script
def project_photograph(request: HttpRequest, project_id: int) -> HttpResponse:
    librarian_of(request)
    project = get_object_or_404(Project, pk=project_id)
    form = ProjectPhotographForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial=restored(request) or {"stage": request.GET.get("stage", "")},
    )
    return added(request, project, form, "project")


def added(request: HttpRequest, of: Any, form: PhotographForm, page: str) -> HttpResponse:
    viewer = librarian_of(request)
    if request.method == "POST" and form.is_valid():
        sent = {"caption": form.cleaned_data["caption"], "stage": form.cleaned_data.get("stage", "")}
        try:
            if of.pictures.count() >= MOST:
                raise Refused(f"最多 {MOST} 张照片，请先去掉不用的。")
            add_photograph(of=of, upload=form.cleaned_data["upload"], by=viewer, now=timezone.now(), **sent)
        except Refused as error:
            form.add_error("upload", str(error))
        else:
            messages.success(request, "照片已经加上。")
            return redirect(page, of.pk)
    return render(request, "spaces/photograph.html", {"form": form, "of": of, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def photograph_remove(request: HttpRequest, picture_id: int) -> HttpResponse:
    """Asks first; covers are removed on the page of their book."""
    viewer = librarian_of(request)
    photographs = Picture.objects.filter(book__isnull=True).select_related("place", "project")
    picture = get_object_or_404(photographs, pk=picture_id)
    of, page = (picture.place, "space") if picture.place else (picture.project, "project")
    assert of is not None
    if request.method == "POST":
        remove_picture(picture=picture, by=viewer, now=timezone.now())
        messages.success(request, "照片已经去掉。")
        return redirect(page, of.pk)
    return render(request, "spaces/photograph_remove.html", {"picture": picture, "of": of, "page": page})
