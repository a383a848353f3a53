"""我的书香's shelf: what a person owes and has handed in in a year, as books in bays.

A book's state is its own, as of now; what the last assessment counted stands in the ledger beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from assessment.engine.service import Exemption
from assessment.models import Period
from assessment.services.owed import Bound, Duty, Grounds, duties_of
from assessment.services.personal import Standing
from assessment.services.spines import ORDER, Spine, rank_of, spine_of
from assessment.services.tallies import Tally, best_for, books_for, filling_of, is_in, quarter_of
from shuxiang.periods import Quarter, Year
from submissions.kinds import Kind
from submissions.models import Contributor
from submissions.states import State

BOOKS_IN_A_BAY = 4
WHOLE_YEAR = "全年"
LAST_MONTH_OF_GRACE = 3  # a scheme's grace days are 60 at most
SHORT = {**{kind.value: kind.short for kind in Kind}, "attendance": "活动", "speaking": "主讲", "plan": "计划"}


@dataclass(frozen=True, slots=True)
class Outline:
    """Books that are owed: `number` of them by `day`, or too late where there is none."""

    kind: str
    word: str
    number: int
    day: date | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class Bay:
    """全年 or a quarter; `more` counts the books of the pile, which may be drafts alone."""

    code: str
    label: str
    outlines: Sequence[Outline] = ()
    spines: Sequence[Spine] = ()
    more: int = 0
    only_drafts: bool = False
    exempt: Exemption | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A line of the 到期单."""

    day: date
    name: str
    missing: int
    begun: str
    days: int
    in_grace: bool


@dataclass(frozen=True)
class Shelf:
    """`gaps` can still be closed, the nearest first; `year_so_far` names the part of the year that counts yet."""

    year_so_far: str
    today: date
    bays: Sequence[Bay]
    tallies: Sequence[Tally]
    gaps: Sequence[Gap]
    exempt: Sequence[tuple[str, Exemption]]

    @property
    def grace_days(self) -> int:
        """How long after a quarter's end a late work is still taken."""
        return max(((tally.duty.grace - tally.duty.last).days for tally in self.tallies), default=0)

    @property
    def sentence(self) -> str:
        """`2026 年应报 5 项，已报 3 项，还差 2 项。第二季度请假，免考核。`"""
        return (self.progress() if self.tallies or not self.exempt else "") + "".join(self.exemptions())

    def progress(self) -> str:
        due = sum(tally.duty.due for tally in self.tallies)
        if not due:
            return f"{self.year_so_far}没有应报任务。"
        done, waiting = (sum(getattr(tally, name) for tally in self.tallies) for name in ("handed", "waiting"))
        returned = sum(min(tally.returned, tally.missing) for tally in self.tallies)
        lapsed = sum(tally.missing for tally in self.tallies if tally.day(self.today) is None)
        parts = [
            f"{self.year_so_far}应报 {due} 项",
            "已全部上报" if done == due else f"已报 {done} 项",
            f"其中 {waiting} 项待审" if waiting else "",
            f"还差 {due - done} 项" if done < due else "",
            f"其中 {returned} 项退回待改" if returned else "",
            f"有 {lapsed} 项已过期限" if lapsed else "",
        ]
        return "，".join(filter(None, parts)) + "。"

    def exemptions(self) -> Iterable[str]:
        """`第一季度、第二季度请假，免考核。`"""
        annual = [each for each in self.exempt if each[0] == WHOLE_YEAR and self.tallies]
        quarters = [each for each in self.exempt if each not in annual]
        yield from (f"全年任务因{exempt.reason}免考核。" for _, exempt in annual)
        for reason, found in groupby(quarters, key=lambda each: each[1].reason):
            yield f"{'、'.join(label for label, _ in found)}{reason}，免考核。"


def with_waiting(standing: Standing, tallies: Iterable[Tally]) -> Standing:
    """The assessed period with what was handed in and is not counted yet, as long as it can still count."""
    if standing.period.state != Period.State.OPEN:
        return standing
    if standing.is_quarter:
        bays, code = (None, standing.period.value), standing.period.code
        found = [(tally.duty.name, tally.handed_until(code)) for tally in tallies if tally.duty.quarter in bays]
    else:
        found = [(tally.duty.name, tally.handed) for tally in tallies]
    quotas = [
        replace(line, waiting=max(sum(number for name, number in found if name == line.name) - line.done, 0))
        for line in standing.quotas
    ]
    return replace(standing, quotas=quotas)


def shelf_of(*, year: int, bounds: Sequence[Bound], books: Iterable[Contributor], today: date) -> Shelf:
    """`bounds` as `duties_of` gives them; `books` are all the person's works, those of other years are left out."""
    own = [book for book in books if stands(book) and quarter_of(book, today).startswith(f"{year}Q")]
    tallies = {id(duty): Tally(duty, books_for(duty, own, today)) for bound in bounds for duty in bound.duties}
    open_ones = sorted(
        (tally for tally in tallies.values() if tally.missing and tally.day(today)),
        key=lambda tally: (tally.day(today), tally.duty.quarter is None),
    )
    soonest = open_ones[0].duty if open_ones else None
    yearly = [book.pk for tally in tallies.values() if tally.duty.quarter is None for book in best_for(tally)]
    by_quarter = {bound.quarter: bound for bound in bounds}
    bays = []
    for quarter in (None, *Year(year).quarters):
        bound = by_quarter.get(quarter, Bound(quarter))
        found = [tallies[id(duty)] for duty in bound.duties]
        here = [
            book
            for book in own
            if (book.pk in yearly if quarter is None else is_in(book, quarter, today) and book.pk not in yearly)
        ]
        bays.append(bay_of(bound, found, here, soonest, today, str(quarter or year)))
    begun = [bound.quarter for bound in bounds if bound.quarter is not None]
    whole = not begun or begun[-1] == Year(year).quarters[-1]
    return Shelf(
        year_so_far=f"{year} 年" if whole else f"{year} 年到{begun[-1].name}",
        today=today,
        bays=bays,
        tallies=list(tallies.values()),
        gaps=[gap_of(tally, today) for tally in open_ones],
        exempt=exemptions_in(bounds),
    )


def exemptions_in(bounds: Sequence[Bound]) -> list[tuple[str, Exemption]]:
    """By label; the year alone where it is exempt and no quarter binds."""
    found = [(label_of(bound.quarter), bound.exempt) for bound in bounds if bound.exempt is not None]
    whole = found and found[0][0] == WHOLE_YEAR and not any(bound.duties for bound in bounds)
    return found[:1] if whole else found


def stands(book: Contributor) -> bool:
    return book.state != Contributor.State.DECLINED and book.submission.state in ORDER


def label_of(quarter: Quarter | None) -> str:
    return WHOLE_YEAR if quarter is None else quarter.name


def bay_of(
    bound: Bound, tallies: Sequence[Tally], books: Sequence[Contributor], soonest: Duty | None, today: date, code: str
) -> Bay:
    outlines = [
        Outline(
            kind=tally.duty.kind,
            word=SHORT.get(tally.duty.kind, tally.duty.name),
            number=tally.outlined,
            day=tally.day(today),
            is_next=tally.duty is soonest,
        )
        for tally in tallies
        if tally.outlined
    ]
    filling = filling_of(tallies)
    ordered = sorted(
        books, key=lambda book: (book.submission.state != State.RETURNED, book.pk not in filling, rank_of(book))
    )
    spines, pile = [spine_of(book) for book in ordered[:BOOKS_IN_A_BAY]], ordered[BOOKS_IN_A_BAY:]
    only_drafts = all(book.submission.state == State.DRAFT for book in pile)
    return Bay(code, label_of(bound.quarter), outlines, spines, len(pile), only_drafts, bound.exempt)


def gap_of(tally: Tally, today: date) -> Gap:
    day, duty = tally.day(today), tally.duty
    assert day is not None
    name = f"{label_of(duty.quarter)}{duty.name}"
    return Gap(day, name, tally.missing, tally.begun, (day - today).days, in_grace=day != duty.last)


def takes_last_year(today: date) -> bool:
    """Whether any scheme could still allow late works for the year before."""
    return today.month <= LAST_MONTH_OF_GRACE


def gaps_of_last_year(
    grounds: Grounds, standings: Mapping[str, Standing], books: Sequence[Contributor], today: date
) -> list[Gap]:
    """What can still be handed in late for the year before."""
    year = today.year - 1
    bounds = duties_of(grounds, year, today, standings)
    gaps = shelf_of(year=year, bounds=bounds, books=books, today=today).gaps
    return [replace(gap, name=f"{year} 年{gap.name}") for gap in gaps]


def works_by_quarter(books: Sequence[Contributor], year: int) -> list[tuple[str, str, list[Contributor]]]:
    """Everything handed in for the year as (code, label, books), the newest quarter first; drafts left out."""
    found = []
    for quarter in reversed(Year(year).quarters):
        here = [book for book in books if book.submission.quarter == str(quarter)]
        handed = [book for book in here if book.submission.state != State.DRAFT]
        if handed:
            found.append((str(quarter), label_of(quarter), handed[::-1]))
    return found
