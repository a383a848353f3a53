"""Who has what, through the counter's services day by day: open loans with two overdue, returned ones, one that ended
in a loss, people who wait, and one for whom a copy was set aside.
"""

from collections.abc import Iterator
from datetime import datetime, time
from random import Random

from reading.models import Book, Copy, Loan
from reading.services.holding import place_hold
from reading.services.lending import give_back, lend, renew
from reading.services.losing import lose_on_loan
from reading.services.reminding import remind_borrowers
from shuxiang.demo import DEMO_AGENCY
from shuxiang.demo.library import POPULAR
from shuxiang.demo_reading.moments import Deed, Office, live_through

# Borrower, title, days ago; the last two are overdue.
OPEN = (
    ("YZ020", "论语", 5), ("YZ020", "置身事内", 5), ("YZ012", "乡土中国", 3), ("YZ001", "万历十五年", 9),
    ("YZ011", "史记", 12), ("YZ014", "三体", 2), ("YZ016", "大数据审计入门", 20), ("YZ017", "红楼梦", 8),
    ("YZ021", "人世间", 10), ("YZ022", "天工开物", 6), ("YZ029", "审计案例三十讲", 4),
    ("YZ039", "公文写作", 1), ("YZ041", "苏东坡传", 11), ("YZ024", "曾国藩家书", 20), ("YZ034", "我们仨", 24),
)  # fmt: skip
RENEWED = ("YZ016", "大数据审计入门", 9)
READERS = ("YZ002", "YZ004", "YZ008", "YZ011", "YZ013", "YZ016", "YZ018", "YZ020", "YZ021", "YZ025", "YZ029", "YZ032",
           "YZ033", "YZ038", "YZ039", "YZ041", "YZ043")  # fmt: skip
# The first of them so many days ago, then every few days.
RETURNED, FIRST, EVERY = 26, 196, 5
LOST = ("YZ035", "老人与海", 75, 48)
# Title and who waits for it, in turn, days ago.
QUEUES = (("人世间", (("YZ032", 7), ("YZ002", 4))), ("天工开物", (("YZ018", 3),)))
# It came back lately, and waits at the counter for the one who asked for it.
AWAITED, BEFORE, LENT, ASKED_BY, ASKED = "财政审计实务", "YZ038", 13, "YZ033", 6
REMINDED = (8, 1)
MORNING, EVENING = time(8), time(17, 20)


def lend_and_hold(office: Office) -> None:
    live_through([*still_out(office), *given_back(office), *waited_for(office), *reminders(office)])


def lending(office: Office, number: str, title: str, ago: int, by_oneself: bool = False) -> Deed:
    person = office.people[number]
    by = person if by_oneself else office.librarian

    def do(now: datetime) -> None:
        copy = Copy.objects.available().filter(book__title=title).order_by("barcode")[0]
        lend(copy=copy, borrower=person, by=by, now=now)

    return office.at(office.workday(ago)), do


def loan_of(office: Office, number: str, title: str) -> Loan:
    return Loan.objects.open().of(office.people[number]).select_related("copy", "borrower").get(copy__book__title=title)


def returning(office: Office, number: str, title: str, ago: int) -> Deed:
    def do(now: datetime) -> None:
        give_back(copy=loan_of(office, number, title).copy, by=office.librarian, now=now)

    return office.at(office.workday(ago), EVENING), do


def still_out(office: Office) -> Iterator[Deed]:
    for place, (number, title, ago) in enumerate(OPEN):
        yield lending(office, number, title, ago, by_oneself=place % 3 == 1)
    number, title, ago = RENEWED
    yield (
        office.at(office.workday(ago)),
        lambda now: renew(loan=loan_of(office, number, title), by=office.people[number], now=now),
    )


def given_back(office: Office) -> Iterator[Deed]:
    random = Random(f"{DEMO_AGENCY} loans")
    titles = [title for title in POPULAR if title != LOST[1]]
    for place in range(RETURNED):
        round_, turn = divmod(place, len(READERS))
        number, title = READERS[turn], titles[(place * 5 + round_ * 3) % len(titles)]
        ago = FIRST - EVERY * place
        yield lending(office, number, title, ago, by_oneself=random.random() < 0.3)
        yield returning(office, number, title, ago - random.randint(4, 13))
    yield from lost(office)


def lost(office: Office) -> Iterator[Deed]:
    number, title, ago, found_out = LOST
    yield lending(office, number, title, ago)
    yield (
        office.at(office.workday(found_out), EVENING),
        lambda now: lose_on_loan(
            loan=loan_of(office, number, title), by=office.librarian, now=now, reason="读者告知丢失，已赔新书"
        ),
    )


def waited_for(office: Office) -> Iterator[Deed]:
    for title, people in QUEUES:
        for number, ago in people:
            yield asking(office, title, number, ago)
    yield lending(office, BEFORE, AWAITED, LENT)
    yield asking(office, AWAITED, ASKED_BY, ASKED)
    yield returning(office, BEFORE, AWAITED, 1)


def asking(office: Office, title: str, number: str, ago: int) -> Deed:
    person = office.people[number]

    def do(now: datetime) -> None:
        place_hold(book=Book.objects.get(title=title), reader=person, by=person, now=now)

    return office.at(office.day(ago), EVENING), do


def reminders(office: Office) -> Iterator[Deed]:
    """As the clock sends them; only what people would still find among their notices."""
    for ago in REMINDED:
        yield office.at(office.day(ago), MORNING), lambda now: remind_borrowers(now=now)
