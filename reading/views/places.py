"""Rooms, corners and shelves: the tree, a page each, and the librarians' forms."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organization.desk import signed_in
from organization.restoring import restored
from reading.forms.places import MOST_ROWS, MoveForm, PieceFormSet, PlaceForm, pieces_in
from reading.models import Book, Copy, CopyEvent, Place
from reading.services.authority import is_librarian
from reading.services.moving import ClosedPlace
from reading.services.place_tree import PlaceTree, spots_shown
from reading.services.places import StalePlace, WrongPlace, add_place, change_place, empty_place
from reading.services.search import found_by
from reading.states import CopyAction
from reading.views.answers import librarian_of
from shuxiang.form_rows import LONG_AGO, read_stamp, typed_rows
from shuxiang.searches import searched

BOOKS = 30
MOVES = 10


@require_safe
@never_cache
@login_required
def spaces(request: HttpRequest) -> HttpResponse:
    """All places as a tree; who runs the reading room sees the closed ones too."""
    edits = is_librarian(signed_in(request))
    return render(request, "spaces.html", {"spots": spots_shown(closed_too=edits), "edits": edits})


@require_safe
@never_cache
@login_required
def space(request: HttpRequest, space_id: int) -> HttpResponse:
    """One place: also where the QR code on a shelf leads."""
    viewer = signed_in(request)
    tree = PlaceTree()
    place = tree.places.get(space_id)
    if place is None:
        raise Http404
    context = {"place": place, "above": tree.above(place.pk), "inside": tree.spots(place.pk, 0)}
    edits = is_librarian(viewer)
    return render(request, "spaces/space.html", {**context, **shelf_of(request, place, tree), "edits": edits, **(
        {"moves": moves_of(place)} if edits else {}
    )})  # fmt: skip


def shelf_of(request: HttpRequest, place: Place, tree: PlaceTree) -> dict[str, Any]:
    """The books at home in the place or inside it, a page of them; those that were searched for."""
    words = searched(request.GET)
    inside = tree.within(place.pk)
    books = Book.objects.shelved_in(inside)
    rows = found_by(books, words) if words else books
    page = Paginator(rows.order_by("sort_key", "pk"), BOOKS).get_page(request.GET.get("page"))
    kept = f"{urlencode({'q': words})}&" if words else ""
    on_shelf = Copy.objects.available().at_home_in(inside)
    return {
        "page": page,
        "words": words,
        "kept": kept,
        "sums": on_shelf.aggregate(titles=Count("book", distinct=True), copies=Count("pk")),
        "pictures": place.pictures.all(),
        "furniture": place.furniture.all(),
    }


def moves_of(place: Place) -> list[CopyEvent]:
    """The latest in and out."""
    moves = CopyEvent.objects.filter(action=CopyAction.MOVE).filter(Q(from_place=place) | Q(to_place=place))
    return list(moves.select_related("copy__book", "from_place", "to_place", "actor").order_by("-at", "-pk")[:MOVES])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def space_new(request: HttpRequest) -> HttpResponse:
    viewer = librarian_of(request)
    initial = {"parent": request.GET.get("parent", "")}
    form, pieces = opened(request, PlaceForm, PieceFormSet, "pieces", [], initial=initial)
    if form.is_bound and both_valid(form, pieces):
        try:
            place = add_place(facts=form.facts(), pieces=pieces_in(pieces), by=viewer)
        except WrongPlace as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"“{place.name}”已经登记。可以在下面加照片。")
            return redirect("space", place.pk)
    return render(request, "spaces/form.html", {"form": form, "pieces": pieces})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def space_edit(request: HttpRequest, space_id: int) -> HttpResponse:
    viewer = librarian_of(request)
    place = get_object_or_404(Place.objects.select_related("keeper"), pk=space_id)
    known = list(place.furniture.values("name", "quantity", "note"))
    form, pieces = opened(request, PlaceForm, PieceFormSet, "pieces", known, place=place, initial=initial_of(place))
    stale = False
    if form.is_bound and both_valid(form, pieces):
        seen = read_stamp(form.cleaned_data["seen"]) or LONG_AGO
        try:
            change_place(
                place=place, seen=seen, facts=form.facts(), pieces=pieces_in(pieces), by=viewer, now=timezone.now()
            )
        except WrongPlace as error:
            form.add_error(error.field, str(error))
        except StalePlace as error:
            form.add_error(None, str(error))
            stale = True
        else:
            messages.success(request, "已经保存。")
            return redirect("space", place.pk)
    context = {"form": form, "pieces": pieces, "place": place, "stale": stale}
    return render(request, "spaces/form.html", {**context, "stamp": stamp_shown(request, form, place, stale)})


def initial_of(place: Place) -> dict[str, Any]:
    plain = ("name", "code", "kind", "location", "opening_hours", "description", "position", "is_closed")
    return {
        **{name: getattr(place, name) for name in plain},
        "parent": place.parent_id or "",
        "keeper": str(place.keeper) if place.keeper else "",
    }


def stamp_shown(request: HttpRequest, form: Any, row: Any, stale: bool) -> str:
    """What the form sends along: of the row as it is now, where it is shown now; else of the page as it was opened."""
    sent: str = request.POST.get("seen", "") if request.method == "POST" else form.initial.get("seen", "")
    is_shown_now = stale or (request.method != "POST" and not sent)
    return row.changed_at.isoformat() if is_shown_now else sent[:40]


def more_rows(request: HttpRequest) -> bool:
    """Whether the form was sent only to get more empty rows."""
    return request.method == "POST" and request.POST.get("action") == "more"


def opened(request: HttpRequest, form: Any, rows: Any, prefix: str, known: Sequence[Any], **more: Any) -> Any:
    """The form and its set of rows: as stored, as sent to be saved, or as typed so far: with more empty rows, or when
    the session ended."""
    so_far = request.POST if more_rows(request) else restored(request)
    if so_far is not None:
        typed = typed_rows(so_far, prefix, list(rows.form.base_fields), MOST_ROWS)
        more["initial"] = so_far.dict()
        return form(**more), rows(prefix=prefix, initial=typed)
    sent = request.POST if request.method == "POST" else None
    return form(sent, **more), rows(sent, prefix=prefix, initial=None if sent is not None else known)


def both_valid(form: Any, rows: Any) -> bool:
    """Judges both, so that all that is wrong is told at once."""
    valid = rows.is_valid()
    return bool(form.is_valid() and valid)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def space_move(request: HttpRequest, space_id: int) -> HttpResponse:
    """Moves all copies of a place to another in one go."""
    viewer = librarian_of(request)
    tree = PlaceTree()
    place = tree.places.get(space_id)
    if place is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, initial=restored(request), place=place, tree=tree)
    if request.method == "POST" and form.is_valid():
        to = tree.places[form.cleaned_data["to"]]
        try:
            moved = empty_place(place=place, to=to, by=viewer, now=timezone.now(), reason=form.cleaned_data["reason"])
        except (ClosedPlace, WrongPlace) as error:
            form.add_error("to", str(error))
        else:
            messages.success(request, f"{moved} 册已经移到“{to.name}”。")
            return redirect("space", place.pk)
    count = Copy.objects.in_stock().filter(home=place).count()
    return render(request, "spaces/move.html", {"form": form, "place": place, "count": count})
