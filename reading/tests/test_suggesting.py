"""The services of suggestions, with two stale copies."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Notice
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from reading.models import Book, Copy, Suggestion, SuggestionEvent, Vote
from reading.services.buying import buy
from reading.services.suggesting import AlreadyHere, decide, edit_suggestion, settle_suggestions, suggest, unvote, vote
from reading.states import SUGGESTION_TRANSITIONS, SuggestionAction, SuggestionState
from reading.tests.acquisitions import ISBN, NOW, OTHER, TODAY, a_suggestion
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.people import librarian

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db


def test_a_second_one_of_the_same_isbn_is_a_vote_for_the_first():
    first, second = reader(), reader()
    made = suggest(by=first, title="论语译注", isbn=ISBN, now=NOW)
    again = suggest(by=second, title="论语", isbn=ISBN, now=NOW)
    assert (made.is_new, again.is_new, again.suggestion) == (True, False, made.suggestion)
    assert list(Vote.objects.values_list("cadre", flat=True)) == [second.pk]
    assert suggest(by=first, title="论语", isbn=ISBN, now=NOW).suggestion == made.suggestion
    assert Suggestion.objects.with_interest(first).get().interest == 2


def test_once_per_basis():
    author = reader()
    made = suggest(by=author, title="论语译注", basis="ZP00001", now=NOW)
    assert suggest(by=author, title="论语译注", basis="ZP00001", now=NOW) == (made.suggestion, False)
    assert suggest(by=author, title="论语译注", basis="ZP00002", now=NOW).is_new


def test_a_book_in_stock_is_told_and_more_copies_may_be_wanted():
    book = CopyFactory(book=BookFactory(isbn=ISBN)).book
    with pytest.raises(AlreadyHere):
        suggest(by=reader(), title="论语译注", isbn=ISBN, now=NOW)
    assert suggest(by=reader(), title="论语译注", isbn=ISBN, more=True, now=NOW).suggestion.book == book


def test_votes_count_once_and_are_taken_back():
    suggestion, voter = a_suggestion(), reader()
    for _ in range(2):
        vote(suggestion=suggestion, by=voter, now=NOW)
    assert Vote.objects.count() == 1
    unvote(suggestion=suggestion, by=voter)
    unvote(suggestion=suggestion, by=voter)
    assert Vote.objects.count() == 0
    with pytest.raises(NotAllowed):
        vote(suggestion=suggestion, by=suggestion.suggested_by, now=NOW)


@pytest.mark.parametrize("state", SuggestionState)
@pytest.mark.parametrize("action", SuggestionAction)
def test_every_state_with_every_action(state, action, librarian):
    book = BookFactory()
    suggestion = a_suggestion()
    Suggestion.objects.filter(pk=suggestion.pk).update(state=state, book=book, reply="原因")
    suggestion.refresh_from_db()
    after = SUGGESTION_TRANSITIONS.get((state, action))
    if after is None:
        with pytest.raises(IllegalStep):
            decide(suggestion=suggestion, action=action, by=librarian, now=NOW, reason="原因")
        return
    decide(suggestion=suggestion, action=action, by=librarian, now=NOW, reason="原因")
    suggestion.refresh_from_db()
    event = suggestion.events.last()
    assert (suggestion.state, event.from_state, event.to_state) == (after, state, after)


def test_the_second_of_two_who_decide_is_told(librarian):
    suggestion = a_suggestion()
    one, other = (Suggestion.objects.get(pk=suggestion.pk) for _ in range(2))
    decide(suggestion=one, action=SuggestionAction.CHOOSE, by=librarian, now=NOW)
    with pytest.raises(Stale):
        decide(suggestion=other, action=SuggestionAction.DECLINE, by=librarian, now=NOW, reason="不合适")
    assert [event.action for event in suggestion.events.all()] == ["suggest", "choose"]


def test_declining_needs_a_reason_and_a_librarian(librarian):
    suggestion = a_suggestion()
    with pytest.raises(ValueError, match="原因"):
        decide(suggestion=suggestion, action=SuggestionAction.DECLINE, by=librarian, now=NOW, reason=" ")
    with pytest.raises(NotAllowed):
        decide(suggestion=suggestion, action=SuggestionAction.DECLINE, by=reader(), now=NOW, reason="不合适")


def test_buying_registers_title_and_copies_and_tells_everybody(librarian):
    suggestion, voter = a_suggestion(isbn=ISBN), reader()
    vote(suggestion=suggestion, by=voter, now=NOW)
    other = Suggestion.objects.get(pk=suggestion.pk)
    buy(suggestion=suggestion, count=2, home=PlaceFactory(), acquired_on=TODAY, clc="B222", by=librarian, now=NOW)
    book = Book.objects.get(isbn=ISBN)
    assert (book.call_number, bool(book.search_text), book.copies.count()) == ("B222/1", True, 2)
    assert [copy.events.get().action for copy in book.copies.all()] == ["register", "register"]
    told = set(Notice.objects.filter(subject__contains="已入藏").values_list("recipient", flat=True))
    assert told == {suggestion.suggested_by_id, voter.pk}
    with pytest.raises(Stale):
        buy(suggestion=other, count=2, home=PlaceFactory(), acquired_on=TODAY, clc="", by=librarian, now=NOW)
    assert Copy.objects.count() == 2


def test_what_a_register_brings_in_settles_what_was_wanted(librarian):
    wanted = a_suggestion(isbn=ISBN)
    chosen = a_suggestion(isbn=OTHER)
    decide(suggestion=chosen, action=SuggestionAction.CHOOSE, by=librarian, now=NOW)
    left = a_suggestion(title="别的书")
    books = [BookFactory(isbn=ISBN), BookFactory(isbn=OTHER), BookFactory()]
    assert settle_suggestions(books, by=None, now=NOW) == 2
    assert settle_suggestions(books, by=None, now=NOW) == 0
    states = [Suggestion.objects.get(pk=each.pk).state for each in (wanted, chosen, left)]
    assert states == ["bought", "bought", "open"]
    assert SuggestionEvent.objects.filter(action="buy", actor=None).count() == 2


def test_settling_asks_the_same_for_any_number_of_books():
    a_suggestion(title="别的书")
    counts = []
    for number in (1, 30):
        books = [BookFactory() for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            settle_suggestions(books, by=None, now=NOW)
        counts.append(len(queries))
    assert counts == [1, 1]


def test_settling_many_asks_the_same_as_settling_one():
    counts = []
    for number in (1, 30):
        books = [BookFactory(isbn=str(9780000000000 + 100 * number + each)) for each in range(number)]
        for book in books:
            vote(suggestion=a_suggestion(isbn=book.isbn), by=reader(), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert settle_suggestions(books, by=None, now=NOW) == number
        counts.append(len([each for each in queries if not each["sql"].startswith("UPDATE")]))
    assert counts[0] == counts[1]
    assert Notice.objects.filter(subject__contains="已入藏").count() == 62


def test_ones_own_is_edited_until_somebody_decides(librarian):
    suggestion = a_suggestion()
    kept = {"isbn": "", "author": "", "publisher": "", "area": None, "reason": "", "now": NOW}
    stale = Suggestion.objects.get(pk=suggestion.pk)
    edit_suggestion(suggestion=suggestion, by=suggestion.suggested_by, title="改过的书名", **kept)
    with pytest.raises(Stale):
        edit_suggestion(suggestion=stale, by=suggestion.suggested_by, title="另一个", **kept)
    with pytest.raises(NotAllowed):
        edit_suggestion(suggestion=suggestion, by=librarian, title="别人的", **kept)
    a_suggestion(isbn=ISBN)
    with pytest.raises(ValueError, match="已有人荐购"):
        edit_suggestion(suggestion=suggestion, by=suggestion.suggested_by, title="书", **{**kept, "isbn": ISBN})
    assert Suggestion.objects.get(pk=suggestion.pk).title == "改过的书名"
