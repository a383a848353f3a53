"""The office's forms of a call: drafted, changed, and each step of its life after a look at what it does."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.forms.calls import OUTLINE, CallForm, StepForm, stored_call
from activities.models import Call
from activities.services.authority import is_office
from activities.services.calling import (
    actions_for,
    cancel_call,
    close_call,
    draft_call,
    edit_call,
    extend_call,
    open_call,
    reopen_call,
)
from activities.states import CallAction, CallState
from activities.views.calls import hosts_in
from activities.views.versions import seen_version
from organization.desk import is_id, signed_in, standpoint_of
from organization.models import Cadre
from organization.restoring import restored
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed

REFUSED = (NotAllowed, IllegalStep, ValueError)
STEPS: dict[CallAction, Callable[..., None]] = {
    CallAction.OPEN: open_call,
    CallAction.EXTEND: extend_call,
    CallAction.CLOSE: close_call,
    CallAction.REOPEN: reopen_call,
    CallAction.CANCEL: cancel_call,
}
DONE = {
    CallAction.OPEN: "征集令已发布，本单位的同事都收到了通知。",
    CallAction.EXTEND: "已延期，本单位的同事都收到了通知。",
    CallAction.CLOSE: "征集已结束，可以随时继续征集。",
    CallAction.REOPEN: "已继续征集，本单位的同事都收到了通知。",
    CallAction.CANCEL: "征集令已撤销。",
}


def office_behind(request: HttpRequest) -> Cadre:
    viewer = signed_in(request)
    if not is_office(viewer):
        raise Http404
    return viewer


def hosted_call(request: HttpRequest, call_id: int) -> Call:
    """A call that the office behind the request runs; a stranger gets 404."""
    office_behind(request)
    found = get_object_or_404(Call.objects.select_related("department", "theme", "activity"), pk=call_id)
    if not hosts_in(request, found.department_id):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def call_new(request: HttpRequest) -> HttpResponse:
    viewer, today = office_behind(request), timezone.localdate()
    initial: dict[str, Any] = {"rules": OUTLINE, "since": today, "labels": ["for_office"]}
    initial |= {name: request.GET[name] for name in ("theme", "activity") if is_id(request.GET.get(name, ""))}
    kept = restored(request)
    form = CallForm(request.POST or kept, standpoint=standpoint_of(request), today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_call(content=form.content, by=viewer, now=timezone.now())
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已存为草稿，核对以后再发布。")
            return redirect("call", made.pk)
    return render(request, "calls/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def call_edit(request: HttpRequest, call_id: int) -> HttpResponse:
    """A draft; what has opened stays as it was frozen."""
    found, viewer, today = hosted_call(request, call_id), signed_in(request), timezone.localdate()
    if found.state != CallState.DRAFT:
        messages.info(request, f"征集令现在是“{found.get_state_display()}”，规则不能再改；截止日期可以延期。")
        return redirect("call", found.pk)
    kept = restored(request)
    sent = request.POST or kept
    form = CallForm(sent, standpoint=standpoint_of(request), today=today, call=found, initial=stored_call(found))
    seen = seen_version(sent.get("version", "")) if sent else found.version
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_call(call=found, seen=seen, content=form.content, by=viewer, now=timezone.now())
        except Stale:
            found.refresh_from_db()
            seen, status = found.version, 409
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "草稿已保存。")
            return redirect("call", found.pk)
    context = {"form": form, "call": found, "seen": seen, "stale": status == 409}
    return render(request, "calls/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def call_state(request: HttpRequest, call_id: int) -> HttpResponse:
    """Says what the step does, then takes it."""
    found, viewer = hosted_call(request, call_id), signed_in(request)
    asked = request.POST.get("action") or request.GET.get("action", "")
    if asked not in actions_for(found):
        messages.info(request, f"征集令现在是“{found.get_state_display()}”，请看现在可以办的事项。")
        return redirect("call", found.pk)
    action = CallAction(asked)
    form = StepForm(request.POST or None, action=action, initial=restored(request, action=action))
    seen, status = found.version, 200
    if request.method == "POST" and form.is_valid():
        seen = seen_version(request.POST.get("version", ""))
        try:
            STEPS[action](call=found, seen=seen, by=viewer, now=timezone.now(), **form.cleaned_data)
        except Stale as error:
            found.refresh_from_db()
            seen, status = found.version, 409
            form.add_error(None, str(error))
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, DONE[action])
            return redirect("call", found.pk)
    context = {"call": found, "action": action, "form": form, "seen": seen}
    return render(request, "calls/state.html", context, status=status)
