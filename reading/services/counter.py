"""One field for everything at the counter: what was scanned or typed, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef

from organization.models import Cadre, Posting
from organization.services.roles import NotAllowed
from reading.models import Copy, Hold, Loan
from reading.services.authority import check_librarian
from reading.services.barcodes import copy_by, read_code
from reading.services.copies import StaleCopy
from reading.services.lending import give_back, lend, renew, undo, undoable
from reading.services.listing import told_apart
from reading.services.refusals import LendingRefused
from reading.states import CopyState
from shuxiang.periods import shanghai_date, spoken
from shuxiang.rows import by_code_point
from shuxiang.searches import bare, is_named

MOST_FOUND = 20


class Mode(models.TextChoices):
    AUTO = "auto", "自动"
    LEND = "lend", "借出"
    RETURN = "return", "归还"
    RENEW = "renew", "续借"


# Typed instead of a scan, so that nobody needs a mouse: signs of the number pad, or the words.
MODE_SIGNS = {"*": Mode.AUTO, "+": Mode.LEND, "-": Mode.RETURN, "=": Mode.RENEW}
MODE_WORDS = {mode.label: mode for mode in Mode}
NEXT_PERSON = {"/", "换人"}
UNDO = {".", "。", "撤销"}


@dataclass(frozen=True)
class Outcome:
    """`level` is done, told or wrong. `search` is what to choose a person by."""

    level: str
    words: str
    mode: Mode
    person: Cadre | None
    search: str = ""


def readers() -> models.QuerySet[Cadre]:
    """Everybody who is or was posted; administrators' accounts are not."""
    return Cadre.objects.filter(Exists(Posting.objects.filter(cadre=OuterRef("pk"))))


def person_by(number: str) -> Cadre | None:
    return readers().filter(employee_number__iexact=number).first()


def people_by(query: str, among: models.QuerySet[Cadre] | None = None) -> list[Cadre]:
    """By a part of the name or of the 工号, or by the beginning of the name's pinyin or initials; among all readers
    where nobody else is named."""
    wanted = bare(query)
    if not wanted:
        return []
    people = (readers() if among is None else among).filter(is_active=True)
    people = people.order_by(by_code_point("name"), by_code_point("employee_number"))
    return [cadre for cadre in people if is_named(wanted, cadre.name, cadre.employee_number)][:MOST_FOUND]


def scan(*, text: str, mode: Mode, person: Cadre | None, by: Cadre, now: datetime) -> Outcome:
    """Does what the scan asks for, or says what to do instead. Raises NotAllowed for who is no librarian."""
    check_librarian(by)
    code = read_code(text)
    chosen = MODE_SIGNS.get(code) or MODE_WORDS.get(code)
    if not code:
        return Outcome("told", "没有扫到内容，请再扫一次。", mode, person)
    if chosen is not None:
        return Outcome("told", f"现在是“{chosen.label}”。", chosen, person)
    if code in NEXT_PERSON:
        return Outcome("told", "请扫下一位的工号。", mode, None)
    if code in UNDO:
        return undo_last(mode=mode, person=person, by=by, now=now)
    copy = copy_by(code)
    if copy is not None:
        return at_copy(copy, mode, person, by, now)
    found = person_by(code)
    if found is not None:
        return Outcome("told", f"{found.name}，请扫书。", mode, found)
    return at_name(code, mode, person)


def at_name(code: str, mode: Mode, person: Cadre | None) -> Outcome:
    people = people_by(code)
    if len(people) == 1:
        return Outcome("told", f"{people[0].name}，请扫书。", mode, people[0])
    if people:
        return Outcome("told", f"“{code}”找到 {len(people)} 位，请选一位。", mode, person, search=code)
    words = f"“{code}”不是条码、工号，也不是姓名。书没有条码的请先在目录里登记；读者请输入工号、姓名或拼音首字母。"
    return Outcome("wrong", words, mode, person)


def undo_last(*, mode: Mode, person: Cadre | None, by: Cadre, now: datetime) -> Outcome:
    check_librarian(by)
    last = undoable(by, now)
    if last is None:
        return Outcome("wrong", "没有可以撤销的：只能撤销自己十分钟内的上一步借出或归还。", mode, person)
    was_lent = last.returned_at is None
    try:
        undo(loan=last, by=by, now=now)
    except (LendingRefused, StaleCopy) as refusal:
        return Outcome("wrong", str(refusal), mode, person)
    what = f"借出，{whereabouts(last.copy_id, now)}" if was_lent else "归还，书仍算借出。"
    return Outcome("done", f"已撤销{last.copy.book.quoted}的{what}", mode, person)


def whereabouts(copy_id: int, now: datetime) -> str:
    """Where a copy that nobody has at home belongs now."""
    copy = Copy.objects.select_related("home").get(pk=copy_id)
    kept = kept_for(copy, now)
    return f"书现在待取，{kept}" if kept else f"书现在{copy.get_state_display()}，请放回{copy.home}。"


def kept_for(copy: Copy, now: datetime) -> str:
    """For whom it stands on the hold shelf, and until when; empty where for nobody."""
    hold = Hold.objects.ready().filter(copy=copy).select_related("cadre").first()
    if hold is None or hold.cadre is None or hold.expires_on is None:
        return ""
    today = shanghai_date(now)
    late = "，已过期" if hold.expires_on < today else ""
    return f"留给{told_apart(hold.cadre, today)}，请放到预约架，保留到 {spoken(hold.expires_on)}{late}。"


def at_copy(copy: Copy, mode: Mode, person: Cadre | None, by: Cadre, now: datetime) -> Outcome:
    loan = Loan.objects.open().filter(copy=copy).select_related("borrower", "copy__book").first()
    try:
        level, words = act(copy, loan, mode, person, by, now)
    except (LendingRefused, StaleCopy, NotAllowed) as refusal:
        level, words = "wrong", str(refusal)
    return Outcome(level, words, mode, person)


def act(copy: Copy, loan: Loan | None, mode: Mode, person: Cadre | None, by: Cadre, now: datetime) -> tuple[str, str]:
    title = copy.book.quoted
    if loan is None and (person is None or mode in (Mode.RETURN, Mode.RENEW)) and (kept := kept_for(copy, now)):
        return "told", f"{title}待取，{kept}要借给本人请先扫工号。"
    if mode == Mode.RETURN or (mode == Mode.AUTO and person is None and loan is not None):
        return take_back(copy, by, now)
    if mode == Mode.RENEW:
        if loan is None:
            return "wrong", f"{title}没有借出，不用续借。"
        due_on = renew(loan=loan, by=by, now=now)
        return "done", f"已续借{title}，{spoken(due_on)}前归还。"
    if person is None:
        place = f"，放在{copy.home}" if copy.state == CopyState.AVAILABLE else ""
        return "told", f"{title}（{copy.get_state_display()}{place}）。要借出请先扫读者的工号。"
    if loan is not None and loan.borrower == person:
        return "told", f"{title}已经借给{person.name}，{spoken(loan.due_on)}前归还。要归还请先输入减号（归还）再扫。"
    if loan is not None and loan.borrower is not None:
        return "wrong", f"{title}还登记在{loan.borrower.name}名下，没有借出。请先输入减号（归还）再扫，然后重新借出。"
    made = lend(copy=copy, borrower=person, by=by, now=now)
    return "done", f"已借出{title}给{person.name}，{spoken(made.due_on)}前归还。"


def take_back(copy: Copy, by: Cadre, now: datetime) -> tuple[str, str]:
    loan, hold = give_back(copy=copy, by=by, now=now)
    assert loan.borrower is not None
    late = "（逾期归还）" if loan.returned_at and loan.due_on < shanghai_date(loan.returned_at) else ""
    words = f"已归还{copy.book.quoted}，{loan.borrower.name}{late}。"
    if hold is None:
        return (
            "done",
            f"{words}请放回{copy.home}{'，索书号 ' + copy.book.call_number if copy.book.call_number else ''}。",
        )
    return "done", f"{words}这册{kept_for(copy, now)}"
