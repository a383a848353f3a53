"""Many lend, return, renew, hold and cancel at one moment, again and again, on a database of its own.

    python -m reading.tests.lending_races [--server postgres://…/postgres] [--rounds 200] [--threads 50]

Last line: what was tried, done and refused, and what must never be: double=0 lost_holds=0 unbalanced=0 over_limit=0
errors=0; the exit code is 1 where one of these is not 0.
"""

import random
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

from shuxiang.tests.races import Arena, Scene, Step, compete, options, scratch_database, tell

TITLES = 4
COPIES = 2
LIMIT = 3
FAULTS = ("double", "lost_holds", "unbalanced", "over_limit", "errors")


class Room(Arena):
    """Titles with their copies, readers, a librarian, and what a round does."""

    def __init__(self, threads: int) -> None:
        from organization.roles import Role
        from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
        from reading.services.copies import StaleCopy
        from reading.services.refusals import LendingRefused
        from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory

        super().__init__((LendingRefused, StaleCopy))
        department, home = DepartmentFactory(parent=bureau()), PlaceFactory()
        self.librarian = CadreFactory(roles=[Role.LIBRARIAN], department=department)
        self.readers = [CadreFactory(department=department) for _ in range(max(threads, 4))]
        self.books = [BookFactory() for _ in range(TITLES)]
        self.copies = [CopyFactory(book=book, home=home) for book in self.books for _ in range(COPIES)]
        self.singles = [CopyFactory(home=home) for _ in range(max(threads, LIMIT + 2))]
        self.placed: list[int] = []

    def clear(self) -> None:
        from reading.models import Copy, Hold, Loan
        from reading.states import CopyState

        self.placed.clear()
        Loan.objects.all().delete()
        Hold.objects.all().delete()
        Copy.objects.update(state=CopyState.AVAILABLE)

    def lend(self, copy: Any, reader: Any) -> Any:
        from reading.services.lending import lend

        return lend(copy=copy, borrower=reader, by=self.librarian, now=self.tick())

    def give_back(self, copy: Any) -> None:
        from reading.services.lending import give_back

        give_back(copy=copy, by=self.librarian, now=self.tick())

    def hold(self, book: Any, reader: Any) -> Any:
        from reading.services.holding import place_hold

        made = place_hold(book=book, reader=reader, by=reader, now=self.tick())
        self.placed.append(made.pk)
        return made

    def cancel(self, hold: Any) -> None:
        from reading.models import Hold
        from reading.services.holding import cancel_hold

        cancel_hold(
            hold=Hold.objects.select_related("cadre", "book").get(pk=hold.pk), by=self.librarian, now=self.tick()
        )

    def renew(self, loan: Any) -> None:
        from reading.models import Loan
        from reading.services.lending import renew

        found = Loan.objects.select_related("borrower", "copy__book").get(pk=loan.pk)
        renew(loan=found, by=self.librarian, now=self.tick() + timedelta(days=3))

    # Each scene gives one step per thread.

    def one_copy_for_all(self, threads: int) -> list[Step]:
        return [lambda reader=reader: self.lend(self.singles[0], reader) for reader in self.readers[:threads]]

    def one_reader_takes_all(self, threads: int) -> list[Step]:
        return [lambda copy=copy: self.lend(copy, self.readers[0]) for copy in self.singles[:threads]]

    def return_against_holds(self, threads: int) -> list[Step]:
        copy, first = self.singles[1], self.readers[0]
        self.lend(copy, first)
        steps: list[Step] = [lambda: self.give_back(copy)]
        return steps + [lambda reader=reader: self.hold(copy.book, reader) for reader in self.readers[1:threads]]

    def renew_against_holds(self, threads: int) -> list[Step]:
        copy = self.singles[2]
        loan = self.lend(copy, self.readers[0])
        steps: list[Step] = [lambda: self.renew(loan), lambda: self.give_back(copy)]
        return steps + [lambda reader=reader: self.hold(copy.book, reader) for reader in self.readers[1 : threads - 1]]

    def cancel_against_serving(self, threads: int) -> list[Step]:
        copy = self.singles[3]
        self.lend(copy, self.readers[-1])
        holds = [self.hold(copy.book, reader) for reader in self.readers[: threads // 2]]
        steps: list[Step] = [lambda: self.give_back(copy)]
        steps += [lambda hold=hold: self.cancel(hold) for hold in holds]
        return (steps + [lambda: self.lend(copy, self.readers[0])] * threads)[:threads]

    def anything(self, threads: int) -> list[Step]:
        from reading.models import Hold, Loan
        from reading.services.holding import expire_holds

        for copy, reader in zip(self.copies[:4], self.readers, strict=False):
            self.lend(copy, reader)

        def step() -> None:
            copy, reader = random.choice(self.copies), random.choice(self.readers)
            kind = random.randrange(6)
            if kind == 0:
                self.lend(copy, reader)
            elif kind == 1:
                self.give_back(copy)
            elif kind == 2:
                self.hold(copy.book, reader)
            elif kind == 3:
                for hold in Hold.objects.open().order_by("?")[:1]:
                    self.cancel(hold)
            elif kind == 4:
                for loan in Loan.objects.open().order_by("?")[:1]:
                    self.renew(loan)
            else:
                expire_holds(now=self.tick() + timedelta(days=random.choice([0, 30])))

        return [step] * threads

    def scenes(self) -> list[Scene]:
        return [
            self.one_copy_for_all,
            self.one_reader_takes_all,
            self.return_against_holds,
            self.renew_against_holds,
            self.cancel_against_serving,
            self.anything,
        ]

    def judge(self, scene: str, threads: int) -> None:
        from reading.models import Copy, Hold, Loan
        from reading.states import CopyState, HoldState

        loans = Counter(Loan.objects.open().values_list("copy", flat=True))
        ready = Counter(Hold.objects.ready().values_list("copy", flat=True))
        states = dict(Copy.objects.values_list("pk", "state"))
        self.counts["double"] += sum(number > 1 for number in loans.values())
        out = {pk for pk, state in states.items() if state == CopyState.ON_LOAN}
        aside = {pk for pk, state in states.items() if state == CopyState.SET_ASIDE}
        free = {pk for pk, state in states.items() if state == CopyState.AVAILABLE}
        self.counts["unbalanced"] += set(loans) != out or set(ready) != aside
        self.counts["unbalanced"] += len(out) + len(aside) + len(free) != len(states)
        people = Counter(Loan.objects.open().values_list("borrower", flat=True))
        self.counts["over_limit"] += sum(number > LIMIT for number in people.values())
        waiting = set(Hold.objects.waiting().values_list("book", flat=True))
        kept = set(Hold.objects.values_list("pk", flat=True))
        idle = Copy.objects.available().filter(book__in=waiting).count()
        self.counts["lost_holds"] += idle + len(set(self.placed) - kept)
        self.counts["lost_holds"] += Hold.objects.filter(state=HoldState.READY, copy=None).count()
        if scene == "one_copy_for_all":
            self.counts["double"] += sum(loans.values()) != 1
        if scene == "one_reader_takes_all":
            self.counts["over_limit"] += sum(loans.values()) != min(LIMIT, threads)


def main() -> int:
    asked = options(rounds=200, threads=50)
    with scratch_database(asked.server):
        room = Room(asked.threads)
        compete(room, asked.rounds, asked.threads)
    counts = {name: room.counts[name] for name in ("done", "refused", *FAULTS)}
    tried = {"rounds": asked.rounds, "threads": asked.threads, "tries": asked.rounds * asked.threads}
    return tell(tried | counts, FAULTS)


if __name__ == "__main__":
    sys.exit(main())
