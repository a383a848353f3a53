"""Open loans and the hold shelf, as the librarian goes through them and as the reader has them in hand."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery, Value

from organization.models import Cadre, Posting
from organization.models.membership import PostingQuerySet
from reading.models import Hold, Loan
from reading.models.circulation import HoldQuerySet, LoanQuerySet
from shuxiang.searches import bare

SHOWN = {"overdue": "已逾期", "soon": "快到期", "leavers": "离岗未还", "all": "全部在借"}
HELD = "held"


def departments_on(day: date) -> PostingQuerySet:
    return Posting.objects.all().covering(day)


def filtered(*, shown: str, search: str, today: date, notice_days: int) -> LoanQuerySet:
    """`shown` is a key of SHOWN. Every word of the search is in the borrower's name or number, barcode or title."""
    loans = {
        "overdue": lambda: Loan.objects.overdue(today),
        "soon": lambda: Loan.objects.due_until(today, today + timedelta(days=notice_days)),
        "leavers": lambda: Loan.objects.of_leavers(today),
        "all": Loan.objects.open,
    }[shown]()
    for word in search.split()[:8]:
        named = Q(borrower__name__icontains=word) | Q(borrower__employee_number__icontains=word)
        named |= Q(copy__barcode__icontains=word) | Q(copy__book__title__icontains=word)
        if bare(word):
            named |= Q(copy__book__search_text__contains=bare(word))
        loans = loans.filter(named)
    place = departments_on(today).filter(cadre=OuterRef("borrower")).values("department__name")[:1]
    return loans.select_related("borrower", "copy__book").annotate(department=Subquery(place)).order_by("due_on", "id")


def set_aside(*, search: str, today: date) -> HoldQuerySet:
    """What stands on the hold shelf, for whom; expired ones come first."""
    holds = Hold.objects.ready()
    for word in search.split()[:8]:
        named = Q(cadre__name__icontains=word) | Q(cadre__employee_number__icontains=word)
        named |= Q(copy__barcode__icontains=word) | Q(book__title__icontains=word)
        if bare(word):
            named |= Q(book__search_text__contains=bare(word))
        holds = holds.filter(named)
    place = departments_on(today).filter(cadre=OuterRef("cadre")).values("department__name")[:1]
    rows = holds.select_related("cadre", "book", "copy").annotate(department=Subquery(place))
    return rows.order_by("expires_on", "id")


def told_apart(cadre: Cadre, today: date) -> str:
    """With the number and the department, as there are namesakes."""
    place = departments_on(today).filter(cadre=cadre).values_list("department__name", flat=True).first()
    return f"{cadre.name}（{cadre.employee_number}{'，' + place if place else ''}）"


class InHand(NamedTuple):
    """A book that somebody has until `due_on`, or that waits for him until then."""

    waits: bool
    barcode: str
    title: str
    due_on: date


def in_hand(reader: Cadre) -> list[InHand]:
    """What waits first, then what falls due first; one query."""
    waiting = Hold.objects.ready().of(reader).order_by().annotate(waits=Value(True))
    lent = Loan.objects.open().of(reader).order_by().annotate(waits=Value(False))
    rows: Any = waiting.values_list("waits", "copy__barcode", "book__title", "expires_on").union(
        lent.values_list("waits", "copy__barcode", "copy__book__title", "due_on"), all=True
    )
    found = [InHand(bool(waits), *rest) for waits, *rest in rows]
    return sorted(found, key=lambda each: (not each.waits, each.due_on, each.barcode))
