"""Suggestions: their services with two stale copies, their pages, hostile input."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices.models import Notice
from organization.roles import Role
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from reading.models import Book, Copy, Suggestion, SuggestionEvent, Vote
from reading.services.buying import buy
from reading.services.suggesting import (
    AlreadyHere,
    decide,
    edit_suggestion,
    settle_suggestions,
    suggest,
    unvote,
    vote,
)
from reading.states import SUGGESTION_TRANSITIONS, SuggestionAction, SuggestionState
from reading.tests.acquisitions import NOW, TODAY, a_suggestion
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db
ISBN, OTHER = "9787101003048", "9787208171336"


def test_a_second_one_of_the_same_isbn_is_a_vote_for_the_first():
    first, second = reader(), reader()
    made = suggest(by=first, title="论语译注", isbn=ISBN, now=NOW)
    again = suggest(by=second, title="论语", isbn=ISBN, now=NOW)
    assert (made.is_new, again.is_new, again.suggestion) == (True, False, made.suggestion)
    assert list(Vote.objects.values_list("cadre", flat=True)) == [second.pk]
    assert suggest(by=first, title="论语", isbn=ISBN, now=NOW).suggestion == made.suggestion
    assert Suggestion.objects.with_interest(first).get().interest == 2


def test_a_form_sent_twice_makes_one_and_leads_to_the_first(client):
    person = reader()
    client.force_login(person)
    token = client.get(reverse("suggestion_new")).context["token"]
    sent = {"title": "没有 ISBN 的书", "token": token}
    first, second = (client.post(reverse("suggestion_new"), sent) for _ in range(2))
    made = Suggestion.objects.get()
    assert first.url == second.url == reverse("suggestion", args=[made.pk])
    assert (made.token, SuggestionEvent.objects.count(), Vote.objects.count()) == (token, 1, 0)
    client.force_login(reader())
    client.post(reverse("suggestion_new"), sent)
    assert Suggestion.objects.count() == 2


def test_a_refused_form_keeps_its_token(client):
    client.force_login(reader())
    token = client.get(reverse("suggestion_new")).context["token"]
    assert client.post(reverse("suggestion_new"), {"title": "", "token": token}).context["token"] == token


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


def test_the_form_tells_what_is_known_of_an_isbn(client):
    client.force_login(reader())
    book = CopyFactory(book=BookFactory(isbn=ISBN, title="论语译注")).book
    a_suggestion(isbn=OTHER, title="置身事内")
    here = client.get(reverse("suggestion_new"), {"isbn": "978-7-101-00304-8"})
    assert (here.context["in_stock"], here.context["form"]["title"].value()) == (1, book.title)
    assert "已有人荐购" in client.get(reverse("suggestion_new"), {"isbn": OTHER}).content.decode()
    assert "校验位不对" in client.get(reverse("suggestion_new"), {"isbn": "9787101003049"}).content.decode()


def test_looking_an_isbn_up_keeps_what_was_typed_and_sends_nothing(client):
    client.force_login(reader())
    typed = {"action": "look", "isbn": OTHER, "title": "没有的书", "reason": "想看"}
    page = client.post(reverse("suggestion_new"), typed)
    assert (page.context["form"]["title"].value(), page.context["form"]["reason"].value()) == ("没有的书", "想看")
    assert Suggestion.objects.count() == 0
    book = BookFactory(isbn=ISBN, title="论语译注", author="杨伯峻")
    found = client.post(reverse("suggestion_new"), {**typed, "isbn": ISBN})
    assert (found.context["book"], found.context["form"]["title"].value()) == (book, "论语译注")
    assert "校验位不对" in client.post(reverse("suggestion_new"), {**typed, "isbn": "9787101003049"}).content.decode()


def test_suggesting_from_the_page(client):
    viewer = reader()
    client.force_login(viewer)
    book = CopyFactory(book=BookFactory(isbn=ISBN)).book
    refused = client.post(reverse("suggestion_new"), {"isbn": ISBN, "title": "论语译注", "reason": "想看"})
    assert refused.status_code == 200
    assert refused.context["form"]["reason"].value() == "想看"
    client.post(reverse("suggestion_new"), {"isbn": ISBN, "title": "论语译注", "more": "on"})
    assert Suggestion.objects.get().book == book


def test_a_vote_from_the_list_leads_back_to_it(client):
    suggestion = a_suggestion()
    client.force_login(reader())
    url = reverse("suggestion_vote", args=[suggestion.pk])
    sent = client.post(url, {"wanted": "1", "back": "order=newest&q=书\r\nX: y"})
    assert sent.url.startswith("/suggestions/?order=newest&q=")
    assert sent.url.endswith(f"#s{suggestion.pk}")
    assert Vote.objects.count() == 1


def test_a_decision_on_an_old_page_is_told_and_its_words_are_kept(client, librarian):
    suggestion = a_suggestion()
    decide(suggestion=suggestion, action=SuggestionAction.CHOOSE, by=librarian, now=NOW)
    client.force_login(librarian)
    sent = {"action": "decline", "seen": "open", "reason": "写了很久的原因"}
    refused = client.post(reverse("suggestion_decide", args=[suggestion.pk]), sent)
    assert refused.status_code == 409
    assert "写了很久的原因" in refused.content.decode()


@pytest.mark.at(date(2026, 3, 9))
def test_buying_from_the_page(client, librarian):
    suggestion, place = a_suggestion(isbn=ISBN), PlaceFactory()
    client.force_login(librarian)
    url = reverse("suggestion_buy", args=[suggestion.pk])
    sent = {"seen": "open", "count": "2", "acquired_on": "2026-03-09"}
    assert "放在哪里" in client.post(url, sent).content.decode()
    assert "没有找到" in client.post(url, {**sent, "count": "0"}).content.decode()
    assert "不能晚于今天" in client.post(url, {**sent, "acquired_on": "2026-03-10"}).content.decode()
    assert "大类字母开头" in client.post(url, {**sent, "home": place.pk, "clc": "不是分类号"}).content.decode()
    words = client.post(url, {**sent, "home": place.pk}, follow=True).content.decode()
    first, last = Copy.objects.order_by("barcode").values_list("barcode", flat=True)
    assert f'入藏 2 册，条码 {first} 到 {last}，<a href="/labels/?barcodes={first}-{last}">打印书标</a>。' in words


@pytest.mark.at(date(2026, 3, 9))
def test_a_book_that_the_catalogue_has_settles_it_by_call_number(client, librarian):
    suggestion, book = a_suggestion(), CopyFactory(book=BookFactory(call_number="B222/1")).book
    client.force_login(librarian)
    sent = {"seen": "open", "count": "0", "acquired_on": "2026-03-09", "known": "B222/1"}
    assert client.post(reverse("suggestion_buy", args=[suggestion.pk]), sent).status_code == 302
    assert Suggestion.objects.get().book == book


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_told_or_kept(text, client, librarian):
    suggestion = a_suggestion()
    client.force_login(librarian)
    fields = ("isbn", "title", "author", "publisher", "area", "reason", "seen", "action", "known", "count", "home",
              "acquired_on", "clc", "back", "wanted")  # fmt: skip
    sent = dict.fromkeys(fields, text)
    for name in ("suggestion_decide", "suggestion_buy", "suggestion_vote"):
        assert client.post(reverse(name, args=[suggestion.pk]), sent).status_code < 500
    page = client.post(reverse("suggestion_new"), sent)
    assert page.status_code == 200
    assert (
        client.get(reverse("suggestions"), dict.fromkeys(("state", "area", "q", "page", "order"), text)).status_code
        == 200
    )
    assert client.get(reverse("suggestion_new"), dict.fromkeys(("isbn", "title", "author"), text)).status_code == 200
    assert Suggestion.objects.count() == 1


def test_the_list_finds_filters_and_sorts(client):
    viewer = reader()
    client.force_login(viewer)
    few, many = a_suggestion(viewer, title="乡土中国", author="费孝通"), a_suggestion(title="论语译注")
    vote(suggestion=many, by=viewer, now=NOW)
    shown = lambda **address: [each.pk for each in client.get(reverse("suggestions"), address).context["page"]]  # noqa: E731
    assert shown() == [many.pk, few.pk]
    assert shown(q="费孝") == [few.pk]
    assert shown(mine="1") == [few.pk]
    assert shown(state="bought") == []
    assert shown(state="all", order="newest") == [many.pk, few.pk]


def test_as_many_queries_for_thirty_as_for_one(client):
    client.force_login(reader(Role.OFFICE))
    counts = []
    for number in (1, 29):
        for _ in range(number):
            a_suggestion()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("suggestions")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_the_reason_of_a_suggestion_stands_under_its_name(client):
    client.force_login(reader())
    page = client.get(f"/suggestions/{a_suggestion(reason='案头常用').pk}/").content.decode()
    assert "<dt>荐购理由</dt><dd>案头常用</dd>" in page
