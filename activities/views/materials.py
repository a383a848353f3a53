"""Files that are handed out with an activity, a theme or a call: added, sent, removed after a question."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.media import MaterialForm
from activities.models import Call, Material, Theme
from activities.services.authority import keeps_materials
from activities.services.materials import Owner, add_material, materials_of, remove_material
from activities.views.scope import place_of, run_or_404, section_of
from organization.desk import signed_in
from organization.restoring import restored
from organization.services.filing import CONTENT_TYPES, name_to_send
from shuxiang.media.receiving import told_to_script
from shuxiang.media.sending import send
from shuxiang.uploads import Refused

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@told_to_script
def materials(request: HttpRequest, activity_id: int) -> HttpResponse:
    return kept_for(request, run_or_404(request, activity_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@told_to_script
def theme_materials(request: HttpRequest, theme_id: int) -> HttpResponse:
    return kept_for(request, get_object_or_404(Theme, pk=theme_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@told_to_script
def call_materials(request: HttpRequest, call_id: int) -> HttpResponse:
    return kept_for(request, get_object_or_404(Call, pk=call_id))


def kept_for(request: HttpRequest, owner: Owner) -> HttpResponse:
    """The list with its form, for who keeps it."""
    viewer = signed_in(request)
    if not keeps_materials(viewer, owner):
        raise Http404
    kept = restored(request)
    form = MaterialForm(request.POST or None, request.FILES or None, initial=kept.dict() if kept is not None else None)
    if request.method == "POST" and form.is_valid():
        sent = {"upload": form.cleaned_data["file"], "title": form.cleaned_data["title"]}
        try:
            added = add_material(owner=owner, by=viewer, now=timezone.now(), **sent)
        except Refused as error:
            form.add_error("file", str(error))
        else:
            said = f"材料“{added.material.title}”已加上。"
            messages.success(
                request, said if added.is_new else f"这个文件已经在材料里，名称是“{added.material.title}”。"
            )
            return redirect(request.path)
    context = {"form": form, "materials": materials_of(owner), **crumbs_of(owner)}
    return render(request, "activities/materials.html", context)


def found_or_404(request: HttpRequest, material_id: int) -> Material:
    rows = Material.objects.in_sight_of(signed_in(request)).select_related("activity", "theme", "call")
    return get_object_or_404(rows, pk=material_id)


@require_safe
@login_required
def material(request: HttpRequest, material_id: int) -> HttpResponseBase:
    """The file, always as an attachment: what is in it is not ours."""
    found = found_or_404(request, material_id)
    name = name_to_send(found.original_name, found.title, found.format)
    content_type = CONTENT_TYPES.get(found.format, "application/octet-stream")
    try:
        return send(request, found.file, name=name, content_type=content_type, as_attachment=True)
    except FileNotFoundError as error:
        logger.error("文件 %s 不在存储中，请从备份恢复。", found.file.name)
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def material_remove(request: HttpRequest, material_id: int) -> HttpResponse:
    viewer, found = signed_in(request), found_or_404(request, material_id)
    owner = found.owner
    if not keeps_materials(viewer, owner):
        raise Http404
    back = list_of(owner)
    if request.method == "POST":
        remove_material(material=found, by=viewer, now=timezone.now())
        messages.success(request, f"材料“{found.title}”已去掉。")
        return redirect(back)
    return render(request, "activities/material_remove.html", {"material": found, "back": back, **crumbs_of(owner)})


def crumbs_of(owner: Owner) -> dict[str, Any]:
    return {"owner": owner, "place": place_of(owner), "section": section_of(owner)}


def list_of(owner: Owner) -> str:
    return f"{place_of(owner)}materials/"
