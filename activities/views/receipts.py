"""Sending something to the box, and finding an anonymous message again by its receipt.

An anonymous message and its receipt are answered with a page, not with a redirect: an address or a session that carried
the code would join it with the person. A page sent again stores nothing new.
"""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from activities.forms.feedback import NAMED, FeedbackAskForm, FeedbackForm, ReceiptForm
from activities.kinds import FeedbackKind
from activities.models import Feedback
from activities.services.receipts import TooManyTries, check_tries, count_failure, feedback_of
from activities.services.replying import ask_back_with_receipt, reply_day, send_feedback
from activities.states import FeedbackState
from activities.views.answers import REFUSED
from organization.desk import signed_in
from organization.restoring import never_kept, read_token
from organization.services.audit import client_address


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@never_kept
@never_cache
@login_required
def feedback_new(request: HttpRequest) -> HttpResponse:
    viewer, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    token = read_token(request.POST.get("token", "")) or uuid4()
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        named = form.cleaned_data["who"] == NAMED
        kind = FeedbackKind(form.cleaned_data["kind"])
        text = form.cleaned_data["text"]
        sent = send_feedback(by=viewer, kind=kind, text=text, named=named, token=token, today=today, now=now)
        if named:
            messages.success(request, "意见已送到办公室，有进展会通知您。")
            return redirect("feedback", sent.feedback.pk)
        return render(request, "feedback/sent.html", {"feedback": sent.feedback, "code": sent.code})
    context = {"form": form, "token": token, "reply_by": reply_day(today)}
    return render(request, "feedback/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@never_kept
@never_cache
@login_required
def feedback_receipt(request: HttpRequest) -> HttpResponse:
    """The reply to an anonymous message, for whoever has its code; asking back goes the same way."""
    person, address = signed_in(request).pk, client_address(request)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "feedback/receipt.html", {"form": form})
    code = form.cleaned_data["code"]
    try:
        check_tries(person, address)
    except TooManyTries as error:
        form.add_error("code", str(error))
        return render(request, "feedback/receipt.html", {"form": form}, status=429)
    found = feedback_of(code)
    if found is None:
        count_failure(person, address)
        form.add_error("code", "没有这个回执码的意见，请核对每一位。")
        return render(request, "feedback/receipt.html", {"form": form})
    return thread(request, found, code)


@sensitive_variables()
def thread(request: HttpRequest, found: Feedback, code: str) -> HttpResponse:
    context: dict[str, Any] = {"feedback": found, "code": code, "today": timezone.localdate()}
    ask, status = FeedbackAskForm(request.POST if "ask" in request.POST else None), 200
    if ask.is_valid():
        try:
            ask_back_with_receipt(feedback=found, code=code, today=context["today"], **ask.cleaned_data)
        except REFUSED as error:
            ask.add_error(None, str(error))
            context["lost"], status = ask.cleaned_data["text"], 409
        else:
            context["asked"] = True
    found.refresh_from_db()
    if not ask.is_bound or context.get("asked"):
        ask = FeedbackAskForm(initial={"seen": found.version})
    context |= {"ask": ask if found.state == FeedbackState.REPLIED else None, "events": found.events.all()}
    return render(request, "feedback/thread.html", context, status=status)
