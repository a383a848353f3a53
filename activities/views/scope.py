"""Whose page it is that the views of this area show, and the way back to it."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from activities.models import Activity, Call, Theme
from activities.services.authority import runs
from activities.services.materials import Owner
from organization.desk import desk_scope, signed_in, standpoint_of

SECTIONS = {Activity: ("活动", "activities"), Theme: ("主题阅读", "themes"), Call: ("征集令", "calls")}


def seen_or_404(request: HttpRequest, activity_id: int) -> Activity:
    rows = Activity.objects.in_sight_of(signed_in(request), standpoint_of(request).neighbourhood)
    return get_object_or_404(rows.select_related("department", "organiser"), pk=activity_id)


def run_or_404(request: HttpRequest, activity_id: int) -> Activity:
    """For who runs it."""
    activity = seen_or_404(request, activity_id)
    if not runs(signed_in(request), activity, desk_scope(request)):
        raise Http404
    return activity


def runs_here(context: Mapping[str, Any], activity: Activity) -> bool:
    """Whether the viewer of a page runs the activity; the activity's own page has said so in `runs`."""
    request = context["request"]
    return context["runs"] if "runs" in context else runs(signed_in(request), activity, desk_scope(request))


def place_of(owner: Owner) -> str:
    """The page of an activity, a theme or a call."""
    return reverse(owner._meta.model_name or "", args=[owner.pk])


def section_of(owner: Owner) -> tuple[str, str]:
    """Name and address of the list in which it stands, for the crumbs."""
    label, page = SECTIONS[type(owner)]
    return label, reverse(page)
