from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.desk import signed_in
from organization.ways import sent_from
from reading.models import Copy, Hold, Loan
from reading.services.authority import is_librarian, is_reader
from reading.services.barcodes import copy_by, read_code
from reading.services.lending import give_back, lend, why_not_lent
from reading.services.queue import policy_now
from reading.views.answers import tell
from shuxiang.periods import shanghai_date, spoken


def copy_at(barcode: str) -> Copy:
    found = copy_by(read_code(barcode))
    if found is None:
        raise Http404
    return found


@require_safe
@login_required
def copy_find(request: HttpRequest) -> HttpResponse:
    """From a typed or scanned barcode to the copy's page."""
    said = read_code(request.GET.get("barcode", ""))
    found = copy_by(said)
    if found is not None:
        return redirect("copy", found.barcode)
    messages.error(
        request, f"没有条码“{said}”。条码印在书的标签上，如 SX000123。" if said else "请扫描或输入书上的条码。"
    )
    return render(request, "copy/find.html", {"said": said})


@require_safe
@never_cache
@login_required
def copy(request: HttpRequest, barcode: str) -> HttpResponse:
    """What the QR code on a copy leads to: what it is, whether it is free, and what one can do with it now."""
    found, viewer, now = copy_at(barcode), signed_in(request), timezone.now()
    loan = Loan.objects.open().filter(copy=found).select_related("borrower").first()
    holds = list(Hold.objects.open().filter(book=found.book).with_place())
    own = next((hold for hold in holds if hold.cadre_id == viewer.pk), None)
    policy, librarian = policy_now(), is_librarian(viewer)
    mine = loan is not None and loan.borrower_id == viewer.pk
    for_me = own is not None and own.copy_id == found.pk
    reads, may_borrow = is_reader(viewer, shanghai_date(now)), found.is_available or for_me
    context = {
        "copy": found,
        "book": found.book,
        "loan": loan,
        "mine": mine,
        "own": own,
        "for_me": for_me,
        "waiting": len(holds),
        "librarian": librarian,
        "self_service": policy.self_service or librarian,
        "is_reader": reads,
        "may_borrow": may_borrow,
        "refusal": why_not_lent(reader=viewer, policy=policy, now=now) if reads and may_borrow else "",
        "may_hold": own is None and not mine and found.is_awaited,
        "policy": policy,
        "today": shanghai_date(now),
        "here": request.path,
    }
    return render(request, "copy.html", context)


@sent_from("copy", "barcode")
@login_required
def copy_borrow(request: HttpRequest, barcode: str) -> HttpResponse:
    found, reader = copy_at(barcode), signed_in(request)

    def step() -> str:
        loan = lend(copy=found, borrower=reader, by=reader, now=timezone.now())
        return f"已借{found.book.quoted}，{spoken(loan.due_on)}前归还。"

    tell(request, step)
    return redirect("copy", found.barcode)


@sent_from("copy", "barcode")
@login_required
def copy_return(request: HttpRequest, barcode: str) -> HttpResponse:
    found, reader = copy_at(barcode), signed_in(request)

    def step() -> str:
        _, hold = give_back(copy=found, by=reader, now=timezone.now())
        where = "请交到借阅台，有同事预约了这册" if hold else f"请放回{found.home}"
        return f"已归还{found.book.quoted}，{where}。"

    tell(request, step)
    return redirect("copy", found.barcode)
