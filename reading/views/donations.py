"""Books that people give: the wall of donors, offers, inspection, and the certificate."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.models import Cadre
from organization.restoring import read_token, restored
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.ways import sent_from
from reading.forms.donations import AcceptForm, DeclineForm, DonationForm, ItemFormSet, finding_forms
from reading.isbn import BadIsbn, normalise
from reading.models import Book, Copy, Donation, DonationItem
from reading.services.authority import is_librarian, is_reader
from reading.services.donating import MOST_ITEMS, accept, cancel, decline, inspect, offer, reopen
from reading.states import DONATION_TRANSITIONS, DonationAction
from reading.views.arrived import arrived

PER_PAGE = 20
FEW = 20
REFUSED = (NotAllowed, IllegalStep, Stale, ValueError)
DONE = {
    DonationAction.INSPECT: "已验收。",
    DonationAction.DECLINE: "已记为不接收。",
    DonationAction.CANCEL: "已取消这次捐赠。",
    DonationAction.REOPEN: "已改回待验收。",
}
# How many titles stand on the certificate's first page, and on each that follows.
FIRST_PAGE, NEXT_PAGE = 8, 16


def with_items(rows: QuerySet[Donation]) -> QuerySet[Donation]:
    return rows.prefetch_related(Prefetch("items", DonationItem.objects.select_related("book")))


@require_safe
@never_cache
@login_required
def donations(request: HttpRequest) -> HttpResponse:
    """Everybody reads what came in and from whom; one's own offers and, for librarians, what waits."""
    viewer = signed_in(request)
    wall = with_items(Donation.objects.accepted().order_by("-accepted_on", "-certificate"))
    decides = is_librarian(viewer)
    context = {
        "page": Paginator(wall, PER_PAGE).get_page(request.GET.get("page")),
        "own": with_items(Donation.objects.of(viewer))[:FEW],
        "waiting": with_items(Donation.objects.waiting().order_by("offered_at"))[:FEW] if decides else [],
        "is_librarian": decides,
        "may_offer": decides or is_reader(viewer, timezone.localdate()),
    }
    return render(request, "donations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def donation_new(request: HttpRequest) -> HttpResponse:
    """Several titles at once; more rows and the look-up of ISBNs are buttons, so that it works without scripts."""
    viewer = signed_in(request)
    decides, token = is_librarian(viewer), read_token(request.POST.get("token", "")) or uuid4()
    kept = restored(request)
    if kept is not None:
        token = read_token(kept.get("token", "")) or token
        form, items = DonationForm(initial=typed(kept), for_others=decides), looked_up(kept, more=False)
        return render(request, "donations/new.html", {"form": form, "items": items, "token": token})
    if request.method != "POST":
        form, items = DonationForm(for_others=decides), ItemFormSet(prefix="items")
        return render(request, "donations/new.html", {"form": form, "items": items, "token": token})
    action = request.POST.get("action", "")
    if action in ("more", "lookup"):
        form = DonationForm(initial=typed(request.POST), for_others=decides)
        items = looked_up(request.POST, more=action == "more")
        context = {"form": form, "items": items, "token": token, "is_filled": action == "lookup"}
        return render(request, "donations/new.html", context)
    form, items = DonationForm(request.POST, for_others=decides), ItemFormSet(request.POST, prefix="items")
    if form.is_valid() and items.is_valid():
        offered = [found for found in (item.offered() for item in items if item.has_changed()) if found]
        try:
            made = offer(by=viewer, items=offered, now=timezone.now(), token=token, **form.cleaned_data)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已登记捐赠，图书管理员验收后会通知您。")
            return redirect("donation", made.pk)
    return render(request, "donations/new.html", {"form": form, "items": items, "token": token})


def typed(sent: QueryDict) -> dict[str, Any]:
    return {"donor_name": sent.get("donor_name", ""), "note": sent.get("note", ""), "is_named": "is_named" in sent}


def looked_up(sent: QueryDict, *, more: bool) -> Any:
    """The rows as they were typed, what the catalogue knows of their ISBNs filled into empty fields."""
    names = ("isbn", "title", "author", "publisher", "count")
    try:
        total = min(int(sent.get("items-TOTAL_FORMS", "0")[:4]), MOST_ITEMS)
    except ValueError:
        total = 0
    rows = [{name: sent.get(f"items-{place}-{name}", "")[:1000] for name in names} for place in range(total)]
    books = {book.isbn: book for book in Book.objects.filter(isbn__in=filter(None, map(isbn_of, rows)))}
    for row in rows:
        book = books.get(isbn_of(row))
        if book is not None:
            row |= {name: row[name] or getattr(book, name) for name in ("title", "author", "publisher")}
    items = ItemFormSet(prefix="items", initial=rows)
    items.extra = 5 if more else 0
    return items


def isbn_of(row: dict[str, str]) -> str:
    try:
        return normalise(row["isbn"])
    except BadIsbn:
        return ""


@require_safe
@never_cache
@login_required
def donation(request: HttpRequest, donation_id: int) -> HttpResponse:
    return donation_page(request, donation_id)


def donation_page(request: HttpRequest, donation_id: int, status: int = 200, **forms: Any) -> HttpResponse:
    viewer = signed_in(request)
    found = get_object_or_404(Donation.objects.visible_to(viewer).select_related("donor"), pk=donation_id)
    items = list(found.items.select_related("book", "area"))
    is_own = found.donor_id == viewer.pk
    decides = is_librarian(viewer) and not is_own
    able = {action for state, action in DONATION_TRANSITIONS if state == found.state}
    context: dict[str, Any] = {
        "donation": found,
        "items": items,
        "events": found.events.select_related("actor"),
        "is_own": is_own,
        "own_librarian": is_own and is_librarian(viewer),
        "total": sum(item.offered for item in items),
        "taken": sum(item.accepted or 0 for item in items),
        "may_cancel": DonationAction.CANCEL in able and (is_own or (decides and found.donor_id is None)),
        "may_reopen": decides and DonationAction.REOPEN in able,
    }
    if decides and DonationAction.INSPECT in able:
        context["findings"] = forms.get("findings") or finding_forms(items, typed=typed_step(request, found))
    if decides and DonationAction.ACCEPT in able:
        kept = typed_step(request, found)
        context["acceptance"] = forms.get("acceptance") or AcceptForm(initial=kept, today=timezone.localdate())
        context["refusal"] = forms.get("refusal") or DeclineForm(initial=kept)
    return render(request, "donations/donation.html", {**context, "error": forms.get("error")}, status=status)


def typed_step(request: HttpRequest, found: Donation) -> QueryDict | None:
    """The form of a step whose session had ended."""
    return restored(request, reverse("donation_step", args=[found.pk]))


@sent_from("donation", "donation_id")
@never_cache
@login_required
def donation_step(request: HttpRequest, donation_id: int) -> HttpResponse:
    """One step of a donation's life, as its page offers it; where it has moved meanwhile, the page says so."""
    viewer = signed_in(request)
    found = get_object_or_404(Donation.objects.visible_to(viewer), pk=donation_id)
    action = request.POST.get("action", "")
    sent = forms_of(action, request, found)
    try:
        if request.POST.get("seen") != found.state:
            raise Stale("捐赠")
        if not all(list(map(is_filled, sent.values()))):
            return donation_page(request, found.pk, **sent)
        take_step(action, found, viewer, sent)
    except REFUSED as error:
        return donation_page(request, found.pk, 409, error=str(error), **sent)
    messages.success(request, done(DonationAction(action), found))
    return redirect("donation", found.pk)


def done(action: DonationAction, found: Donation) -> str:
    if action == DonationAction.ACCEPT:
        copies = list(Copy.objects.filter(donation_item__donation=found))
        return format_html("已{}", arrived(copies, timezone.localdate()))
    return DONE[action]


def forms_of(action: str, request: HttpRequest, found: Donation) -> dict[str, Any]:
    """What the step needs to know, by the name that the page has for it."""
    if action == DonationAction.INSPECT:
        return {"findings": finding_forms(found.items.all(), request.POST)}
    if action == DonationAction.ACCEPT:
        return {"acceptance": AcceptForm(request.POST, today=timezone.localdate())}
    return {"refusal": DeclineForm(request.POST)} if action == DonationAction.DECLINE else {}


def is_filled(form: Any) -> bool:
    return all(list(map(is_filled, form))) if isinstance(form, list) else form.is_valid()


def take_step(action: str, found: Donation, by: Cadre, sent: dict[str, Any]) -> None:
    now = timezone.now()
    if action == DonationAction.INSPECT:
        inspect(donation=found, findings={row.item.pk: row.finding() for row in sent["findings"]}, by=by, now=now)
    elif action == DonationAction.ACCEPT:
        accept(donation=found, by=by, now=now, **sent["acceptance"].cleaned_data)
    elif action == DonationAction.DECLINE:
        decline(donation=found, by=by, now=now, **sent["refusal"].cleaned_data)
    elif action == DonationAction.CANCEL:
        cancel(donation=found, by=by, now=now)
    elif action == DonationAction.REOPEN:
        reopen(donation=found, by=by, now=now)
    else:
        raise ValueError("没有看懂要怎样办理，请重新选择。")


@require_safe
@never_cache
@login_required
def donation_certificate(request: HttpRequest, donation_id: int) -> HttpResponse:
    """A page to print: for the donor and the librarians."""
    rows = Donation.objects.visible_to(signed_in(request)).accepted()
    found = get_object_or_404(rows, pk=donation_id)
    items = [item for item in found.items.all() if item.accepted]
    rest = items[FIRST_PAGE:]
    context = {
        "donation": found,
        "count": sum(item.accepted or 0 for item in items),
        "kinds": len(items),
        "first": items[:FIRST_PAGE],
        "more": [rest[start : start + NEXT_PAGE] for start in range(0, len(rest), NEXT_PAGE)],
    }
    return render(request, "donations/certificate.html", context)
