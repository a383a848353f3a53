"""Books that people would have the office buy: everybody signed in sees them and says what they would read too."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import read_token, restored
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from reading.forms.suggestions import BuyForm, DecideForm, NewSuggestionForm, SuggestForm
from reading.isbn import BadIsbn, normalise
from reading.models import Book, SubjectArea, Suggestion
from reading.models.acquisition import SuggestionQuerySet
from reading.services.authority import is_librarian, is_reader
from reading.services.suggesting import AlreadyHere, Suggested, edit_suggestion, suggest, unvote, vote
from reading.states import SUGGESTION_TRANSITIONS, SuggestionAction, SuggestionState
from shuxiang.searches import searched

PER_PAGE = 20
REFUSED = (NotAllowed, IllegalStep, Stale, ValueError)
EVERYTHING = "all"


@dataclass(frozen=True)
class Filter:
    """What the list shows, as its address says; anything unknown there is left out."""

    state: str = SuggestionState.OPEN
    area: int | None = None
    mine: bool = False
    newest: bool = False
    text: str = ""

    @classmethod
    def read(cls, address: QueryDict, areas: list[tuple[int, str]]) -> Self:
        state, area = address.get("state", ""), address.get("area", "")
        return cls(
            state if state in (*SuggestionState.values, EVERYTHING) else SuggestionState.OPEN,
            next((pk for pk, _ in areas if str(pk) == area), None),
            address.get("mine") == "1",
            address.get("order") == "newest",
            searched(address),
        )

    @property
    def address(self) -> str:
        parts = {
            "state": self.state if self.state != SuggestionState.OPEN else "",
            "area": self.area or "",
            "mine": "1" if self.mine else "",
            "order": "newest" if self.newest else "",
            "q": self.text,
        }
        return urlencode({name: part for name, part in parts.items() if part})

    @property
    def is_narrow(self) -> bool:
        return bool(self.area or self.mine or self.text)

    def states(self) -> list[tuple[str, str, bool]]:
        words = [*SuggestionState.choices, (EVERYTHING, "全部")]
        return [(label, replace(self, state=state).address, state == self.state) for state, label in words]

    def among(self, rows: SuggestionQuerySet, viewer: Cadre) -> SuggestionQuerySet:
        if self.state != EVERYTHING:
            rows = rows.filter(state=self.state)
        if self.area:
            rows = rows.filter(area=self.area)
        if self.mine:
            rows = rows.of(viewer)
        for word in self.text.split():
            parts = (Q(**{f"{name}__icontains": word}) for name in ("title", "author", "publisher", "isbn"))
            rows = rows.filter(next(parts) | next(parts) | next(parts) | next(parts))
        order = ["-suggested_at", "-pk"] if self.newest else ["-interest", "suggested_at", "pk"]
        return rows.order_by(*order)


@require_safe
@never_cache
@login_required
def suggestions(request: HttpRequest) -> HttpResponse:
    viewer = signed_in(request)
    areas = list(SubjectArea.objects.values_list("pk", "name"))
    chosen = Filter.read(request.GET, areas)
    rows = Suggestion.objects.with_interest(viewer).select_related("suggested_by", "area")
    page = Paginator(chosen.among(rows, viewer), PER_PAGE).get_page(request.GET.get("page"))
    kept = f"{chosen.address}&" if chosen.address else ""
    back = f"{kept}page={page.number}" if page.number > 1 else chosen.address
    context = {"chosen": chosen, "areas": areas, "page": page, "kept": kept, "back": back}
    context |= {"is_librarian": is_librarian(viewer), "is_reader": is_reader(viewer, timezone.localdate())}
    return render(request, "suggestions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def suggestion_new(request: HttpRequest) -> HttpResponse:
    """The ISBN first: a book that is here is told, one that somebody suggested gets a vote instead."""
    viewer = signed_in(request)
    token = read_token(request.POST.get("token", "")) or uuid4()
    looked_up = request.POST.get("action") == "look"
    if request.method == "POST" and not looked_up:
        form = NewSuggestionForm(request.POST)
        if form.is_valid():
            try:
                made = suggest(by=viewer, now=timezone.now(), token=token, **form.cleaned_data)
            except AlreadyHere as error:
                form.add_error("more", f"{error}还想多买几册的，请勾选这一项再提交。")
            else:
                messages.success(request, received(made, viewer))
                return redirect("suggestion", made.suggestion.pk)
        found = found_for(form["isbn"].value(), viewer)
        return render(request, "suggestions/new.html", {"form": form, "token": token, **found})
    kept = restored(request)
    if kept is not None:
        context = {"form": NewSuggestionForm(initial=kept.dict()), "token": read_token(kept.get("token", "")) or token}
        return render(request, "suggestions/new.html", context | found_for(kept.get("isbn", ""), viewer))
    typed = request.POST if looked_up else request.GET
    asked: dict[str, Any] = {name: searched(typed, name) for name in ("isbn", "title", "author", "publisher")}
    asked |= {name: typed.get(name, "") for name in ("area", "reason")}
    found = found_for(asked["isbn"], viewer)
    book = found["book"]
    if book is not None:
        asked |= {"title": book.title, "author": book.author, "publisher": book.publisher, "area": book.area_id}
    form = NewSuggestionForm(initial=asked)
    if not found.get("in_stock"):
        del form.fields["more"]
    return render(request, "suggestions/new.html", {"form": form, "token": token, **found})


def received(made: Suggested, viewer: Cadre) -> str:
    if made.is_new:
        return "已收到荐购。"
    own = made.suggestion.suggested_by_id == viewer.pk
    return "这本书您已经荐购过。" if own else "这本书已有人荐购，已为您记下“我也想看”。"


def found_for(typed: str | None, viewer: Cadre) -> dict[str, Any]:
    """What the catalogue and the other suggestions know of an ISBN."""
    try:
        isbn = normalise(typed or "")
    except BadIsbn as error:
        return {"isbn": typed, "book": None, "wrong": f"ISBN {error}。"}
    book = Book.objects.filter(isbn=isbn).first() if isbn else None
    return {
        "isbn": isbn,
        "book": book,
        "in_stock": book.copies.in_stock().count() if book else 0,
        "queue": book.holds.waiting().count() if book else 0,
        "same": Suggestion.objects.wanted().with_interest(viewer).filter(isbn=isbn).first() if isbn else None,
    }


@require_safe
@never_cache
@login_required
def suggestion(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    return suggestion_page(request, suggestion_id)


def suggestion_page(request: HttpRequest, suggestion_id: int, status: int = 200, **forms: Any) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    rows = Suggestion.objects.with_interest(viewer).select_related("suggested_by", "area", "book")
    found = get_object_or_404(rows, pk=suggestion_id)
    state = SuggestionState(found.state)
    able = {action for before, action in SUGGESTION_TRANSITIONS if before == state}
    decides = is_librarian(viewer)
    actions = [each for each in SuggestionAction if each in able and each != SuggestionAction.BUY]
    context = {
        "suggestion": found,
        "events": found.events.select_related("actor"),
        "is_own": found.suggested_by_id == viewer.pk,
        "is_wanted": SuggestionAction.BUY in able,
        "actions": actions,
        "is_librarian": decides,
        "in_stock": found.book.copies.in_stock().count() if found.book else 0,
    }
    if decides and actions:
        context["decision"] = forms.get("decision") or decide_form(request, found)
    if decides and SuggestionAction.BUY in able:
        context["bought"] = forms.get("bought") or buy_form(request, found, today)
    return render(request, "suggestions/suggestion.html", context, status=status)


def decide_form(request: HttpRequest, found: Suggestion) -> DecideForm:
    return DecideForm(initial=restored(request, reverse("suggestion_decide", args=[found.pk])))


def buy_form(request: HttpRequest, found: Suggestion, today: date) -> BuyForm:
    kept = restored(request, reverse("suggestion_buy", args=[found.pk]))
    initial = kept.dict() if kept is not None else {"count": found.copies, "acquired_on": today}
    return BuyForm(initial=initial, suggestion=found, today=today)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def suggestion_edit(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """One's own, while nobody has decided on it."""
    viewer = signed_in(request)
    found = get_object_or_404(Suggestion.objects.of(viewer), pk=suggestion_id)
    seen = request.POST.get("seen", "")
    names = ("isbn", "title", "author", "publisher", "area", "reason")
    kept = restored(request)
    initial = kept.dict() if kept is not None else {name: getattr(found, name) for name in names}
    form = SuggestForm(request.POST or None, initial=initial)
    if found.state != SuggestionState.OPEN:
        messages.info(request, f"这条荐购现在是“{found.get_state_display()}”，不能再修改。")
        return redirect("suggestion", found.pk)
    if request.method == "POST" and form.is_valid():
        try:
            if seen != found.changed_at.isoformat():
                raise Stale("荐购")
            edit_suggestion(suggestion=found, by=viewer, now=timezone.now(), **form.cleaned_data)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "荐购已修改。")
            return redirect("suggestion", found.pk)
    seen = kept.get("seen", "") if kept is not None else found.changed_at.isoformat()
    return render(request, "suggestions/edit.html", {"form": form, "suggestion": found, "seen": seen})


@sent_from("suggestion", "suggestion_id")
@never_cache
@login_required
def suggestion_vote(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """我也想看, said and taken back; the same button pressed twice says it once."""
    viewer = signed_in(request)
    found = get_object_or_404(Suggestion, pk=suggestion_id)
    try:
        if request.POST.get("wanted") == "1":
            vote(suggestion=found, by=viewer, now=timezone.now())
        else:
            unvote(suggestion=found, by=viewer)
    except REFUSED as error:
        messages.error(request, str(error))
    if "back" not in request.POST:
        return redirect("suggestion", found.pk)
    kept = urlencode(QueryDict(request.POST["back"][:500]), doseq=True)
    return redirect(f"{reverse('suggestions')}?{kept}#s{found.pk}")
