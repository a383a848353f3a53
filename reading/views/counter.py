from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organization.desk import is_id
from organization.models import Cadre
from reading.models import Hold, Loan
from reading.services import losing, reminding
from reading.services.counter import MODE_SIGNS, Mode, Outcome, people_by, readers, scan, undo_last
from reading.services.lending import undoable
from reading.services.listing import SHOWN, departments_on, filtered
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
    today = shanghai_date(now)
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
        "people": people_by(search) if search else [],
        "search": search,
        "loans": list(Loan.objects.open().of(person).with_book()) if person else [],
        "holds": list(Hold.objects.ready().of(person).select_related("book", "copy")) if person else [],
        "last": undoable(by, now),
        "policy": policy_now(),
        "today": today,
        "here": request.get_full_path(),
    }
    return render(request, "counter.html", context)


@require_POST
@login_required
def counter_undo(request: HttpRequest) -> HttpResponse:
    by = librarian_of(request)
    person, mode = person_in(request.POST.get("person", "")), mode_in(request.POST.get("mode", ""))
    return said(request, undo_last(mode=mode, person=person, by=by, now=timezone.now()))


@require_safe
@never_cache
@login_required
def counter_overdue(request: HttpRequest) -> HttpResponse:
    """For librarians: open loans, never those of before."""
    librarian_of(request)
    today, search = timezone.localdate(), searched(request.GET)
    chosen = request.GET.get("show", "")
    shown = chosen if chosen in SHOWN else "overdue"
    loans = filtered(shown=shown, search=search, today=today, notice_days=policy_now().notice_days)
    page = Paginator(loans, PER_PAGE).get_page(request.GET.get("page"))
    kept = {"show": shown} | ({"q": search} if search else {})
    context = {
        "page": page,
        "choices": SHOWN.items(),
        "shown": shown,
        "search": search,
        "today": today,
        "kept": f"{urlencode(kept)}&",
        "here": request.get_full_path(),
    }
    return render(request, "counter/overdue.html", context)


@require_POST
@login_required
def loan_remind(request: HttpRequest, loan_id: int) -> HttpResponse:
    by = librarian_of(request)
    loan = get_object_or_404(Loan.objects.open().select_related("borrower", "copy__book"), pk=loan_id)

    def step() -> str:
        reminding.remind_of(loan=loan, by=by, now=timezone.now())
        return f"已提醒{loan.borrower.name if loan.borrower else ''}归还{loan.copy.book.quoted}。"

    tell(request, step)
    return back(request, "counter_overdue")


@require_POST
@login_required
def loan_end(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Lost, or brought back damaged."""
    by = librarian_of(request)
    loan = get_object_or_404(Loan.objects.open().with_book(), pk=loan_id)
    reason = searched(request.POST, "reason")

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
