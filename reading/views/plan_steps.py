"""What happens to a plan beside writing it: books read, notes, reported, confirmed, dropped."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.desk import signed_in
from organization.restoring import restored
from organization.services.lives import FieldRefused
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from reading.forms.plans import NoteForm, ReadForm, StepForm
from reading.models import Plan, PlanItem
from reading.services.plan_books import add_note, drop_book, mark_read, mark_unread, may_write, take_up_book
from reading.services.plan_steps import hindrance_to, lacking_in, may_decide, may_revoke, take_step
from reading.services.planning import IllegalStep, StalePlan
from reading.states import PLAN_TRANSITIONS, PlanAction, PlanState
from reading.views.plan_form import seen_revision
from reading.views.plans import plan_page
from shuxiang.typography import quoted

REFUSED = (NotAllowed, IllegalStep, StalePlan, ValueError)
DONE = {
    PlanAction.COMPLETE: "已报告完成，等导师或办公室确认。",
    PlanAction.TAKE_BACK: "已撤回，可以接着读、接着改。",
    PlanAction.DROP: "计划已放弃，内容都留着，可以重新开始。",
    PlanAction.RESUME: "计划已重新开始。",
    PlanAction.CONFIRM: "已确认完成，计入今天所在的季度。",
    PlanAction.SEND_BACK: "已请本人再补充。",
    PlanAction.REVOKE: "确认已撤销，计划回到待确认。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def plan_complete(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Says who will look at it and what is missing, then reports the plan as completed."""
    plan = get_object_or_404(Plan.objects.of(signed_in(request)).select_related("mentor", "owner"), pk=plan_id)
    return asked(request, plan, PlanAction.COMPLETE, "plans/complete.html", {"lacking": lacking_in(plan)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def plan_confirm(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The mentor's or the office's word on what was reported; everybody else finds nothing."""
    viewer = signed_in(request)
    plan = get_object_or_404(Plan.objects.visible_to(viewer).select_related("mentor", "owner"), pk=plan_id)
    if not may_decide(plan, viewer, timezone.localdate()):
        raise Http404
    today = timezone.localdate()
    action = PlanAction.SEND_BACK if request.POST.get("action") == "send_back" else PlanAction.CONFIRM
    context: dict[str, object] = {
        "hindrance": hindrance_to(plan, today),
        "items": plan.items.filter(is_dropped=False),
        "notes": plan.notes.select_related("author", "item"),
    }
    return asked(request, plan, action, "plans/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def plan_revoke(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The office takes a confirmation back, with its reason."""
    viewer = signed_in(request)
    plan = get_object_or_404(Plan.objects.visible_to(viewer).select_related("mentor", "owner"), pk=plan_id)
    if not may_revoke(plan, viewer, timezone.localdate()):
        raise Http404
    return asked(request, plan, PlanAction.REVOKE, "plans/revoke.html", {})


def asked(
    request: HttpRequest, plan: Plan, action: PlanAction, template: str, context: dict[str, object]
) -> HttpResponse:
    """A page that asks before a step is taken; where the step is no longer open, it leads back to the plan."""
    if (PlanState(plan.state), action) not in PLAN_TRANSITIONS:
        messages.info(request, f"计划现在是“{plan.get_state_display()}”，不能{action.label}。")
        return redirect("plan", plan.pk)
    kept = restored(request) if not context.get("lacking") else None  # no form is shown where something lacks
    form = StepForm(request.POST or None, initial=kept)
    revision = plan.revision
    if request.method == "POST" and form.is_valid():
        revision = seen_revision(request.POST.get("revision", ""))
        try:
            take_step(plan=plan, seen=revision, action=action, by=signed_in(request), now=timezone.now(),
                      reason=form.cleaned_data["reason"])  # fmt: skip
        except StalePlan as error:
            plan.refresh_from_db()
            revision = plan.revision
            form.add_error(None, f"{error}它现在是“{plan.get_state_display()}”。")
        except FieldRefused as error:
            form.add_error(error.field, str(error))
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, DONE[action])
            return redirect("plan", plan.pk)
    return render(request, template, {"plan": plan, "form": form, "revision": revision, **context})


@sent_from("plan", "plan_id")
@never_cache
@login_required
def plan_step(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The owner's simple steps: take back, drop, resume."""
    plan = get_object_or_404(Plan.objects.of(signed_in(request)).select_related("mentor", "owner"), pk=plan_id)
    wanted = request.POST.get("action", "")
    if wanted not in (PlanAction.TAKE_BACK, PlanAction.DROP, PlanAction.RESUME):
        messages.error(request, "没有看懂提交的内容，请重新选择。")
        return redirect("plan", plan.pk)
    action, form = PlanAction(wanted), StepForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if form.errors:
        return plan_page(request, plan, told=str(form.errors["reason"][0]), reason=request.POST.get("reason", ""))
    try:
        seen = seen_revision(request.POST.get("revision", ""))
        take_step(plan=plan, seen=seen, action=action, by=signed_in(request), now=timezone.now(), reason=reason)
    except REFUSED as error:
        return plan_page(request, plan, told=str(error), reason=reason)
    messages.success(request, DONE[action])
    return redirect("plan", plan.pk)


@sent_from("plan", "plan_id")
@never_cache
@login_required
def plan_book(request: HttpRequest, plan_id: int, item_id: int) -> HttpResponse:
    """Ticks a book as read, or as not, drops it or takes it up again."""
    viewer, now = signed_in(request), timezone.now()
    rows = PlanItem.objects.filter(plan__in=Plan.objects.of(viewer), plan=plan_id)
    item = get_object_or_404(rows.select_related("plan"), pk=item_id)
    action = request.POST.get("action", "")
    try:
        if action == "read":
            form = ReadForm(request.POST)
            if not form.is_valid():
                raise ValueError(str(form.errors["done_on"][0]))
            mark_read(item=item, done_on=form.cleaned_data["done_on"], by=viewer, now=now)
        elif action in ("unread", "drop", "take_up"):
            {"unread": mark_unread, "drop": drop_book, "take_up": take_up_book}[action](item=item, by=viewer, now=now)
        else:
            raise ValueError("没有看懂提交的内容，请重新选择。")
    except REFUSED as error:
        messages.error(request, f"{quoted(item.title)}：{error}")
    return redirect(f"/plans/{plan_id}/#book-{item.pk}")


@sent_from("plan", "plan_id")
@never_cache
@login_required
def plan_note(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The owner's note or the mentor's comment."""
    viewer = signed_in(request)
    plan = get_object_or_404(Plan.objects.visible_to(viewer).select_related("mentor", "owner"), pk=plan_id)
    if not may_write(plan, viewer):
        raise Http404
    form = NoteForm(request.POST, items=plan.items.all())
    if form.is_valid():
        try:
            add_note(plan=plan, by=viewer, now=timezone.now(), **form.cleaned_data)
        except REFUSED as error:
            form.add_error("text", str(error))
        else:
            return redirect(f"/plans/{plan_id}/#notes")
    return plan_page(request, plan, note=form)
