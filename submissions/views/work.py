from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import restored
from organization.roles import Role
from submissions.forms.life import StepForm
from submissions.kinds import COLLECTIVE
from submissions.models import Contributor, Decision, Submission, Version
from submissions.services.contributors import led_by, may_change_members
from submissions.services.ideas import life_of, step_open_to
from submissions.services.recommended import purchase_of
from submissions.states import EDITABLE, TRANSITIONS, Action, State
from submissions.views.showcase import shown_work, source_of


@require_safe
@never_cache
@login_required
def work(request: HttpRequest, work_id: int) -> HttpResponse:
    """One work with its newest version, or the one that the address names.

    A colleague sees what the showcase shows of it; any other stranger gets 404.
    """
    return work_page(request, work_id)


def work_page(request: HttpRequest, work_id: int, *, step: StepForm | None = None, status: int = 200) -> HttpResponse:
    """The work as it is now; `step` is a form that could not be taken, whose words stay."""
    viewer = signed_in(request)
    places = ("owner_department", "owner_party_group", "graded_version", "entered_by", "call")
    found = Submission.objects.visible_to(viewer).select_related(*places).filter(pk=work_id).first()
    if found is None:
        return shown_work(request, work_id)
    is_editor = Submission.objects.edited_by(viewer).filter(pk=found.pk).exists()
    versions = [each for each in found.versions.prefetch_related("attachments") if is_editor or not each.is_draft]
    people = list(found.contributors.select_related("cadre", "confirmed_by"))
    is_own = viewer.pk in {found.entered_by_id, *(each.cadre_id for each in people)}
    decisions = list(found.decisions.select_related("actor", "version").order_by("-created_at", "-id"))
    version = chosen_version(versions, request.GET.get("version"))
    side = own_side(found, viewer, people, is_editor, decisions)
    context = {
        "work": found,
        "version": version,
        "source": source_of(version, viewer),
        "versions": versions,
        "people": people,
        "decisions": decisions,
        **side,
        "publications": found.publications.filter(is_void=False),
        "may_decide": viewer.has_role(Role.OFFICE) and not is_own,
        "from_board": viewer.has_role(Role.OFFICE, Role.LEADER) and not is_own,
        "step": step or (step_form(request, found) if side["following"] else None),
        "purchase": purchase_of(found, version, is_editor) if is_own else None,
    }
    return render(request, "work.html", context, status=status)


def step_form(request: HttpRequest, work: Submission) -> StepForm:
    """Empty, or with the words that were typed when the session ended."""
    return StepForm(initial=restored(request, reverse("work_step", args=[work.pk])))


def own_side(
    work: Submission, viewer: Cadre, people: Sequence[Contributor], is_editor: bool, decisions: Sequence[Decision]
) -> dict[str, Any]:
    """What the reader may do with the work, beside judging it; and how far an idea has come."""
    waiting = [each.cadre_id for each in people if each.position and each.state == Contributor.State.NAMED]
    own = next((each for each in people if each.cadre_id == viewer.pk and each.position), None)
    life = life_of(work, decisions)
    allowed = {action for state, action in TRANSITIONS if state == work.state}
    return {
        "may_edit": is_editor and work.state in EDITABLE,
        "may_withdraw": is_editor and Action.WITHDRAW in allowed,
        "may_change_members": work.kind in COLLECTIVE
        and Action.MEMBERS in allowed
        and may_change_members(work, viewer),
        "may_consent": is_editor and Action.CONSENT in allowed,
        "may_answer": own is not None and own.state == Contributor.State.NAMED and Action.CONFIRM in allowed,
        "may_confirm_for": bool(waiting and Action.CONFIRM in allowed and led_by(viewer, waiting, work)),
        "life": life,
        "following": step_open_to(work, life, viewer),
        "returned": next((each for each in decisions if each.action == Action.RETURN), None)
        if work.state == State.RETURNED
        else None,
        "began_here": any(each.action == Action.SUBMIT and each.from_state == State.DRAFT for each in decisions),
    }


def chosen_version(versions: Sequence[Version], number: str | None) -> Version | None:
    """The newest where none is named; None for a work without any."""
    if number is None:
        return versions[-1] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404
