"""Plans in lists, and the page of one."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.desk import desk_scope, signed_in
from organization.models import Cadre, Scope
from organization.restoring import restored
from organization.services.naming import departments_of
from reading.forms.plans import VISIBILITY_WORDS, NoteForm
from reading.kinds import Visibility
from reading.models import Plan
from reading.services.plan_books import may_read_notes, may_write
from reading.services.plan_steps import lacking_in, may_decide, may_revoke
from reading.services.plan_view import PlanCard, cards_of, mentored, mine, shown
from reading.states import PlanState
from shuxiang.searches import searched

PER_PAGE = 20
# What the address names: heading, and the plans.
Rows = Callable[[Cadre, Scope], QuerySet[Plan]]
LISTS: dict[str, tuple[str, Rows]] = {
    "": ("我的计划", lambda viewer, scope: mine(viewer)),
    "waiting": ("待我确认", Plan.objects.waiting_for),
    "mentored": ("我指导的", lambda viewer, scope: mentored(viewer)),
    "shown": ("同事的计划", shown),
}


@require_safe
@never_cache
@login_required
def plans(request: HttpRequest) -> HttpResponse:
    viewer, scope, today = signed_in(request), desk_scope(request), timezone.localdate()
    key, words = request.GET.get("list", ""), searched(request.GET)
    if key not in LISTS:
        raise Http404
    rows = LISTS[key][1](viewer, scope)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(owner__name__icontains=words) | Q(reference__icontains=words))
    listed = rows.select_related("owner", "mentor").prefetch_related("items")
    found = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "list": key,
        "lists": [(name, label, name == key) for name, (label, _) in LISTS.items()],
        "waiting": Plan.objects.waiting_for(viewer, scope).count(),
        "page": found,
        "cards": cards_of(found.object_list, today),
        "words": words,
        "kept": f"{urlencode({'list': key, 'q': words})}&",
    }
    return render(request, "plans.html", context)


@require_safe
@never_cache
@login_required
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    rows = Plan.objects.visible_to(signed_in(request)).select_related("owner", "mentor", "confirmed_by")
    return plan_page(request, get_object_or_404(rows, pk=plan_id))


def plan_page(
    request: HttpRequest, plan: Plan, *, note: NoteForm | None = None, told: str = "", reason: str = ""
) -> HttpResponse:
    """The page of a plan; `note` and `told` are of a form of it that was refused."""
    viewer, today = signed_in(request), timezone.localdate()
    rows = Plan.objects.select_related("owner", "mentor", "confirmed_by").prefetch_related("items__book")
    plan = rows.get(pk=plan.pk)
    is_own, reads = plan.owner_id == viewer.pk, may_read_notes(plan, viewer)
    decides = plan.state == PlanState.COMPLETED and may_decide(plan, viewer, timezone.localdate())
    places = departments_of({plan.owner_id, plan.mentor_id or 0}, today)
    context: dict[str, Any] = {
        "plan": plan,
        "card": PlanCard(plan, today, places.get(plan.owner_id, "")),
        "mentor_department": places.get(plan.mentor_id or 0, ""),
        "is_own": is_own,
        "decides": decides,
        "revokes": plan.state == PlanState.CONFIRMED and may_revoke(plan, viewer, timezone.localdate()),
        "visibility": VISIBILITY_WORDS[Visibility(plan.visibility)],
        "lacking": lacking_in(plan) if is_own and plan.is_open else "",
        "reads_notes": reads,
        "notes": plan.notes.select_related("author", "item").order_by("-created_at", "-pk") if reads else (),
        "events": plan.events.select_related("actor").order_by("-at", "-pk") if reads else (),
        "note_form": (note or note_form(request, plan)) if may_write(plan, viewer) else None,
        "today": today,
        "told": told,
        "reason": reason or (drop_reason(request, plan) if is_own and plan.state == PlanState.OPEN else ""),
    }
    return render(request, "plans/plan.html", context)


def drop_reason(request: HttpRequest, plan: Plan) -> str:
    """Why the plan is given up, as typed when the session ended."""
    kept = restored(request, reverse("plan_step", args=[plan.pk]))
    return kept.get("reason", "") if kept is not None else ""


def note_form(request: HttpRequest, plan: Plan) -> NoteForm:
    """Empty, or with the note that was typed when the session ended."""
    kept = restored(request, reverse("plan_note", args=[plan.pk]))
    return NoteForm(initial=kept.dict() if kept is not None else None, items=plan.items.all())
