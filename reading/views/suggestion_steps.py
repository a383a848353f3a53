"""What librarians make of a suggestion: chosen, bought, declined, considered again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache

from organization.services.lives import IllegalStep, Stale
from organization.ways import sent_from
from reading.forms.suggestions import BuyForm, DecideForm
from reading.models import Suggestion
from reading.services.buying import buy
from reading.services.suggesting import decide
from reading.states import SuggestionAction
from reading.views.answers import librarian_of
from reading.views.arrived import arrived
from reading.views.suggestions import REFUSED, suggestion_page

DONE = {
    SuggestionAction.CHOOSE: "已列入选购。",
    SuggestionAction.BUY: "已记为入藏。",
    SuggestionAction.DECLINE: "已记为不采购。",
    SuggestionAction.REOPEN: "已改为重新考虑。",
}


@sent_from("suggestion", "suggestion_id")
@never_cache
@login_required
def suggestion_decide(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    viewer = librarian_of(request)
    found = get_object_or_404(Suggestion, pk=suggestion_id)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return suggestion_page(request, found.pk, decision=form)
    action = SuggestionAction(form.cleaned_data["action"])
    try:
        check_seen(found, form.cleaned_data["seen"])
        decide(suggestion=found, action=action, by=viewer, now=timezone.now(), reason=form.cleaned_data["reason"])
    except (Stale, IllegalStep) as error:
        form.add_error(None, str(error))
        return suggestion_page(request, found.pk, 409, decision=form)
    except ValueError as error:
        form.add_error("reason", str(error))
        return suggestion_page(request, found.pk, decision=form)
    messages.success(request, DONE[action])
    return redirect("suggestion", found.pk)


@sent_from("suggestion", "suggestion_id")
@never_cache
@login_required
def suggestion_buy(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """It came in: copies are registered now, or the catalogue has them already."""
    viewer, now = librarian_of(request), timezone.now()
    found = get_object_or_404(Suggestion.objects.select_related("book", "area"), pk=suggestion_id)
    form = BuyForm(request.POST, suggestion=found, today=timezone.localdate())
    if not form.is_valid():
        return suggestion_page(request, found.pk, bought=form)
    data, made = form.cleaned_data, []
    try:
        check_seen(found, data["seen"])
        if data["count"]:
            places = {name: data[name] for name in ("count", "home", "acquired_on", "clc")}
            made = buy(suggestion=found, by=viewer, now=now, **places)
        else:
            decide(suggestion=found, action=SuggestionAction.BUY, by=viewer, now=now, book=data["book"])
    except REFUSED as error:
        form.add_error(None, str(error))
        return suggestion_page(request, found.pk, 409, bought=form)
    told = "已记为入藏，荐购人和想看的人都收到了通知。"
    messages.success(request, format_html("{}{}", told, arrived(made, timezone.localdate(now)) if made else ""))
    return redirect("suggestion", found.pk)


def check_seen(found: Suggestion, seen: str) -> None:
    if found.state != seen:
        raise Stale("荐购")
