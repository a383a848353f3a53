"""The form of a plan, new or changed. Its small buttons only fill it in further and store nothing."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.desk import is_id, signed_in
from organization.models import Cadre
from organization.restoring import read_token, restored
from organization.services.kept import sign_writer
from organization.services.roles import NotAllowed
from reading.forms.plans import (
    EMPTY_ROWS,
    PlanForm,
    book_form_set,
    content_of,
    rows_in,
    spans,
    stored_books,
    stored_plan,
)
from reading.models import Book, Plan
from reading.services.planning import MOST_BOOKS, IllegalStep, StalePlan, begin, save

REFUSED = (NotAllowed, IllegalStep, ValueError)
FIELDS = ("title", "description", "since", "until", "visibility", "mentor", "mentor_choice")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def plan_new(request: HttpRequest) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    token = read_token(request.POST.get("token", "")) or uuid4()
    if request.method != "POST":
        return opened(request, viewer, None, token)
    form, books = forms_of(request.POST, viewer, today)
    if fills_in(request.POST):
        return filled_in(request, viewer, request.POST, None, token)
    if all([form.is_valid(), books.is_valid()]):
        try:
            plan, is_new = begin(content=content_of(form, books), by=viewer, token=token, now=timezone.now())
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"阅读计划已建立，编号 {plan.reference}。" if is_new else "计划刚才已经建立。")
            return redirect("plan", plan.pk)
    return page(request, form, books, None, token)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def plan_edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    viewer, today = signed_in(request), timezone.localdate()
    plan = get_object_or_404(Plan.objects.of(viewer).select_related("mentor"), pk=plan_id)
    if request.method != "POST":
        if not plan.is_open:
            messages.info(request, f"计划现在是“{plan.get_state_display()}”，不能修改。")
            return redirect("plan", plan.pk)
        return opened(request, viewer, plan, uuid4())
    if fills_in(request.POST):
        return filled_in(request, viewer, request.POST, plan, uuid4())
    form, books = forms_of(request.POST, viewer, today)
    conflict = False
    if all([form.is_valid(), books.is_valid()]):
        seen = seen_revision(request.POST.get("revision", ""))
        try:
            save(plan=plan, seen=seen, content=content_of(form, books), by=viewer, now=timezone.now())
        except StalePlan:
            conflict = True
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "阅读计划已保存。")
            return redirect("plan", plan.pk)
    return page(request, form, books, plan, uuid4(), conflict=conflict)


def forms_of(data: Any, viewer: Cadre, today: date) -> tuple[PlanForm, Any]:
    return PlanForm(data, owner=viewer, today=today), book_form_set(data)


def opened(request: HttpRequest, viewer: Cadre, plan: Plan | None, token: UUID) -> HttpResponse:
    """As it is stored, or as it was left when the session ended."""
    kept = restored(request)
    if kept is not None:
        return filled_in(request, viewer, kept, plan, read_token(kept.get("token", "")) or token)
    today = timezone.localdate()
    if plan is not None:
        initial, rows = stored_plan(plan), [*stored_books(plan), {}]
    else:
        _, _, first, last = spans(today)[0]
        initial, rows = {"since": first, "until": last}, [*book_in(request), *({} for _ in range(EMPTY_ROWS))]
    form = PlanForm(owner=viewer, today=today, initial=initial)
    return page(request, form, book_form_set(initial=rows[:MOST_BOOKS]), plan, token)


def book_in(request: HttpRequest) -> list[dict[str, Any]]:
    """The book from whose page one comes."""
    key = request.GET.get("book", "")
    book = Book.objects.filter(pk=int(key)).first() if is_id(key) else None
    return [{"title": book.title, "author": book.author, "book": book.pk}] if book else []


def fills_in(data: Any) -> bool:
    return data.get("action", "").partition(":")[0] in ("span", "more", "find")


def filled_in(request: HttpRequest, viewer: Cadre, data: Any, plan: Plan | None, token: UUID) -> HttpResponse:
    """The form as it was typed, with what one of its small buttons adds."""
    today = timezone.localdate()
    action, _, which = data.get("action", "").partition(":")
    initial = {name: data.get(name, "") for name in FIELDS}
    rows = rows_in(data)
    if action == "span":
        initial |= next(({"since": first, "until": last} for key, _, first, last in spans(today) if key == which), {})
    if action == "more":
        rows = [*rows, *({} for _ in range(EMPTY_ROWS))][:MOST_BOOKS]
    books = book_form_set(initial=rows)
    place = int(which) if action == "find" and is_id(which) else None
    if place is not None and place < len(books.forms):
        books.forms[place].look_up()
    revision = seen_revision(data.get("revision", ""))
    return page(request, PlanForm(owner=viewer, today=today, initial=initial), books, plan, token, revision=revision,
                at=place)  # fmt: skip


def page(
    request: HttpRequest,
    form: PlanForm,
    books: Any,
    plan: Plan | None,
    token: UUID,
    *,
    conflict: bool = False,
    revision: int | None = None,
    at: int | None = None,
) -> HttpResponse:
    if conflict and plan is not None:
        plan = Plan.objects.select_related("mentor").get(pk=plan.pk)
    sent = seen_revision(request.POST.get("revision", "")) if request.method == "POST" and not conflict else None
    shown = revision if revision is not None else sent
    context = {
        "form": form,
        "books": books,
        "plan": plan,
        "token": token,
        "revision": shown if shown is not None else plan.revision if plan else 0,
        "conflict": conflict,
        "spans": spans(timezone.localdate()),
        "writer": sign_writer(signed_in(request)),
        "at": at,
        "most": MOST_BOOKS,
    }
    return render(request, "plans/form.html", context, status=409 if conflict else 200)


def seen_revision(text: str) -> int:
    """The revision that a page was made of; -1, which no plan has, where the form was tampered with."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
