"""Lending, returning, renewing: one transaction each, title by title.

Every step locks its title first, so that on PostgreSQL the queue, the copies and the loans of a title change one after
another; on SQLite one writer is let in at a time anyway. The state is changed by compare-and-set all the same, and the
constraints and triggers of the database stand behind it.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from organization.models import Cadre
from organization.services.roles import NotAllowed
from reading.models import Book, Copy, Hold, LendingPolicy, Loan, LoanQuarter
from reading.services.authority import check_librarian, is_librarian, is_reader, why_no_reader
from reading.services.calendar import Calendar
from reading.services.copies import StaleCopy, change_state
from reading.services.queue import lock_title, policy_now, serve_queue, serve_title, set_aside_for, take_back_from
from reading.services.refusals import LendingRefused, StaleLoan
from reading.states import CopyAction, CopyState, HoldState
from shuxiang.periods import Quarter, shanghai_date, spoken

UNDONE_WITHIN = timedelta(minutes=10)
NAMED_TITLES = 3


def check_self_service(by: Cadre, reader: Cadre | None, policy: LendingPolicy) -> None:
    """A librarian for anybody; a reader for himself where the reading room allows it. Raises NotAllowed."""
    if is_librarian(by):
        return
    if by != reader:
        raise NotAllowed("这不是您借的书，请交给图书管理员，或放回架上并告知图书管理员。")
    if not policy.self_service:
        raise NotAllowed("现在不能自助借还，请到借阅台找图书管理员办理。")


def lend(*, copy: Copy, borrower: Cadre, by: Cadre, now: datetime) -> Loan:
    """Fulfils the borrower's own hold of the title with it. Raises NotAllowed, LendingRefused, StaleCopy."""
    policy = policy_now()
    check_self_service(by, borrower, policy)
    # Somebody may wait for a copy that came in otherwise than by a return: it is theirs, whatever follows here.
    serve_title(book_id=copy.book_id, now=now)
    with transaction.atomic():
        book = lock_title(copy.book_id)
        found = Copy.objects.get(pk=copy.pk)
        check_free(found, borrower, book, by)
        check_borrower(borrower, by, now)
        own = Hold.objects.open().of(borrower).filter(book=book).first()
        fulfil(own, found, book, policy, now)
        change_state(copy=found, action=CopyAction.LEND, by=by, now=now)
        return write_loan(found, borrower, by, policy, now)


def check_free(copy: Copy, borrower: Cadre, book: Book, by: Cadre) -> None:
    if copy.state == CopyState.ON_LOAN:
        if Loan.objects.open().filter(copy=copy, borrower=borrower).exists():
            raise LendingRefused(f"{book.quoted}已经借给本人，不用再借。")
        raise LendingRefused(f"{book.quoted}（{copy.barcode}）已经借出，要先归还才能再借；要借请预约。")
    if copy.state == CopyState.SET_ASIDE:
        hold = Hold.objects.ready().filter(copy=copy).select_related("cadre").first()
        if hold is not None and hold.cadre == borrower:
            return
        whom = (
            f"{hold.cadre.name}" if hold is not None and hold.cadre is not None and is_librarian(by) else "预约的同事"
        )
        raise LendingRefused(f"{book.quoted}（{copy.barcode}）留给了{whom}，不能借给别人；要借请预约。")
    if copy.state != CopyState.AVAILABLE:
        raise LendingRefused(
            f"{book.quoted}（{copy.barcode}）登记为“{copy.get_state_display()}”，请先由图书管理员在馆藏里更正。"
        )


def check_borrower(borrower: Cadre, by: Cadre, now: datetime) -> None:
    today = shanghai_date(now)
    who = "您" if by == borrower else borrower.name
    if not is_reader(borrower, today):
        raise LendingRefused(why_no_reader(borrower, who, "借书"))
    late = [loan.copy.book.quoted for loan in Loan.objects.of(borrower).overdue(today).with_book()]
    if late:
        more = f"等 {len(late)} 册" if len(late) > NAMED_TITLES else ""
        raise LendingRefused(f"{who}有逾期未还的书：{'、'.join(late[:NAMED_TITLES])}{more}，还了才能再借。")


def why_not_lent(*, reader: Cadre, policy: LendingPolicy, now: datetime) -> str:
    """The sentence that refuses the reader whatever he would borrow now; empty where nothing does."""
    try:
        check_borrower(reader, reader, now)
        free_slot(reader, reader, policy)
    except LendingRefused as refusal:
        return str(refusal)
    return ""


def fulfil(own: Hold | None, copy: Copy, book: Book, policy: LendingPolicy, now: datetime) -> None:
    """Ends the borrower's hold; another copy that was set aside for it goes to the next in the queue."""
    if own is None:
        return
    closed = {"state": HoldState.FULFILLED, "closed_at": now}
    if Hold.objects.filter(pk=own.pk, state=own.state).update(**closed) != 1:
        raise StaleLoan("预约刚被办理过，请刷新后再试。")
    if own.copy_id is not None and own.copy_id != copy.pk:
        other = Copy.objects.get(pk=own.copy_id)
        change_state(copy=other, action=CopyAction.RELEASE, by=None, now=now)
        serve_queue(book=book, policy=policy, now=now)


def write_loan(copy: Copy, borrower: Cadre, by: Cadre, policy: LendingPolicy, now: datetime) -> Loan:
    """In the lowest free place. Who takes the same at the same moment tries again, and finds it taken."""
    today = shanghai_date(now)
    due_on = Calendar.load(policy, today).due_on(today, policy.loan_days)
    for _ in range(policy.max_loans + 1):
        slot = free_slot(borrower, by, policy)
        try:
            with transaction.atomic():
                loan = Loan.objects.create(
                    copy=copy, borrower=borrower, slot=slot, lent_at=now, due_on=due_on, lent_by=by
                )
        except IntegrityError:
            continue
        quarter = str(Quarter.of(today))
        LoanQuarter.objects.get_or_create(cadre=borrower, quarter=quarter, defaults={"since": now})
        return loan
    raise StaleLoan("同时在办的借书太多，这一册没有借出，请再扫一次。")


def free_slot(borrower: Cadre, by: Cadre, policy: LendingPolicy) -> int:
    taken = set(Loan.objects.open().of(borrower).values_list("slot", flat=True))
    if len(taken) >= policy.max_loans:
        who = "您" if by == borrower else borrower.name
        raise LendingRefused(f"{who}已借满 {policy.max_loans} 册，先归还一册才能再借。")
    return next(number for number in range(1, policy.max_loans + 1) if number not in taken)


@transaction.atomic
def give_back(*, copy: Copy, by: Cadre, now: datetime) -> tuple[Loan, Hold | None]:
    """The loan that ended, and the hold for which the copy is set aside now. Raises NotAllowed, StaleLoan."""
    policy = policy_now()
    book = lock_title(copy.book_id)
    loan = end_loan(copy=copy, by=by, now=now, policy=policy)
    found = Copy.objects.get(pk=copy.pk)
    change_state(copy=found, action=CopyAction.RETURN, by=by, now=now)
    return loan, set_aside_for(copy=found, book=book, policy=policy, now=now)


def end_loan(*, copy: Copy, by: Cadre, now: datetime, policy: LendingPolicy, is_lost: bool = False) -> Loan:
    """In the caller's transaction. Raises NotAllowed, StaleLoan."""
    loan = Loan.objects.open().filter(copy=copy).select_related("borrower", "copy__book").first()
    if loan is None:
        raise StaleLoan(f"{copy.barcode} 没有借出的记录，不用归还；刚才可能已经还过。")
    check_self_service(by, loan.borrower, policy)
    ended = {"returned_at": max(now, loan.lent_at), "returned_by": by, "is_lost": is_lost, "slot": None}
    if Loan.objects.open().filter(pk=loan.pk).update(**ended) != 1:
        raise StaleLoan(f"{copy.barcode} 刚被别人归还过，请刷新。")
    loan.returned_at = ended["returned_at"]  # type: ignore[assignment]
    return loan


@transaction.atomic
def renew(*, loan: Loan, by: Cadre, now: datetime) -> date:
    """The new due date, a loan period after the old one. Raises NotAllowed, LendingRefused, StaleLoan."""
    policy, today = policy_now(), shanghai_date(now)
    check_self_service(by, loan.borrower, policy)
    book = lock_title(loan.copy.book_id)
    if loan.returned_at is not None:
        raise StaleLoan(f"{book.quoted}已经归还，不用续借。")
    if loan.due_on < today:
        raise LendingRefused(f"{book.quoted}已逾期，不能续借，请先归还。")
    if loan.renewals >= policy.max_renewals:
        raise LendingRefused(f"{book.quoted}已续借 {loan.renewals} 次，不能再续，请在 {spoken(loan.due_on)}前归还。")
    waits = Hold.objects.waiting().filter(book=book).exists()
    if waits and not Copy.objects.available().filter(book=book).exists():
        raise LendingRefused(f"有同事在等{book.quoted}，不能续借，请在 {spoken(loan.due_on)}前归还。")
    due_on = Calendar.load(policy, today).due_on(loan.due_on, policy.loan_days)
    same = Loan.objects.open().filter(pk=loan.pk, renewals=loan.renewals, due_on=loan.due_on)
    if same.update(due_on=due_on, renewals=loan.renewals + 1) != 1:
        raise StaleLoan(f"{book.quoted}刚被续借或归还过，请刷新。")
    return due_on


def undoable(by: Cadre, now: datetime) -> Loan | None:
    """The last thing that this librarian lent or took back a moment ago; `returned_at` tells which. None where that
    was a loss, a return for mending, or something that went on since: never an older step in its place."""
    since = now - UNDONE_WITHIN
    lent = Q(returned_at__isnull=True, lent_by=by, lent_at__gte=since)
    back = Q(returned_by=by, returned_at__gte=since)
    done = Loan.objects.filter(lent | back).with_book().select_related("borrower")
    last = done.annotate(moment=Coalesce("returned_at", "lent_at")).order_by("-moment", "-pk").first()
    if last is None or last.returned_at is None:
        return last
    is_free = last.copy.state in (CopyState.AVAILABLE, CopyState.SET_ASIDE)
    return last if is_free and not last.is_lost and last.borrower_id is not None else None


@transaction.atomic
def undo(*, loan: Loan, by: Cadre, now: datetime) -> Loan:
    """Takes back what `undoable` gave: a loan by mistake ends and is nobody's history, a return by mistake is open
    again. Raises NotAllowed, LendingRefused, StaleLoan."""
    check_librarian(by)
    last = undoable(by, now)
    if last is None or last.pk != loan.pk or last.returned_at != loan.returned_at:
        raise StaleLoan("刚才那一步已经不能撤销，请直接借出或归还。")
    policy = policy_now()
    book = lock_title(last.copy.book_id)
    if last.returned_at is None:
        unlend(last, book, policy, by, now)
    else:
        reopen(last, policy, by, now)
    return last


def unlend(loan: Loan, book: Book, policy: LendingPolicy, by: Cadre, now: datetime) -> None:
    end_loan(copy=loan.copy, by=by, now=now, policy=policy)
    assert loan.borrower is not None
    Loan.objects.returned().filter(pk=loan.pk).update(borrower=None, lent_by=None, returned_by=None)
    uncount(loan.borrower, loan.lent_at)
    change_state(copy=Copy.objects.get(pk=loan.copy_id), action=CopyAction.RETURN, by=by, now=now)
    # Back in the queue at the old place: the copy is set aside anew for whoever is first.
    ended = Hold.objects.filter(book=book, cadre=loan.borrower, state=HoldState.FULFILLED, closed_at=loan.lent_at)
    ended.update(state=HoldState.WAITING, closed_at=None, copy=None, ready_at=None, expires_on=None)
    serve_queue(book=book, policy=policy, now=now)


def uncount(borrower: Cadre, lent_at: datetime) -> None:
    """The quarter counts no more where that loan was its first, and another was not lent since."""
    quarter = Quarter.of(shanghai_date(lent_at))
    counted = LoanQuarter.objects.filter(cadre=borrower, quarter=str(quarter), since=lent_at)
    others = Loan.objects.of(borrower).filter(lent_at__date__range=(quarter.span.first, quarter.span.last))
    other = others.order_by("lent_at").first()
    if other is None:
        counted.delete()
    else:
        counted.update(since=other.lent_at)


def reopen(loan: Loan, policy: LendingPolicy, by: Cadre, now: datetime) -> None:
    assert loan.borrower is not None
    copy = Copy.objects.get(pk=loan.copy_id)
    if copy.state == CopyState.SET_ASIDE:
        take_back_from(copy=copy, now=now)
    change_state(copy=copy, action=CopyAction.LEND, by=by, now=now)
    own = Hold.objects.open().of(loan.borrower).filter(book=copy.book_id).first()
    fulfil(own, copy, copy.book, policy, now)
    take_slot_again(loan, policy, by)


def take_slot_again(loan: Loan, policy: LendingPolicy, by: Cadre) -> None:
    """In the lowest free place, as when it was lent: who takes the same at the same moment tries again."""
    assert loan.borrower is not None
    same = Loan.objects.returned().filter(pk=loan.pk, borrower=loan.borrower)
    for _ in range(policy.max_loans + 1):
        slot = free_slot(loan.borrower, by, policy)
        try:
            with transaction.atomic():
                opened = same.update(returned_at=None, returned_by=None, slot=slot)
        except IntegrityError:
            continue
        if opened != 1:
            raise StaleLoan("借阅记录刚被改过，不能撤销。")
        return
    raise StaleLoan("同时在办的借书太多，没有撤销，请再试一次。")


__all__ = ["LendingRefused", "StaleCopy", "StaleLoan", "give_back", "lend", "renew", "undo", "undoable"]
