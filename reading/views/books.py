"""The catalogue as everybody signed in reads it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.desk import signed_in
from reading.isbn import BadIsbn, normalise
from reading.models import Book, Copy
from reading.services.authority import is_librarian, is_reader
from reading.services.browsing import Filter, book_scanned, facets, rows_of
from reading.services.holdings import holdings, queue_of
from reading.states import IN_STOCK, CopyAction, CopyState

PER_PAGE = 24
# What librarians may do with the copies they tick, in the order of the choice.
ACTIONS = (
    CopyAction.MOVE, CopyAction.REPAIR, CopyAction.REPAIRED, CopyAction.LOSE, CopyAction.FIND, CopyAction.WITHDRAW,
    CopyAction.RESTORE, CopyAction.CORRECT,
)  # fmt: skip


class CountedOnce(Paginator):
    """Takes the number from the facets where they know it."""

    def __init__(self, *args: object, total: int | None) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        if total is not None:
            self.count = total


@require_safe
@never_cache
@login_required
def books(request: HttpRequest) -> HttpResponse:
    """The catalogue; what a scanner types into its search leads straight to the book."""
    chosen, today = Filter.read(request.GET), timezone.localdate()
    if chosen.text and "page" not in request.GET and (scanned := book_scanned(chosen.text)):
        book, barcode = scanned
        return redirect(reverse("book", args=[book.pk]) + (f"#copy-{barcode}" if barcode else ""))
    counted = facets(chosen, today)
    found = chosen.found(today).select_related("area", "cover")
    page = CountedOnce(found, PER_PAGE, total=counted.total).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "facets": counted,
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "kept": f"{chosen.address}&" if chosen.address else "",
        "is_librarian": is_librarian(signed_in(request)),
        "is_reader": is_reader(signed_in(request), today),
    }
    return render(request, "books.html", context)


@require_safe
@never_cache
@login_required
def book(request: HttpRequest, book_id: int) -> HttpResponse:
    viewer = signed_in(request)
    found = get_object_or_404(Book.objects.select_related("area", "cover"), pk=book_id)
    queue = queue_of(found, viewer)
    held = holdings(found, viewer, queue)
    stock = [each for each in held if each.copy.state in IN_STOCK]
    free = sum(each.copy.state == CopyState.AVAILABLE for each in stock)
    reads = is_reader(viewer, timezone.localdate())
    context = {
        "book": found,
        "holdings": held,
        "stock": len(stock),
        "free": free,
        "queue": queue,
        "is_reader": reads,
        "may_hold": reads and stock and not free and queue.own is None and not any(each.is_own for each in held),
        "leads": found.leads.select_related("leader"),
        "is_librarian": is_librarian(viewer),
        "actions": [(action.value, action.label) for action in ACTIONS],
    }
    return render(request, "books/book.html", context)


@require_safe
@never_cache
@login_required
def book_isbn(request: HttpRequest) -> JsonResponse:
    """What the office's own catalogue knows of an ISBN, for forms in which one is typed."""
    try:
        isbn = normalise(request.GET.get("isbn", ""))
    except BadIsbn as error:
        return JsonResponse({"isbn": "", "book": None, "error": f"{error}。"})
    known = Book.objects.filter(isbn=isbn).first() if isbn else None
    if known is None:
        return JsonResponse({"isbn": isbn, "book": None, "error": ""})
    told = {name: getattr(known, name) or "" for name in ("title", "subtitle", "author", "publisher", "year")}
    copies = Copy.objects.filter(book=known).values_list("state", flat=True)
    told |= {
        "id": known.pk,
        "address": reverse("book", args=[known.pk]),
        "copies": sum(state in IN_STOCK for state in copies),
        "free": sum(state == CopyState.AVAILABLE for state in copies),
    }
    return JsonResponse({"isbn": isbn, "book": told, "error": ""})
