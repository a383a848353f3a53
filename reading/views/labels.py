"""Print pages of labels for copies and of QR codes for shelves; librarians only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organization.desk import is_id
from reading.forms.labels import LabelsForm, SheetForm
from reading.models import Place
from reading.services.labels import LAYOUTS, MOST_LABELS, labels_of, place_labels, sheets_of
from reading.services.place_tree import PlaceTree
from reading.views.cataloguing import for_librarians
from shuxiang.symbols import portal_of


@for_librarians
def labels(request: HttpRequest) -> HttpResponse:
    form = LabelsForm(request.GET)
    found, total = [], 0
    is_valid = form.is_valid()
    if is_valid and form.asks:
        copies = form.copies()
        total = copies.count()
        found = labels_of(copies[:MOST_LABELS], form.chosen_layout, portal_of(request))
    context = {
        "form": form,
        "asks": is_valid and form.asks,
        "asks_nothing": is_valid and not form.asks and "start" in request.GET,
        "layout": form.chosen_layout if is_valid else LAYOUTS["large"],
        "sheets": sheets_of(found, form.chosen_layout, form.start_at) if is_valid else [],
        "count": len(found),
        "total": total,
        "too_fine": [label.code for label in found if label.too_fine],
    }
    return render(request, "labels.html", context)


@for_librarians
def labels_places(request: HttpRequest) -> HttpResponse:
    """A QR code for each place, to be stuck to its shelf."""
    form = SheetForm(request.GET)
    layout = LAYOUTS["large"]
    places = list(Place.objects.in_use())
    ticked = {int(each) for each in request.GET.getlist("place") if is_id(each)}
    printed = [place for place in places if not ticked or place.pk in ticked]
    start = form.start_at if form.is_valid() else 1
    context = {
        "form": form,
        "places": [(pk, path, pk in ticked) for pk, path in PlaceTree().choices()],
        "layout": layout,
        "sheets": sheets_of(place_labels(printed, portal_of(request)), layout, min(start, layout.per_sheet)),
        "count": len(printed),
    }
    return render(request, "labels/places.html", context)
