from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.ways import sent_from
from reading.models import Book, Hold, Loan
from reading.services.forgetting import forget_own
from reading.services.holding import cancel_hold, place_hold
from reading.services.lending import renew
from reading.services.queue import policy_now
from reading.views.answers import back, tell
from shuxiang.periods import spoken

PER_PAGE = 30


@require_safe
@never_cache
@login_required
def loans(request: HttpRequest) -> HttpResponse:
    """One's own loans, holds and history; nobody else ever sees the history."""
    reader = signed_in(request)
    own = Loan.objects.of(reader).with_book()
    history = own.returned().order_by("-returned_at", "-pk")
    context = {
        "loans": list(own.open()),
        "holds": list(Hold.objects.open().of(reader).with_place().select_related("book", "copy")),
        "page": Paginator(history, PER_PAGE).get_page(request.GET.get("page")),
        "policy": policy_now(),
        "today": timezone.localdate(),
        "here": request.get_full_path(),
    }
    return render(request, "loans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def loans_forget(request: HttpRequest) -> HttpResponse:
    """Asks first: what is forgotten does not come back."""
    reader = signed_in(request)
    if request.method == "POST":
        count = forget_own(reader=reader)
        messages.success(request, f"已去掉 {count} 条借阅记录上的姓名，没有人能再看到。")
        return redirect("loans")
    return render(request, "loans/forget.html", {"count": Loan.objects.returned().of(reader).count()})


@sent_from("loans")
@login_required
def loan_renew(request: HttpRequest, loan_id: int) -> HttpResponse:
    """The borrower's own, or any open one by a librarian; a stranger gets 404."""
    by = signed_in(request)
    loan = get_object_or_404(Loan.objects.visible_to(by).select_related("borrower", "copy__book"), pk=loan_id)

    def step() -> str:
        due_on = renew(loan=loan, by=by, now=timezone.now())
        return f"已续借{loan.copy.book.quoted}，{spoken(due_on)}前归还。"

    tell(request, step)
    return back(request, "loans")


@sent_from("book", "book_id")
@login_required
def book_hold(request: HttpRequest, book_id: int) -> HttpResponse:
    """For oneself."""
    reader = signed_in(request)
    book = get_object_or_404(Book, pk=book_id)

    def step() -> str:
        place_hold(book=book, reader=reader, by=reader, now=timezone.now())
        return f"已预约{book.quoted}，到书后通知。"

    tell(request, step)
    return back(request, "loans")


@sent_from("loans")
@login_required
def hold_cancel(request: HttpRequest, hold_id: int) -> HttpResponse:
    by = signed_in(request)
    hold = get_object_or_404(Hold.objects.visible_to(by).select_related("cadre", "book"), pk=hold_id)

    def step() -> str:
        cancel_hold(hold=hold, by=by, now=timezone.now())
        return f"已取消预约{hold.book.quoted}。"

    tell(request, step)
    return back(request, "loans")
