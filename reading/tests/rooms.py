"""A reading room at a moment, with people and copies, for tests of circulation."""

from datetime import datetime, timedelta

import pytest

from organization.models import Cadre
from organization.roles import Role
from reading.models import Book, Copy, LendingPolicy, Loan
from reading.services import holding, lending
from reading.tests.factories import BookFactory, CopyFactory, reader
from shuxiang.periods import SHANGHAI

# A Wednesday.
NOW = datetime(2024, 3, 6, 9, 0, tzinfo=SHANGHAI)
TODAY = NOW.date()


class Room:
    def __init__(self) -> None:
        self.librarian = reader(Role.LIBRARIAN)
        self.a, self.b, self.c = reader(), reader(), reader()
        self.book: Book = BookFactory(title="论语译注", call_number="B222/1")
        self.copy: Copy = CopyFactory(book=self.book)
        self.now = NOW

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def lend(self, copy: Copy | None = None, to: Cadre | None = None, by: Cadre | None = None) -> Loan:
        return lending.lend(copy=copy or self.copy, borrower=to or self.a, by=by or self.librarian, now=self.now)

    def give_back(self, copy: Copy | None = None, by: Cadre | None = None):
        return lending.give_back(copy=copy or self.copy, by=by or self.librarian, now=self.now)

    def renew(self, loan: Loan, by: Cadre | None = None):
        loan = Loan.objects.select_related("borrower", "copy__book").get(pk=loan.pk)
        return lending.renew(loan=loan, by=by or self.librarian, now=self.now)

    def hold(self, who: Cadre, book: Book | None = None):
        self.later(seconds=1)
        return holding.place_hold(book=book or self.book, reader=who, by=who, now=self.now)

    def state(self, copy: Copy | None = None) -> str:
        return Copy.objects.get(pk=(copy or self.copy).pk).state

    def policy(self, **columns: object) -> None:
        LendingPolicy.objects.update(**columns)


@pytest.fixture
def room(db) -> Room:
    return Room()
