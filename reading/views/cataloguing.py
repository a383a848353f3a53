"""What librarians do to titles and copies; nobody else finds these pages."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.desk import is_id, signed_in
from organization.models import Cadre
from organization.restoring import read_token, restored
from reading.forms.catalogue import BookForm, CopiesForm, CoverForm, TendForm
from reading.models import Book, Copy, Place
from reading.services.catalogue import (
    NEEDS_REASON,
    StaleBook,
    Taken,
    add_copies,
    change_book,
    correct_acquired_on,
    is_tendable,
    register_book,
    tend_copy,
)
from reading.services.copies import StaleCopy
from reading.services.moving import ClosedPlace, move_copies
from reading.services.pictures import set_cover
from reading.states import CopyAction
from reading.views.answers import librarian_of
from reading.views.arrived import arrived
from reading.views.books import ACTIONS
from shuxiang.form_rows import LONG_AGO, read_stamp
from shuxiang.media.receiving import told_to_script
from shuxiang.periods import shanghai_date
from shuxiang.uploads import Refused

MOST_TENDED = 500
NAMED = 10
View = Callable[..., HttpResponse]


def for_librarians(view: View) -> View:
    """Signed in, and a librarian: to others there is no such page. Never kept by a browser."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @login_required
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        librarian_of(request)
        return view(request, *args, **kwargs)

    return checked


@for_librarians
def book_new(request: HttpRequest) -> HttpResponse:
    """ISBN first: Enter, which a scanner types after the digits, looks it up and saves nothing."""
    viewer, now = signed_in(request), timezone.now()
    kept = {name: request.GET[name] for name in ("home", "acquired_on", "source") if name in request.GET}
    data = request.POST or None
    wanted = request.POST.get("action")
    if data is not None and wanted not in ("save", "more"):
        form = BookForm(initial=request.POST.dict())
        copies = CopiesForm(initial=request.POST.dict(), today=shanghai_date(now))
        return book_form(request, form, copies, looked_up=True)
    if (typed := restored(request)) is not None:
        copies = CopiesForm(initial=typed.dict(), today=shanghai_date(now))
        return book_form(request, BookForm(initial=typed.dict()), copies, token=read_token(typed.get("token", "")))
    token = read_token(request.POST.get("token", "")) or uuid4()
    if data is not None and (known := Book.objects.entered_by_form(token).first()):
        return entered(request, known, [])
    form, copies = BookForm(data), CopiesForm(data, initial=kept, today=shanghai_date(now))
    if data is None or not (form.is_valid() & copies.is_valid()):
        return book_form(request, form, copies)
    try:
        book, made = register_book(book=form.instance, token=token, by=viewer, now=now, **copies.cleaned_data)
    except ValueError as error:
        form = BookForm(data)  # with a title that has no key: the first one's was taken back
        form.add_error(None, str(error))
        return book_form(request, form, copies)
    return entered(request, book, made)


def entered(request: HttpRequest, book: Book, made: Sequence[Copy]) -> HttpResponse:
    """On to the title or to the next form, also when the form came a second time and nothing was made."""
    if made:
        messages.success(request, format_html("{}已登记，{}", book.quoted, arrived(made, timezone.localdate())))
    else:
        messages.success(request, f"{book.quoted}刚才已经登记。")
    if request.POST.get("action") == "more":
        again = {name: request.POST.get(name, "")[:20] for name in ("home", "acquired_on", "source")}
        return redirect(f"{reverse('book_new')}?{urlencode(again)}")
    return redirect("book", book.pk)


def book_form(
    request: HttpRequest,
    form: BookForm,
    copies: CopiesForm | None,
    looked_up: bool = False,
    token: UUID | None = None,
) -> HttpResponse:
    known, problem = form.look_up()
    if form.instance.pk is None and known is None and not form.is_bound:
        form.focus("title" if looked_up and not problem else "isbn")
    token = token or read_token(request.POST.get("token", "")) or uuid4()
    context = {"form": form, "copies": copies, "looked_up": looked_up, "known": known, "problem": problem}
    return render(request, "books/form.html", {**context, "token": token})


@for_librarians
def book_edit(request: HttpRequest, book_id: int) -> HttpResponse:
    book = get_object_or_404(Book, pk=book_id)
    kept = restored(request)
    form = BookForm(request.POST or None, instance=book, initial=kept.dict() if kept is not None else None)
    if request.method == "POST" and form.is_valid():
        try:
            seen = read_stamp(form.cleaned_data["seen"]) or LONG_AGO
            change_book(book=form.instance, seen=seen, by=signed_in(request), now=timezone.now())
        except (StaleBook, Taken) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{form.instance.quoted}的信息已保存。")
            return redirect("book", book.pk)
    return book_form(request, form, None)


def parse_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@for_librarians
def book_copies(request: HttpRequest, book_id: int) -> HttpResponse:
    """More copies of a title that the catalogue has."""
    book, now = get_object_or_404(Book, pk=book_id), timezone.now()
    kept = restored(request)
    initial = kept.dict() if kept is not None else None
    form = CopiesForm(request.POST or None, initial=initial, today=shanghai_date(now))
    if request.method == "POST" and form.is_valid():
        try:
            made = add_copies(book=book, by=signed_in(request), now=now, **form.cleaned_data)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, format_html("{}{}", book.quoted, arrived(made, timezone.localdate(now))))
            return redirect("book", book.pk)
    return render(request, "books/copies.html", {"book": book, "form": form})


@for_librarians
@told_to_script
def book_cover(request: HttpRequest, book_id: int) -> HttpResponse:
    book = get_object_or_404(Book.objects.select_related("cover"), pk=book_id)
    form = CoverForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_cover(book=book, upload=form.cleaned_data["cover"], by=signed_in(request), now=timezone.now())
        except Refused as error:
            form.add_error("cover", str(error))
        else:
            messages.success(request, "封面已更换。")
            return redirect("book", book.pk)
    return render(request, "books/cover.html", {"book": book, "form": form})


@for_librarians
def copies(request: HttpRequest) -> HttpResponse:
    """Asks, then does one thing to the chosen copies, each on its own; the outcome of each is told."""
    sent = request.POST if request.method == "POST" else request.GET
    ids = [int(each) for each in dict.fromkeys(sent.getlist("copy")) if is_id(each)][:MOST_TENDED]
    action = next((each for each in ACTIONS if each == sent.get("action")), None)
    chosen = list(Copy.objects.chosen(ids).select_related("book", "home"))
    came_from = Book.objects.filter(pk=sent["book"]).first() if is_id(sent.get("book", "")) else None
    back = chosen[0].book if chosen and len({copy.book_id for copy in chosen}) == 1 else came_from
    onward = redirect("book", back.pk) if back else redirect("books")
    if action is None or not chosen:
        messages.warning(request, "请先勾选馆藏，再选要办理的事项。")
        return onward
    now = timezone.now()
    data, today = request.POST if request.method == "POST" else None, timezone.localdate(now)
    form = TendForm(data, action=action, today=today, initial=restored(request, action=action))
    if request.method != "POST" or not form.is_valid():
        context = {
            "form": form, "action": action, "copies": chosen, "back": back, "needs_reason": action in NEEDS_REASON,
            "refused": [copy for copy in chosen if not is_tendable(copy, action)],
        }  # fmt: skip
        return render(request, "books/tend.html", context)
    for copy in chosen if action == CopyAction.CORRECT else ():
        copy.acquired_on = parse_day(request.POST.get(f"seen-{copy.pk}", "")) or date.min
    tell(request, action, *tended(chosen, action, form.cleaned_data, signed_in(request), now))
    return onward


def tended(
    chosen: Sequence[Copy], action: CopyAction, said: dict[str, Any], by: Cadre, now: datetime
) -> tuple[int, list[str]]:
    """How many were done, and why others were not."""
    if action == CopyAction.MOVE:
        return moved(chosen, said["to"], said["reason"], by, now)
    done, refused = 0, []
    for copy in chosen:
        try:
            if action == CopyAction.CORRECT:
                correct_acquired_on(copy=copy, by=by, now=now, **said)
            else:
                tend_copy(copy=copy, action=action, by=by, now=now, reason=said["reason"])
            done += 1
        except (StaleCopy, ValueError) as error:
            refused.append(str(error))
    return done, refused


def moved(chosen: Sequence[Copy], to: Place, reason: str, by: Cadre, now: datetime) -> tuple[int, list[str]]:
    own = Copy.objects.chosen([copy.pk for copy in chosen])
    try:
        done = move_copies(copies=own, to=to, by=by, now=now, reason=reason)
    except ClosedPlace as error:
        return 0, [str(error)]
    gone = [copy for copy in chosen if not copy.is_in_stock]
    return done, [f"{copy.barcode} 现在是“{copy.get_state_display()}”，不在馆藏里，不能移动。" for copy in gone]


def tell(request: HttpRequest, action: CopyAction, done: int, refused: Sequence[str]) -> None:
    if done:
        messages.success(request, f"“{action.label}”已办理 {done} 册。")
    elif not refused:
        messages.info(request, "这些馆藏原来就在那里，没有移动。")
    for line in refused[:NAMED]:
        messages.warning(request, line)
    if len(refused) > NAMED:
        messages.warning(request, f"还有 {len(refused) - NAMED} 册没有办理，原因相似。")
