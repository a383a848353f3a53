"""The page of a finding: one form of four parts, each with a button of its own; what was typed is given back in all."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from activities.forms.findings import (
    AssignForm,
    FindingDecideForm,
    FindingReplyForm,
    ProgressForm,
    stored_assignment,
)
from activities.models import Finding
from activities.services.findings import handles
from activities.services.replying import reads_box_of
from activities.states import FINDING_TRANSITIONS, FindingAction, FindingState
from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.services.naming import departments_of

DECISIONS = (FindingAction.SOLVE, FindingAction.DROP, FindingAction.REOPEN)
PARTS = ("assign", "progress", "reply", "decide")


def finding_page(
    request: HttpRequest, finding_id: int, status: int = 200, *, typed: QueryDict | None = None, **forms: Any
) -> HttpResponse:
    """`forms` are the parts that were sent, `typed` is what stood in the others."""
    viewer, today = signed_in(request), timezone.localdate()
    rows = Finding.objects.shown_to(viewer).select_related("owner", "activity", "questionnaire", "feedback")
    found = get_object_or_404(rows, pk=finding_id)
    follows, owns = handles(viewer, found), found.owner_id == viewer.pk
    runs = found.activity is not None and found.activity.organiser_id == viewer.pk
    context: dict[str, Any] = {"finding": found, "follows": follows, "owns": owns, "today": today}
    context["place"] = departments_of([found.owner_id], today).get(found.owner_id, "") if found.owner_id else ""
    context["inside"] = follows or owns or runs
    if context["inside"]:
        context["events"] = found.events.select_related("actor", "meeting")
        context["reads_box"] = found.feedback is not None and reads_box_of(viewer, found.feedback)
    if follows or owns:
        typed = typed or kept_of(request, found) or QueryDict()
        context |= parts_of(viewer, found, follows, typed)
        context["left"] = left_over(found, typed, {*context, *forms})
    return render(request, "findings/finding.html", {**context, **forms}, status=status)


def parts_of(viewer: Cadre, found: Finding, follows: bool, typed: QueryDict) -> dict[str, Any]:
    """The parts that the viewer may send now, with the version that was seen."""
    able = {action for before, action in FINDING_TRANSITIONS if before == FindingState(found.state)}
    given = {name: given_back(typed, stored) for name, stored in stored_parts(found).items()}
    parts: dict[str, Any] = {"seen": typed.get("seen", found.version)}
    if FindingAction.REVIEW in able:
        parts["progress"] = ProgressForm(initial=given["progress"])
    if follows:
        parts["reply"] = FindingReplyForm(initial=given["reply"])
        parts["decide"] = FindingDecideForm(initial=given["decide"])
        parts["decisions"] = [each for each in DECISIONS if each in able]
    if follows and FindingAction.ASSIGN in able:
        today = timezone.localdate()
        parts["assign"] = AssignForm(viewer=viewer, finding=found, today=today, initial=given["assign"])
    return parts


def stored_parts(found: Finding) -> dict[str, dict[str, Any]]:
    """What stands in each part before anybody types; the first of its fields is there whenever the part was sent."""
    return {
        "assign": stored_assignment(found),
        "progress": {"note": ""},
        "reply": {"reply": found.reply, "is_public": found.is_public},
        "decide": {"reason": ""},
    }


def given_back(typed: QueryDict, stored: dict[str, Any]) -> dict[str, Any]:
    return {name: typed.get(name, "") for name in stored} if next(iter(stored)) in typed else stored


def typed_beside(request: HttpRequest, form: Any, found: Finding) -> QueryDict | None:
    """What the part that was just saved leaves: the words of the others, if somebody typed any."""
    typed = request.POST.copy()
    for name in form.fields:
        typed.pop(name, None)
    parts = stored_parts(found).values()
    differs = any(as_text(given_back(typed, stored)) != as_text(stored) for stored in parts)
    return typed if differs else None


def as_text(part: dict[str, Any]) -> list[str]:
    """As a browser would send it: empty where nothing stands, in its own ends of lines."""
    return ["on" if value is True else str(value or "").replace("\r\n", "\n").strip() for value in part.values()]


def left_over(found: Finding, typed: QueryDict, shown: set[str]) -> list[str]:
    """What was typed into parts that can be sent no more."""
    gone = [(given_back(typed, stored), stored) for part, stored in stored_parts(found).items() if part not in shown]
    pairs = [pair for given, stored in gone for pair in zip(as_text(given), as_text(stored), strict=True)]
    return [words for words, before in pairs if words and words != before]


def kept_of(request: HttpRequest, found: Finding) -> QueryDict | None:
    """What was typed before the session ended, whichever button sent it."""
    for part in PARTS:
        kept = restored(request, reverse(f"finding_{part}", args=[found.pk]))
        if kept is not None:
            return kept
    return None
