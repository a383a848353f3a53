"""Who has what: open loans with two overdue, returned ones, one that ended in a loss, and people who wait."""

from datetime import time, timedelta
from random import Random

from organization.models import Cadre
from reading.models import Book, Copy, CopyEvent, Hold, Loan, LoanQuarter
from reading.states import CopyAction, CopyState, HoldState
from shuxiang.demo import DEMO_AGENCY
from shuxiang.demo.library import POPULAR
from shuxiang.demo_reading.moments import Office, next_workday
from shuxiang.periods import Quarter, shanghai_date

LOAN_DAYS = 14
# Borrower, title, days ago, renewals; the last two are overdue.
OPEN = (
    ("YZ020", "论语", 5, 0), ("YZ020", "置身事内", 5, 0), ("YZ012", "乡土中国", 3, 0), ("YZ001", "万历十五年", 9, 0),
    ("YZ011", "史记", 12, 0), ("YZ014", "三体", 2, 0), ("YZ016", "大数据审计入门", 20, 1), ("YZ017", "红楼梦", 8, 0),
    ("YZ021", "人世间", 10, 0), ("YZ022", "额尔古纳河右岸", 6, 0), ("YZ029", "审计案例三十讲", 4, 0),
    ("YZ039", "公文写作", 1, 0), ("YZ041", "苏东坡传", 11, 0), ("YZ024", "曾国藩家书", 20, 0),
    ("YZ034", "我们仨", 24, 0),
)  # fmt: skip
READERS = ("YZ002", "YZ004", "YZ008", "YZ011", "YZ013", "YZ016", "YZ018", "YZ020", "YZ021", "YZ025", "YZ029", "YZ032",
           "YZ033", "YZ035", "YZ038", "YZ039", "YZ041", "YZ043")  # fmt: skip
RETURNED = 26
LOST = ("YZ035", "老人与海", 75, 48)
# Title and who waits for it, in turn, days ago.
QUEUES = (("人世间", (("YZ032", 7), ("YZ002", 4))), ("额尔古纳河右岸", (("YZ018", 3),)))
READY = ("财政审计实务", "YZ033", 6)


def lend_and_hold(office: Office) -> None:
    lent = [lend(office, *row) for row in OPEN]
    lent += give_back_many(office)
    lent.append(lose(office))
    quarters = {(loan.borrower_id, str(Quarter.of(shanghai_date(loan.lent_at)))) for loan in lent if loan.borrower_id}
    LoanQuarter.objects.bulk_create(LoanQuarter(cadre_id=cadre, quarter=quarter) for cadre, quarter in sorted(quarters))
    for title, waiting in QUEUES:
        for number, ago in waiting:
            wait(office, title, number, ago)
    set_aside(office)


def copy_of(title: str) -> Copy:
    """The first on its shelf."""
    return Copy.objects.available().filter(book__title=title).order_by("barcode")[0]


def lend(office: Office, number: str, title: str, ago: int, renewals: int) -> Loan:
    copy, borrower, day = copy_of(title), office.people[number], office.workday(ago)
    Copy.objects.filter(pk=copy.pk).update(state=CopyState.ON_LOAN)
    due = next_workday(day + timedelta(days=LOAN_DAYS * (1 + renewals)))
    return Loan.objects.create(
        copy=copy, borrower=borrower, slot=Loan.objects.open().filter(borrower=borrower).count() + 1,
        lent_at=office.at(day), due_on=due, renewals=renewals,
        lent_by=borrower if ago % 3 == 0 else office.librarian,
        reminded_on=next_workday(due + timedelta(days=1)) if due < office.today else None,
    )  # fmt: skip


def give_back_many(office: Office) -> list[Loan]:
    random = Random(f"{DEMO_AGENCY} loans")
    copies = list(Copy.objects.filter(book__title__in=POPULAR).exclude(book__title=LOST[1]).order_by("barcode"))
    return Loan.objects.bulk_create(
        returned(office, copy, office.people[random.choice(READERS)], random.randint(60, 200), random.randint(4, 16))
        for copy in random.sample(copies, RETURNED)
    )


def returned(office: Office, copy: Copy, borrower: Cadre, ago: int, kept: int, is_lost: bool = False) -> Loan:
    day = office.workday(ago)
    return Loan(
        copy=copy, borrower=borrower, lent_at=office.at(day), due_on=next_workday(day + timedelta(days=LOAN_DAYS)),
        returned_at=office.at(office.workday(ago - kept), time(17, 20)), is_lost=is_lost, lent_by=office.librarian,
        returned_by=office.librarian,
    )  # fmt: skip


def lose(office: Office) -> Loan:
    number, title, ago, found_out = LOST
    copy, day = copy_of(title), office.workday(found_out)
    loan = returned(office, copy, office.people[number], ago, ago - found_out, is_lost=True)
    loan.save(force_insert=True)
    Copy.objects.filter(pk=copy.pk).update(state=CopyState.LOST, left_on=day)
    CopyEvent.objects.create(
        copy=copy, action=CopyAction.LOSE, at=office.at(day, time(17, 20)), actor=office.librarian,
        from_state=CopyState.ON_LOAN, to_state=CopyState.LOST, reason="读者告知丢失，已赔新书款",
    )  # fmt: skip
    return loan


def wait(office: Office, title: str, number: str, ago: int) -> Hold:
    return Hold.objects.create(
        book=Book.objects.get(title=title), cadre=office.people[number], placed_at=office.at(office.day(ago))
    )


def set_aside(office: Office) -> None:
    """A copy came back yesterday and waits at the counter for the one who asked for it."""
    title, number, ago = READY
    copy, ready = copy_of(title), office.at(office.workday(1), time(17, 20))
    hold = wait(office, title, number, ago)
    Hold.objects.filter(pk=hold.pk).update(
        state=HoldState.READY, copy=copy, ready_at=ready, expires_on=next_workday(office.today + timedelta(days=2))
    )
    Copy.objects.filter(pk=copy.pk).update(state=CopyState.SET_ASIDE)
    CopyEvent.objects.create(
        copy=copy, action=CopyAction.SET_ASIDE, at=ready, actor=office.librarian, from_state=CopyState.AVAILABLE,
        to_state=CopyState.SET_ASIDE,
    )  # fmt: skip
