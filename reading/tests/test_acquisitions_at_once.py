"""Several people at one moment: certificates, suggestions of one book, votes, a register beside the counter."""

from functools import partial

import pytest

from organization.roles import Role
from organization.services.lives import Stale
from reading.models import Book, Copy, Donation, Suggestion, Vote
from reading.services.book_register import SPECS, plan_books
from reading.services.catalogue import find_or_add
from reading.services.donating import accept
from reading.services.suggesting import suggest, vote
from reading.tests.acquisitions import ISBN, NOW, TODAY, a_donation, a_suggestion, inspected
from reading.tests.arriving import books_file, row
from reading.tests.factories import PlaceFactory, reader
from shuxiang.tests.races import at_once
from shuxiang.workbooks.importing import run_import
from shuxiang.workbooks.registers import read_register

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]
PEOPLE = 6


def test_certificates_have_numbers_of_their_own():
    librarian, home = reader(Role.LIBRARIAN), PlaceFactory()
    donations = [inspected(a_donation(titles=[f"书{number}"]), librarian) for number in range(PEOPLE)]
    take = partial(accept, home=home, accepted_on=TODAY, by=librarian, now=NOW)
    numbers = at_once(*[partial(take, donation=each) for each in donations])
    assert sorted(numbers) == [f"JZ2026-{number:04}" for number in range(1, PEOPLE + 1)]
    assert Copy.objects.values("barcode").distinct().count() == PEOPLE


def test_one_donation_is_accepted_once():
    librarian, home = reader(Role.LIBRARIAN), PlaceFactory()
    donation = inspected(a_donation(), librarian)
    seen = [Donation.objects.get(pk=donation.pk) for _ in range(PEOPLE)]
    take = partial(accept, home=home, accepted_on=TODAY, by=librarian, now=NOW)
    found = at_once(*[partial(take, donation=each) for each in seen])
    assert [each for each in found if not isinstance(each, Stale)] == ["JZ2026-0001"]
    assert Copy.objects.count() == 1


def test_one_book_is_suggested_once_and_the_others_vote():
    people = [reader() for _ in range(PEOPLE)]
    found = at_once(*[partial(suggest, by=by, title="论语译注", isbn=ISBN, now=NOW) for by in people])
    assert sorted(each.is_new for each in found) == [False] * (PEOPLE - 1) + [True]
    assert (Suggestion.objects.count(), Vote.objects.count()) == (1, PEOPLE - 1)


def test_a_vote_sent_many_times_is_one():
    suggestion, voter = a_suggestion(), reader()
    found = at_once(*[partial(vote, suggestion=suggestion, by=voter, now=NOW)] * PEOPLE)
    assert (found, Vote.objects.count()) == ([None] * PEOPLE, 1)


def test_a_register_and_a_counter_that_bring_one_new_title_enter_it_once(tmp_path):
    librarian = reader(Role.LIBRARIAN)
    register = read_register(books_file(tmp_path, row("论语译注", 作者="杨伯峻")), SPECS)
    import_it = lambda: run_import(register, lambda each: plan_books(each, today=TODAY, now=NOW), dry_run=False)  # noqa: E731
    enter = lambda: find_or_add(book=Book(title="论语译注", author="杨伯峻"), by=librarian)  # noqa: E731
    at_once(lambda work: work(), import_it, *[enter] * (PEOPLE - 1))
    assert (Book.objects.count(), Copy.objects.count()) == (1, 1)
