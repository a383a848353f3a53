"""Open loans as the librarian goes through them."""

from datetime import date, timedelta

from django.db.models import OuterRef, Q, Subquery

from organization.models import Posting
from organization.models.membership import PostingQuerySet
from reading.models import Loan
from reading.models.circulation import LoanQuerySet
from shuxiang.searches import bare

SHOWN = {"overdue": "已逾期", "soon": "快到期", "leavers": "离岗未还", "all": "全部在借"}


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
