"""The desk looks at stocktakes; they are counted and resolved on the portal's own pages."""

from django.contrib import admin

from organization.desk import DeskAdmin
from organization.roles import LIBRARIANS
from reading.admin.acquisition import EventInline
from reading.models import Difference, Stocktake, StocktakeEvent


class StocktakeEventInline(EventInline):
    model = StocktakeEvent


@admin.register(Stocktake)
class StocktakeAdmin(DeskAdmin):
    everybody_sees = True
    viewers = LIBRARIANS
    list_display = ["place", "state", "started_by", "started_at", "expected", "finished_by", "finished_at"]
    list_select_related = ["place", "started_by", "finished_by"]
    list_filter = ["state"]
    search_fields = ["place__name", "place__code"]
    date_hierarchy = "started_at"
    fields = [
        "place", "state", "started_by", "started_at", "compared_at", "expected", "finished_by", "finished_at",
    ]  # fmt: skip
    inlines = [StocktakeEventInline]


@admin.register(Difference)
class DifferenceAdmin(DeskAdmin):
    everybody_sees = True
    viewers = LIBRARIANS
    list_display = ["barcode", "kind", "stocktake", "resolution", "resolved_by", "resolved_at", "note"]
    list_select_related = ["stocktake__place", "resolved_by"]
    list_filter = ["kind", "resolution"]
    search_fields = ["barcode", "copy__book__title", "note"]
    fields = ["stocktake", "kind", "copy", "barcode", "resolution", "resolved_by", "resolved_at", "note"]
