"""The pages of suggestions, hostile input."""

from datetime import date

import pytest
from django.urls import reverse

from organization.roles import Role
from reading.models import Copy, Suggestion, SuggestionEvent, Vote
from reading.services.suggesting import decide, vote
from reading.states import SuggestionAction
from reading.tests.acquisitions import ISBN, NOW, OTHER, a_suggestion
from reading.tests.factories import BookFactory, CopyFactory, PlaceFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian
from shuxiang.tests.queries import queries

__all__ = ["librarian"]
pytestmark = pytest.mark.django_db


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
        counts.append(queries(client, reverse("suggestions")))
    assert counts[0] == counts[1] <= 10


def test_the_reason_of_a_suggestion_stands_under_its_name(client):
    client.force_login(reader())
    page = client.get(f"/suggestions/{a_suggestion(reason='案头常用').pk}/").content.decode()
    assert "<dt>荐购理由</dt><dd>案头常用</dd>" in page
