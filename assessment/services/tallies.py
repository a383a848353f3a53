"""A person's duties against the books that fulfil them: what is handed in, waiting, missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assessment.services.handed import HANDED, handed, is_confirmed, number, sent_back
from assessment.services.owed import Duty
from shuxiang.periods import Quarter
from submissions.kinds import Kind
from submissions.models import Contributor
from submissions.states import State

BEST = [State.APPROVED, State.PENDING, State.DRAFT, State.RETURNED]


@dataclass(frozen=True)
class Tally:
    """A duty against the books of its kind: `handed` are approved or waiting."""

    duty: Duty
    books: Sequence[Contributor]

    @property
    def found(self) -> int:
        """What counts without a book on the shelf: a fixed period's own figure, kinds that are no works."""
        return self.duty.counted if self.duty.fixed or self.duty.kind not in Kind.values else 0

    @cached_property
    def handed(self) -> int:
        return min(max(handed(self.books), self.found), self.duty.due)

    def handed_until(self, period: str) -> int:
        """Of an annual duty in the sheet of a quarter: works of later quarters never count there."""
        if self.duty.quarter is not None:
            return self.handed
        books = [book for book in self.books if book.submission.quarter <= period]
        return min(max(handed(books), self.found), self.duty.due)

    @cached_property
    def waiting(self) -> int:
        return self.handed - min(max(number(self.books, {State.APPROVED}), self.found), self.duty.due)

    @property
    def missing(self) -> int:
        return self.duty.due - self.handed

    @property
    def returned(self) -> int:
        return sent_back(self.books)

    @property
    def outlined(self) -> int:
        """Owed books that nobody has begun."""
        return max(self.duty.due - max(len(self.books), self.found), 0)

    @property
    def begun(self) -> str:
        states = {book.submission.state for book in self.books}
        return "退回待改" if State.RETURNED in states else "草稿待上报" if State.DRAFT in states else ""

    def day(self, today: date) -> date | None:
        """The day by which it can still be closed: the last one, then that of the grace, then none."""
        return next((day for day in (self.duty.last, self.duty.grace) if today <= day), None)


def quarter_of(book: Contributor, today: date) -> str:
    """The quarter's code; a draft stands in the current one."""
    return book.submission.quarter or str(Quarter.of(today))


def is_in(book: Contributor, quarter: Quarter, today: date) -> bool:
    return quarter_of(book, today) == str(quarter)


def books_for(duty: Duty, books: Iterable[Contributor], today: date) -> list[Contributor]:
    return [
        book
        for book in books
        if book.submission.kind == duty.kind and (duty.quarter is None or is_in(book, duty.quarter, today))
    ]


def best_for(tally: Tally) -> list[Contributor]:
    """The books that fulfil a duty, the best ones first; of an annual one they stand in its bay, others in theirs."""
    best = sorted(tally.books, key=lambda book: (not is_confirmed(book), BEST.index(State(book.submission.state))))
    return best[: tally.duty.due]


def filling_of(tallies: Iterable[Tally]) -> set[int]:
    """Ids of the books that fulfil a duty: handed in, as many as are due."""
    kept = (book for tally in tallies for book in best_for(tally))
    return {book.pk for book in kept if book.submission.state in HANDED and is_confirmed(book)}
