"""The desk's pages of circulation: rules and closed days; loans and holds to look at, and only those still open.

Nobody learns here of a loan that is over: the rows are not there, whatever an address, a filter or a search asks.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from organization.desk import DeskAdmin, StampedAdmin
from organization.roles import LIBRARIANS, Role
from reading.models import ClosedDay, Hold, LendingPolicy, Loan


@admin.register(LendingPolicy)
class LendingPolicyAdmin(StampedAdmin):
    """One row: what there is from the first day is edited, never added."""

    everybody_sees = True
    is_setting = True
    viewers = LIBRARIANS
    editors = (Role.OFFICE,)
    list_display = ["__str__", "max_loans", "loan_days", "max_renewals", "hold_days", "history_days", "self_service"]
    search_fields = ["open_weekdays"]
    fields = [
        "max_loans", "loan_days", "max_renewals", "hold_days", "notice_days", "history_days", "self_service",
        "open_weekdays", "renewal_target",
    ]  # fmt: skip


@admin.register(ClosedDay)
class ClosedDayAdmin(DeskAdmin):
    everybody_sees = True
    is_setting = True
    viewers = editors = adders = LIBRARIANS
    list_display = ["since", "until", "reason"]
    search_fields = ["reason"]
    date_hierarchy = "since"
    fields = ["since", "until", "reason"]


@admin.register(Loan)
class LoanAdmin(DeskAdmin):
    viewers = LIBRARIANS
    list_display = ["barcode", "title", "borrower", "lent_at", "due_on", "renewals", "reminded_on"]
    list_select_related = ["copy__book", "borrower"]
    search_fields = ["copy__barcode", "copy__book__title", "borrower__name", "borrower__employee_number"]
    date_hierarchy = "due_on"
    fields = ["copy", "borrower", "lent_at", "due_on", "renewals", "reminded_on"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Loan]:
        return rows.open()

    @admin.display(description="条码", ordering="copy__barcode")
    def barcode(self, loan: Loan) -> str:
        return loan.copy.barcode

    @admin.display(description="书名", ordering="copy__book__sort_key")
    def title(self, loan: Loan) -> str:
        return loan.copy.book.title


@admin.register(Hold)
class HoldAdmin(DeskAdmin):
    viewers = LIBRARIANS
    list_display = ["book", "cadre", "state", "placed_at", "expires_on"]
    list_select_related = ["book", "cadre"]
    search_fields = ["book__title", "cadre__name", "cadre__employee_number"]
    date_hierarchy = "placed_at"
    fields = ["book", "cadre", "state", "placed_at", "copy", "ready_at", "expires_on"]

    def in_sight(self, rows: Any, request: HttpRequest) -> QuerySet[Hold]:
        return rows.open()
