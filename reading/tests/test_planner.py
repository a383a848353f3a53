"""The renewal planner: candidates of all sources merged and ranked, chosen, and handed to the bookshop."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Hold, SubjectArea, Suggestion
from reading.services import candidates
from reading.services.buying_list import Picked, choose
from reading.services.candidates import Candidate, add_source
from reading.services.planner import plan
from reading.services.renewal import gauge_of
from reading.services.suggesting import decide, settle_suggestions, vote
from reading.states import CopyState, SuggestionAction
from reading.tests.acquisitions import ISBN, NOW, OTHER, TODAY, a_suggestion
from reading.tests.factories import BookFactory, CopyFactory, reader
from reading.tests.hostile import HOSTILE
from reading.tests.people import librarian
from shuxiang.tests.queries import queries

__all__ = ["librarian"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


@pytest.fixture
def source():
    """What a floor above would offer."""
    offered = []
    provider = lambda today: list(offered)  # noqa: E731
    add_source(provider)
    add_source(provider)
    yield offered
    candidates._sources.remove(provider)
    assert provider not in candidates._sources


def planned():
    return plan(gauge_of(year=2026, today=TODAY).renewal, TODAY)


def test_sources_are_asked_for_the_day_of_the_plan(monkeypatch):
    asked = []
    monkeypatch.setattr(candidates, "_sources", [lambda today: asked.append(today) or []])
    planned()
    assert asked == [TODAY]


def test_candidates_of_one_book_are_one_row(source):
    people = [reader() for _ in range(3)]
    suggestion = a_suggestion(people[0], title="论语译注", isbn=ISBN)
    vote(suggestion=suggestion, by=people[1], now=NOW)
    by_isbn = Candidate(
        "论语", isbn=ISBN, people=frozenset({people[1].pk, people[2].pk}), basis="ZP1", reason="推荐作品"
    )
    source += [by_isbn, Candidate("《论语译注》", people=frozenset({people[2].pk}), since=NOW)]
    row = planned().rows[0]
    assert len(planned().rows) == 1
    assert (row.suggestion_id, row.interest, row.basis, row.counts) == (suggestion.pk, 3, "ZP1", True)


def test_most_people_first_then_the_longest_waiting(source):
    early = a_suggestion(title="早")
    late = Candidate("晚", people=frozenset({1}), since=NOW + timedelta(days=1))
    source += [late, Candidate("多", people=frozenset({1, 2}), since=NOW + timedelta(days=2))]
    assert [row.title for row in planned().rows] == ["多", early.title, "晚"]


def test_what_is_in_stock_is_left_out_unless_more_is_wanted(source):
    book = CopyFactory(book=BookFactory(isbn=ISBN, title="论语译注", author="杨伯峻")).book
    CopyFactory(book=BookFactory(title="乡土中国", author="费孝通"))
    source += [Candidate("论语", isbn=ISBN), Candidate("《乡土中国》", author="费孝通")]
    assert planned().rows == []
    a_suggestion(title="论语译注", isbn=ISBN, more=True)
    row = planned().rows[0]
    assert (row.kind, row.counts, row.book_id) == ("加购复本", False, book.pk)


def test_a_book_of_which_nobody_named_the_author_is_known_by_its_title(source):
    CopyFactory(book=BookFactory(title="论语", author="孔子弟子"))
    source += [Candidate("《论语》"), Candidate("论语", author="钱某")]
    assert [(row.title, row.is_here) for row in planned().rows] == [("论语", False)]


def test_a_queue_asks_for_more_copies_and_does_not_lessen_the_shortfall():
    book = CopyFactory().book
    for _ in range(2):
        Hold.objects.create(book=book, cadre=reader(), placed_at=NOW)
    row = planned().rows[0]
    assert (row.kind, row.counts, row.interest, row.reasons) == ("加购复本", False, 2, ["2 人排队，在藏 1 册"])


def test_a_title_that_was_there_on_1_january_does_not_count_when_it_is_bought_again(source):
    lost = CopyFactory(book=BookFactory(isbn=ISBN), state=CopyState.LOST, left_on=date(2026, 2, 1))
    source += [Candidate("论语", isbn=lost.book.isbn), Candidate("新书", isbn=OTHER)]
    assert {row.title: row.kind for row in planned().rows} == {"论语": "补购旧目", "新书": "新书目"}


def test_what_became_a_suggestion_is_not_offered_again(source, librarian):
    source.append(Candidate("论语", basis="ZP1"))
    suggestion = a_suggestion(title="论语", basis="ZP1")
    assert [row.suggestion_id for row in planned().rows] == [suggestion.pk]
    decide(suggestion=suggestion, action=SuggestionAction.DECLINE, by=librarian, now=NOW, reason="不合适")
    assert planned().rows == []


def test_choosing_takes_suggestions_and_makes_those_that_are_missing(source, librarian):
    suggestion = a_suggestion(title="乡土中国")
    book = CopyFactory().book
    Hold.objects.create(book=book, cadre=reader(), placed_at=NOW)
    source.append(Candidate("论语", isbn=ISBN, basis="ZP1", reason="推荐作品"))
    picked = [Picked(row, 2, Decimal("30.50")) for row in planned().rows]
    choose(picked=picked, by=librarian, now=NOW)
    chosen = Suggestion.objects.chosen()
    assert {each.title for each in chosen} == {"乡土中国", "论语", book.title}
    assert {(each.copies, each.price) for each in chosen} == {(2, Decimal("30.50"))}
    assert chosen.get(title="论语").basis == "ZP1"
    assert chosen.get(title=book.title).book == book
    assert planned().rows == []
    assert planned().planned == 2
    suggestion.refresh_from_db()
    assert [event.action for event in suggestion.events.all()] == ["suggest", "choose"]


def test_two_who_choose_the_same_choose_it_once(librarian):
    a_suggestion()
    stale = [Picked(planned().rows[0], 1, None)]
    choose(picked=stale, by=librarian, now=NOW)
    with pytest.raises(Exception, match="拟购"):
        choose(picked=stale, by=librarian, now=NOW)
    with pytest.raises(NotAllowed):
        choose(picked=[], by=reader(Role.LEADER), now=NOW)


def test_as_many_as_are_missing_are_ticked(client, librarian):
    for _ in range(10):
        CopyFactory()
    for number in range(5):
        a_suggestion(title=f"新书{number}")
    client.force_login(librarian)
    page = client.get(reverse("renewal_planner"))
    assert page.context["plan"].missing == 3
    assert [form["pick"].value() for form in page.context["forms"]] == [True, True, True, False, False]


def test_the_page_reckons_and_puts_on_the_list(client, librarian):
    a_suggestion(title="论语译注"), a_suggestion(title="乡土中国")
    client.force_login(librarian)
    url, keys = reverse("renewal_planner"), [row.key for row in planned().rows]
    sent = {f"{keys[0]}-pick": "on"} | {f"{key}-{name}": value for key in keys for name, value in
                                        (("copies", "3"), ("price", "45.80"))}  # fmt: skip
    reckoned = client.post(url, {**sent, "action": "sum"})
    assert reckoned.context["total"] == Decimal("137.40")
    assert [form["copies"].value() for form in reckoned.context["forms"]] == ["3", "3"]
    assert client.post(url, {**sent, "action": "choose"}).status_code == 302
    assert Suggestion.objects.chosen().get().copies == 3
    # The same page sent again: the book is not on offer any more.
    assert client.post(url, {**sent, "action": "choose"}).status_code == 409
    empty = {name: value for name, value in sent.items() if not name.endswith("-pick")}
    assert "还没有选书" in client.post(url, {**empty, "action": "choose"}).content.decode()


@pytest.mark.parametrize("text", [*HOSTILE, "0", "-1", "1e9", "NaN", "Infinity", "1.234"])
def test_hostile_figures_are_told(text, client, librarian):
    a_suggestion()
    client.force_login(librarian)
    key = planned().rows[0].key
    sent = {f"{key}-pick": "on", f"{key}-copies": text, f"{key}-price": text, "action": "choose", text[:20]: text}
    page = client.post(reverse("renewal_planner"), sent)
    assert page.status_code == 200
    assert "不对" in page.context["error"]
    assert client.get(reverse("renewal_planner"), {"page": text}).status_code == 200


def test_the_list_for_the_bookshop(client, librarian):
    for title, copies, price in (("=cmd()", 2, Decimal("45.80")), ("乡土中国", 3, None)):
        suggestion = a_suggestion(title=title, reason="想看")
        decide(suggestion=suggestion, action=SuggestionAction.CHOOSE, by=librarian, now=NOW, copies=copies, price=price)
    client.force_login(librarian)
    sent = client.get(reverse("buying_list"))
    sheet = load_workbook(io.BytesIO(b"".join(sent.streaming_content)))["选购清单"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [(row[1], row[5], row[7]) for row in found] == [
        ("=cmd()", 2, 91.6),
        ("乡土中国", 3, None),
        ("合计", 5, 91.6),
    ]
    assert found[-1][8] == "其中 1 种还没有估价"
    assert sheet["B4"].data_type == "s"


def test_the_balance_of_the_subject_areas(librarian):
    area = SubjectArea.objects.first()
    CopyFactory(book=BookFactory(area=area))
    CopyFactory(acquired_on=date(2026, 2, 1), book=BookFactory(area=area))
    suggestion = a_suggestion(area=area)
    decide(suggestion=suggestion, action=SuggestionAction.CHOOSE, by=librarian, now=NOW)
    assert planned().areas[0] == (area.name, 2, 1, 1)
    settle_suggestions([], by=None, now=NOW)


def test_as_many_queries_for_two_hundred_as_for_one(client, librarian, source):
    client.force_login(librarian)
    counts = []
    for number in (1, 29):
        for _ in range(number):
            vote(suggestion=a_suggestion(), by=librarian, now=NOW)
            Hold.objects.create(book=CopyFactory().book, cadre=librarian, placed_at=NOW)
            decide(suggestion=a_suggestion(), action=SuggestionAction.CHOOSE, by=librarian, now=NOW)
            source.append(Candidate(f"推荐{len(source)}", basis=f"ZP{len(source)}"))
        counts.append(queries(client, reverse("renewal_planner")))
    # The works' own source asks once.
    assert counts[0] == counts[1] <= 10
