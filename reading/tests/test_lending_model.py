"""Lending against a plain model of it: any order of steps leaves both alike."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from reading.models import Copy, Hold, Loan
from reading.services.copies import StaleCopy
from reading.services.holding import cancel_hold, expire_holds
from reading.services.lending import LendingRefused
from reading.services.losing import lose_on_loan
from reading.states import CopyState
from reading.tests.factories import BookFactory, CopyFactory
from reading.tests.rooms import Room
from shuxiang.tests.fixtures import SOAK

PEOPLE, COPIES, LIMIT = 3, 5, 2
PERSON, COPY = st.integers(0, PEOPLE - 1), st.integers(0, COPIES - 1)


class Lending(RuleBasedStateMachine):
    """The model: who has which copy, who waits for which title in which order, for whom a copy is set aside."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.room = Room()
        self.room.policy(max_loans=LIMIT, loan_days=365)
        self.people = [self.room.a, self.room.b, self.room.c]
        books = [BookFactory(), BookFactory()]
        self.copies = [CopyFactory(book=books[number % 2]) for number in range(COPIES)]
        self.out: dict[int, int] = {}
        self.aside: dict[int, int] = {}
        self.lost: set[int] = set()
        self.queues: dict[int, list[int]] = {0: [], 1: []}

    def teardown(self) -> None:
        """Every example has a room of its own."""
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def free(self, title: int) -> list[int]:
        taken = {*self.out, *self.aside, *self.lost}
        return [number for number in range(COPIES) if number % 2 == title and number not in taken]

    def serve(self, title: int) -> None:
        while self.queues[title] and self.free(title):
            self.aside[self.free(title)[0]] = self.queues[title].pop(0)

    def done(self, step) -> bool:
        self.room.later(seconds=1)
        try:
            step()
        except (LendingRefused, StaleCopy):
            return False
        return True

    @rule(copy=COPY, person=PERSON)
    def lend(self, copy: int, person: int) -> None:
        title = copy % 2
        mine = list(self.out.values()).count(person)
        may = copy not in self.out and copy not in self.lost and mine < LIMIT
        may = may and self.aside.get(copy, person) == person
        assert self.done(lambda: self.room.lend(self.copies[copy], self.people[person])) == may
        if may:
            self.aside = {number: who for number, who in self.aside.items() if number % 2 != title or who != person}
            self.out[copy] = person
            self.serve(title)

    @rule(copy=COPY)
    def give_back(self, copy: int) -> None:
        assert self.done(lambda: self.room.give_back(self.copies[copy])) == (copy in self.out)
        if self.out.pop(copy, None) is not None and self.queues[copy % 2]:
            self.aside[copy] = self.queues[copy % 2].pop(0)

    @rule(title=st.integers(0, 1), person=PERSON)
    def hold(self, title: int, person: int) -> None:
        has = any(who == person and number % 2 == title for number, who in [*self.out.items(), *self.aside.items()])
        stock = any(number % 2 == title and number not in self.lost for number in range(COPIES))
        may = not has and person not in self.queues[title] and not self.free(title) and stock
        book = self.copies[title].book
        assert self.done(lambda: self.room.hold(self.people[person], book)) == may
        if may:
            self.queues[title].append(person)

    @precondition(lambda self: Hold.objects.open().exists())
    @rule(number=st.integers(0, 5))
    def cancel(self, number: int) -> None:
        holds = list(Hold.objects.open().select_related("cadre", "book").order_by("pk"))
        hold = holds[number % len(holds)]
        assert self.done(lambda: cancel_hold(hold=hold, by=hold.cadre, now=self.room.now))
        person = self.people.index(hold.cadre)
        title = [self.copies[0].book, self.copies[1].book].index(hold.book)
        if person in self.queues[title]:
            self.queues[title].remove(person)
        self.aside = {each: who for each, who in self.aside.items() if each % 2 != title or who != person}
        self.serve(title)

    @precondition(lambda self: self.aside)
    @rule()
    def expire(self) -> None:
        late = dict(self.aside)
        self.room.later(seconds=1)
        assert expire_holds(now=self.room.now + timedelta(days=20)) >= len(late)
        self.aside, self.queues = {}, {0: [], 1: []}
        self.after_expiry()

    def after_expiry(self) -> None:
        """Those served on the way are set aside now; the rows say for whom, the invariants whether that is right."""
        for hold in Hold.objects.open().select_related("copy", "cadre", "book").order_by("placed_at"):
            person = self.people.index(hold.cadre)
            if hold.copy is not None:
                self.aside[self.copies.index(hold.copy)] = person
            else:
                self.queues[int(hold.book == self.copies[1].book)].append(person)

    @precondition(lambda self: self.out)
    @rule(number=st.integers(0, 5))
    def lose(self, number: int) -> None:
        copy = sorted(self.out)[number % len(self.out)]
        loan = Loan.objects.open().get(copy=self.copies[copy])
        assert self.done(lambda: lose_on_loan(loan=loan, by=self.room.librarian, now=self.room.now))
        del self.out[copy]
        self.lost.add(copy)

    @invariant()
    def alike(self) -> None:
        states = dict(Copy.objects.values_list("pk", "state"))
        for number, copy in enumerate(self.copies):
            expected = (
                CopyState.ON_LOAN if number in self.out else CopyState.SET_ASIDE if number in self.aside else None
            )
            expected = expected or (CopyState.LOST if number in self.lost else CopyState.AVAILABLE)
            assert states[copy.pk] == expected
        loans = {self.copies.index(loan.copy): self.people.index(loan.borrower) for loan in Loan.objects.open()}
        ready = {self.copies.index(hold.copy): self.people.index(hold.cadre) for hold in Hold.objects.ready()}
        assert (loans, ready) == (self.out, self.aside)
        for title, queue in self.queues.items():
            waiting = Hold.objects.waiting().filter(book=self.copies[title].book)
            assert [self.people.index(hold.cadre) for hold in waiting] == queue
            assert not (queue and self.free(title))


@pytest.mark.django_db
@pytest.mark.soak
def test_lending_is_as_its_model():
    examples = 100 if SOAK else 3
    asked = settings(max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=[*HealthCheck])
    run_state_machine_as_test(Lending, settings=asked)
