"""Loans that are over lose their names: after the days of the lending policy, or when their reader says so."""

from datetime import datetime, timedelta

from django.db import transaction

from organization.models import Cadre
from reading.models import Hold, Loan, LoanQuarter
from reading.services.lending import UNDONE_WITHIN
from reading.services.queue import policy_now

NAMELESS = {"borrower": None, "lent_by": None, "returned_by": None}


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """The number of loans that lost their names."""
    until = now - timedelta(days=policy_now().history_days)
    Hold.objects.closed().filter(closed_at__lte=until, cadre__isnull=False).update(cadre=None)
    LoanQuarter.objects.filter(since__lt=now - UNDONE_WITHIN).update(since=None)
    return Loan.objects.returned().filter(returned_at__lte=until, borrower__isnull=False).update(**NAMELESS)


@transaction.atomic
def forget_own(*, reader: Cadre) -> int:
    """One's own, at once and for good; open loans and holds stay."""
    Hold.objects.closed().of(reader).update(cadre=None)
    LoanQuarter.objects.filter(cadre=reader).update(since=None)
    return Loan.objects.returned().of(reader).update(**NAMELESS)
