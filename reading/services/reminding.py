"""Reminders of loans: a few days before they are due, on the day after, then weekly; at most one per loan and day.

Of who left with books the librarians are told, once for each book."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from notices.services import send
from organization.models import Cadre
from reading.models import Loan
from reading.models.circulation import LoanQuerySet
from reading.services.authority import check_librarian, librarians
from reading.services.queue import policy_now
from reading.services.refusals import LendingRefused
from shuxiang.periods import shanghai_date, spoken

WEEK = timedelta(days=7)


def to_remind(today: date, notice_days: int) -> LoanQuerySet:
    """Due soon and not yet told so; overdue and not told since it was, or a week ago. Closed accounts are left out."""
    soon = Q(due_on__gte=today, due_on__lte=today + timedelta(days=notice_days))
    soon &= Q(reminded_on__isnull=True) | Q(reminded_on__lt=F("due_on") - timedelta(days=notice_days))
    late = Q(due_on__lt=today)
    late &= Q(reminded_on__isnull=True) | Q(reminded_on__lte=F("due_on")) | Q(reminded_on__lte=today - WEEK)
    return Loan.objects.open().filter(soon | late, borrower__is_active=True)


def remind_borrowers(*, now: datetime) -> int:
    """One notice per person, whatever number of books; gives the number of notices. A transaction per person."""
    today = shanghai_date(now)
    loans = to_remind(today, policy_now().notice_days).select_related("borrower", "copy__book")
    rows = loans.order_by("borrower", "due_on", "pk")
    return sum(tell(borrower, list(group), now) for borrower, group in groupby(rows, key=lambda loan: loan.borrower))


def remind_of(*, loan: Loan, by: Cadre, now: datetime) -> None:
    """The librarian's own reminder. Raises NotAllowed, LendingRefused where the borrower was told today."""
    check_librarian(by)
    assert loan.borrower is not None
    if not loan.borrower.is_active:
        raise LendingRefused(f"{loan.borrower.name}的账号已停用，收不到通知，请当面催还。")
    if not tell(loan.borrower, [loan], now):
        raise LendingRefused("今天已经提醒过，或书已归还。")


@transaction.atomic
def tell(borrower: Cadre | None, loans: Iterable[Loan], now: datetime) -> bool:
    """Whether a notice went out: about those loans that nobody else has told about today."""
    assert borrower is not None
    today = shanghai_date(now)
    told = [loan for loan in loans if claim(loan, today)]
    if not told:
        return False
    late = any(loan.due_on < today for loan in told)
    first = told[0].copy.book.quoted
    named = first if len(told) == 1 else f"{first}等 {len(told)} 册"
    lines = [f"{loan.copy.book.quoted}，{due_words(loan.due_on, today)}" for loan in told]
    send(
        recipients=[borrower],
        subject=f"{'借的书已逾期' if late else '借的书快到期了'}：{named}",
        body="\n".join([*lines, "请还到借阅台。" if late else "看不完可以在“我的借阅”续借。"]),
        address=reverse("loans"),
        now=now,
    )
    return True


def tell_of_leavers(*, now: datetime) -> int:
    """One notice per person who left and the books nobody was told of yet; gives the number of people. A transaction
    per person."""
    loans = Loan.objects.of_leavers(shanghai_date(now)).filter(leaver_told_on__isnull=True).select_related("borrower")
    rows = loans.order_by("borrower", "pk")
    return sum(
        tell_of_leaver(borrower, list(group), now) for borrower, group in groupby(rows, key=lambda loan: loan.borrower)
    )


@transaction.atomic
def tell_of_leaver(borrower: Cadre | None, loans: Iterable[Loan], now: datetime) -> bool:
    """Without the titles: the notice stays when the books are back, and then they are nobody's business."""
    assert borrower is not None
    recipients = list(librarians(without=borrower))
    if not recipients:
        return False
    untold = Loan.objects.open().filter(pk__in=[loan.pk for loan in loans], leaver_told_on__isnull=True)
    number = untold.update(leaver_told_on=shanghai_date(now))
    if not number:
        return False
    send(
        recipients=recipients,
        subject=f"{borrower.name}已离岗或账号已停用，还有 {number} 册书没有归还",
        body="请联系本人或所在科室归还；找不到的，在借阅台登记丢失。",
        address=f"{reverse('counter_overdue')}?show=leavers",
        now=now,
    )
    return True


def due_words(due_on: date, today: date) -> str:
    return f"{spoken(due_on)}到期{f'，已逾期 {(today - due_on).days} 天' if due_on < today else ''}"


def claim(loan: Loan, today: date) -> bool:
    """Whoever stores the day first may tell; the loan must still be open and due as it was."""
    untold = Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)
    same = Loan.objects.open().filter(untold, pk=loan.pk, due_on=loan.due_on)
    return same.update(reminded_on=today) == 1
