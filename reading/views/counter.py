from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import is_id
from organization.models import Cadre
from organization.restoring import restored
from organization.ways import sent_from
from reading.models import Hold, Loan
from reading.services import losing, reminding
from reading.services.counter import MODE_SIGNS, Mode, Outcome, people_by, readers, scan, undo_last
from reading.services.lending import undoable
from reading.services.listing import HELD, SHOWN, departments_on, filtered, set_aside
from reading.services.queue import policy_now
from reading.views.answers import back, librarian_of, tell
from shuxiang.periods import shanghai_date
from shuxiang.searches import searched

PER_PAGE = 50
LEVELS = {"done": messages.SUCCESS, "told": messages.INFO, "wrong": messages.ERROR}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def counter(request: HttpRequest) -> HttpResponse:
    """For librarians: scan a person, scan books. The person and the mode stay in the address."""
    by, now = librarian_of(request), timezone.now()
    if request.method == "POST":
        text, person = request.POST.get("scan", ""), person_in(request.POST.get("person", ""))
        return said(request, scan(text=text, mode=mode_in(request.POST.get("mode", "")), person=person, by=by, now=now))
    person, search = person_in(request.GET.get("person", "")), searched(request.GET)
    today, policy = shanghai_date(now), policy_now()
    loans = list(Loan.objects.open().of(person).with_book()) if person else []
    rows = [(loan, mishap_of(request, loan)) for loan in loans]
    context = {
        # Shown large below the field instead of on top of the page.
        "told": list(messages.get_messages(request)),
        "messages": [],
        "mode": mode_in(request.GET.get("mode", "")),
        "modes": MODE_SIGNS.items(),
        "person": person,
        "department": departments_on(today).filter(cadre=person).values_list("department__name", flat=True).first()
        if person
        else None,
        "people": placed(people_by(search), today) if search else [],
        "search": search,
        "loans": loans,
        "rows": rows,
        "left": max(policy.max_loans - len(loans), 0),
        "is_late": any(loan.due_on < today for loan in loans),
        "holds": list(Hold.objects.ready().of(person).select_related("book", "copy")) if person else [],
        "last": undoable(by, now),
        "policy": policy,
        "today": today,
        "here": request.get_full_path(),
    }
    return render(request, "counter.html", context)


def mishap_of(request: HttpRequest, loan: Loan) -> str:
    """How the copy was lost or damaged, as typed when the session ended."""
    kept = restored(request, reverse("loan_end", args=[loan.pk]))
    return kept.get("reason", "") if kept is not None else ""


def placed(people: list[Cadre], today: date) -> list[tuple[Cadre, str]]:
    """With their departments, as there are namesakes."""
    rows = departments_on(today).filter(cadre__in=people).order_by("-pk")
    departments = dict(rows.values_list("cadre", "department__name"))
    return [(cadre, departments.get(cadre.pk, "")) for cadre in people]


@sent_from("counter")
@login_required
def counter_undo(request: HttpRequest) -> HttpResponse:
    by = librarian_of(request)
    person, mode = person_in(request.POST.get("person", "")), mode_in(request.POST.get("mode", ""))
    return said(request, undo_last(mode=mode, person=person, by=by, now=timezone.now()))


@require_safe
@never_cache
@login_required
def counter_overdue(request: HttpRequest) -> HttpResponse:
    """For librarians: open loans and what is set aside, never those of before."""
    librarian_of(request)
    today, search = timezone.localdate(), searched(request.GET)
    chosen = request.GET.get("show", "")
    choices = SHOWN | {HELD: "待取"}
    shown = chosen if chosen in choices else "overdue"
    if shown == HELD:
        page = paged(request, set_aside(search=search, today=today))
    else:
        notice_days = policy_now().notice_days
        page = paged(request, filtered(shown=shown, search=search, today=today, notice_days=notice_days))
    kept = {"show": shown} | ({"q": search} if search else {})
    context = {
        "page": page,
        "choices": choices.items(),
        "shown": shown,
        "held": HELD,
        "search": search,
        "today": today,
        "kept": f"{urlencode(kept)}&",
        "here": request.get_full_path(),
    }
    return render(request, "counter/overdue.html", context)


def paged(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


@sent_from("counter_overdue")
@login_required
def loan_remind(request: HttpRequest, loan_id: int) -> HttpResponse:
    by = librarian_of(request)
    loan = get_object_or_404(Loan.objects.open().select_related("borrower", "copy__book"), pk=loan_id)

    def step() -> str:
        reminding.remind_of(loan=loan, by=by, now=timezone.now())
        return f"已提醒{loan.borrower.name if loan.borrower else ''}归还{loan.copy.book.quoted}。"

    tell(request, step)
    return back(request, "counter_overdue")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def loan_end(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Lost, or brought back damaged. A loss asks once before it is done; whoever comes back to that question is led to
    the borrower at the counter."""
    by = librarian_of(request)
    loan = get_object_or_404(Loan.objects.open().with_book().select_related("borrower"), pk=loan_id)
    if request.method != "POST":
        return redirect(f"{reverse('counter')}?{urlencode({'person': loan.borrower_id})}")
    reason = searched(request.POST, "reason")
    if request.POST.get("how") == "lost" and request.POST.get("confirmed") != "1":
        away = back(request, "counter").headers["Location"]
        return render(request, "counter/lost.html", {"loan": loan, "reason": reason, "next": away, "away": away})

    def step() -> str:
        if request.POST.get("how") == "lost":
            losing.lose_on_loan(loan=loan, by=by, now=timezone.now(), reason=reason)
            return f"已登记{loan.copy.book.quoted}丢失，这笔借阅已结束。"
        losing.return_damaged(loan=loan, by=by, now=timezone.now(), reason=reason)
        return f"{loan.copy.book.quoted}已归还并送修。"

    tell(request, step)
    return back(request, "counter")


def said(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    messages.add_message(request, LEVELS[outcome.level], outcome.words)
    asked = {"mode": outcome.mode.value} if outcome.mode != Mode.AUTO else {}
    asked |= {"person": str(outcome.person.pk)} if outcome.person else {}
    asked |= {"q": outcome.search} if outcome.search else {}
    address = reverse("counter")
    return redirect(f"{address}?{urlencode(asked)}" if asked else address)


def person_in(text: str) -> Cadre | None:
    return readers().filter(pk=int(text)).first() if is_id(text) else None


def mode_in(text: str) -> Mode:
    return Mode(text) if text in Mode.values else Mode.AUTO
