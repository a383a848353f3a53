"""Works and the titles of the catalogue that they are about."""

import json

import pytest
from django.template import Context, Template

from organization.tests.factories import CadreFactory
from reading.models import Book
from reading.services.search import index_books
from reading.tests.factories import BookFactory, CopyFactory
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Grade, Kind
from submissions.models import Submission, Version
from submissions.services.books import find_books, works_about
from submissions.states import State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import (  # noqa: F401 - fixtures
    answered,
    author,
    filled,
    office,
    only,
    opened,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeds")]
ISBN = "9787101003048"


def make_book(**columns) -> Book:
    book = BookFactory(**{"title": "史记", "author": "司马迁", "publisher": "中华书局", "isbn": ISBN, **columns})
    index_books(Book.objects.filter(pk=book.pk))
    return book


@pytest.fixture
def book() -> Book:
    found = make_book()
    CopyFactory(book=found)
    return found


def version() -> Version:
    return only().versions.get()


def look(client, kind="recommendation", **more):
    """The form sent by the button of its search, with nothing else in it."""
    return client.post(f"/works/new/{kind}/", {**opened(client, f"/works/new/{kind}/"), "action": "find", **more})


@pytest.mark.parametrize("query", ["史记", "shiji", "sj", "司马迁", ISBN, "978-7-101-00304-8", "7101003044"])
def test_a_book_is_found_by_name_pinyin_author_and_isbn(book, query):
    make_book(title="漢書", isbn="", author="班固")
    assert [(each.title, each.is_here) for each in find_books(query)] == [("史记", True)]


def test_the_title_that_was_meant_is_offered_however_many_others_hold_the_words():
    for number in range(12):
        make_book(title=f"云计算十讲 {number:02}", isbn="")
    make_book()
    assert find_books("shiji")[0].title == "史记"


def test_no_more_than_a_few_are_offered_and_nothing_for_nothing(django_assert_num_queries):
    for number in range(30):
        make_book(title=f"史记 {number}", isbn="")
    with django_assert_num_queries(1):
        assert len(find_books("史记")) == 8
    assert find_books("") == []
    assert find_books("，。") == []


@pytest.mark.parametrize("kind", ["essay", "recommendation"])
def test_the_search_needs_no_script_and_makes_no_draft_of_nothing(client, author, book, kind):  # noqa: F811
    response = look(client, kind, book_query="史记")
    page = response.content.decode()
    assert f'value="pick:{book.pk}"' in page
    assert Page(page).faults() == []
    assert Submission.objects.count() == 0
    assert "目录里没有找到" in look(client, kind, book_query="没有的书").content.decode()
    assert "请先填写" in look(client, kind).content.decode()


def test_the_search_keeps_what_was_typed_as_a_draft(client, author, book):  # noqa: F811
    response = look(client, reason="写得好。", book_query="sj")
    assert f'value="pick:{book.pk}"' in response.content.decode()
    assert version().reason == "写得好。"
    assert "写得好。" in response.content.decode()


def test_a_typed_isbn_finds_its_book(client, author, book):  # noqa: F811
    assert f'value="pick:{book.pk}"' in look(client, isbn="978-7-101-00304-8").content.decode()


def test_enter_in_the_search_looks_for_books(client, author, book):  # noqa: F811
    response = look(client, book_query="史记", action="draft")
    assert f'value="pick:{book.pk}"' in response.content.decode()


def test_a_picked_book_fills_the_form_and_is_linked(client, author, book):  # noqa: F811
    form = filled(client, "recommendation", f"pick:{book.pk}", author="某人")
    response = client.post("/works/new/recommendation/", form)
    assert response.url == f"/works/{only().pk}/edit/"
    found = version()
    assert (found.book, found.book_title, found.author, found.publisher) == (book, "史记", "司马迁", "中华书局")
    assert (found.isbn, found.reason, only().title) == (ISBN, "先问怎么量。", "《史记》")
    page = client.get(response.url).content.decode()
    assert "已选馆藏图书" in page
    assert "wants_purchase" not in page
    assert Page(page).faults() == []


def test_what_the_catalogue_does_not_know_stays_as_typed(client, author):  # noqa: F811
    bare = make_book(author="", publisher="", isbn="")
    client.post("/works/new/recommendation/", filled(client, "recommendation", f"pick:{bare.pk}"))
    assert (version().author, version().publisher, version().isbn) == ("沈括", "中华书局", "9787101000009")


def test_long_names_of_the_catalogue_are_cut_to_the_form(client, author):  # noqa: F811
    long = make_book(title="长" * 200, author="人" * 200)
    assert (
        client.post("/works/new/recommendation/", filled(client, "recommendation", f"pick:{long.pk}")).status_code
        == 302
    )
    assert (len(version().book_title), len(version().author)) == (190, 100)


def test_a_link_can_be_removed_and_the_words_stay(client, author, book):  # noqa: F811
    client.post("/works/new/essay/", filled(client, "essay", f"pick:{book.pk}"))
    edit = f"/works/{only().pk}/edit/"
    assert version().book == book
    client.post(
        edit, {**opened(client, edit), "title": "读史记", "book_title": "史记", "book": book.pk, "action": "unlink"}
    )
    assert (version().book, version().book_title, version().title) == (None, "史记", "读史记")


@pytest.mark.parametrize("key", ["", "x", "0", "987654", "9" * 40, "-1", "１", "\x00", "1;drop"])
@pytest.mark.parametrize("way", ["pick", "book"])
def test_a_key_of_no_book_links_nothing(client, author, key, way):  # noqa: F811
    action, more = (f"pick:{key}", {}) if way == "pick" else ("draft", {"book": key})
    assert client.post("/works/new/essay/", filled(client, "essay", action, **more)).status_code == 302
    assert version().book is None
    assert version().book_title == "论语"


def test_a_form_that_saves_itself_keeps_the_link_and_one_that_says_nothing_too(client, author, book):  # noqa: F811
    client.post("/works/new/essay/", filled(client, "essay", f"pick:{book.pk}"))
    edit = f"/works/{only().pk}/edit/"
    form = {**opened(client, edit), "title": "改", "body": "正文", "book_title": "史记", "action": "draft"}
    answer = answered(client, {**form, "book": str(book.pk), "book_query": "x"}, edit).json()
    assert (answer["errors"], version().book, version().title) == ({}, book, "改")
    client.post(edit, {**form, "revision": str(answer["revision"]), "title": "再改"})
    assert (version().book, version().title) == (book, "再改")


def test_of_two_who_choose_at_once_the_second_is_told(client, author, book):  # noqa: F811
    client.post("/works/new/essay/", filled(client, "essay", "draft"))
    edit = f"/works/{only().pk}/edit/"
    form = {**opened(client, edit), "title": "读《论语》", "body": "一", "book_title": "论语"}
    other = make_book(title="汉书", isbn="")
    assert client.post(edit, {**form, "action": f"pick:{book.pk}"}).status_code == 302
    late = client.post(edit, {**form, "action": f"pick:{other.pk}"})
    assert late.status_code == 409
    assert version().book == book
    assert f'name="book" id="id_book" value="{other.pk}"' in late.content.decode()


def test_a_returned_work_keeps_its_book_in_the_next_version(client, author, book):  # noqa: F811
    work = SubmissionFactory(kind=Kind.ESSAY, people=[author], entered_by=author, state=State.RETURNED)
    Version.objects.filter(submission=work).update(title=work.title, body="一", book=book)
    edit = f"/works/{work.pk}/edit/"
    form = {**opened(client, edit), "title": work.title, "body": "二", "action": "draft"}
    client.post(edit, form)
    assert work.versions.get(number=2).book == book


def test_the_wish_to_buy_alone_is_no_draft_and_is_kept_with_one(client, author):  # noqa: F811
    look(client, wants_purchase="on", action="draft")
    assert Submission.objects.count() == 0
    client.post("/works/new/recommendation/", filled(client, "recommendation", "draft", wants_purchase="on"))
    assert version().wants_purchase
    assert 'name="wants_purchase" class="checkboxinput' in client.get(f"/works/{only().pk}/edit/").content.decode()


def test_books_while_typing(client, author, book, django_assert_max_num_queries):  # noqa: F811
    with django_assert_max_num_queries(4):
        answer = json.loads(client.get("/works/books/?q=shiji").content)
    assert f"pick:{book.pk}" in answer["html"]
    for query in ("%00", "x" * 60_000, "=cmd()", "<script>", "9" * 40, ""):
        assert "<script>" not in client.get(f"/works/books/?q={query}").json()["html"]


# The works about a book ------------------------------------------------------------------------------------------


def shown(kind=Kind.ESSAY, state=State.APPROVED, consent=True, **columns) -> Submission:
    work = SubmissionFactory(
        kind=kind, state=state, show_in_showcase=consent, people=[CadreFactory()], title=columns.get("title", "读后")
    )
    Version.objects.filter(submission=work).update(**columns)
    return work


def found(book: Book) -> set[int]:
    return {work.id for work in works_about(book)[0]}


def test_works_are_about_a_book_by_link_isbn_or_its_very_name(book):
    expected = {
        shown(book=book).pk,
        shown(isbn=ISBN).pk,
        shown(isbn="7101003044").pk,
        shown(book_title="史记").pk,
        shown(book_title="《史记》").pk,
        shown(Kind.RECOMMENDATION, title="《史记》").pk,
    }
    other = make_book(title="史记选", isbn="")
    shown(book_title="史记选")
    shown(book=other, book_title="史记")
    shown(title="史记")
    shown(Kind.CREATION, book_title="史记")
    shown(book=book, consent=False)
    shown(book=book, state=State.PENDING)
    assert found(book) == expected


def test_only_the_newest_version_counts(book):
    work = shown(book_title="史记")
    Version.objects.create(submission=work, number=2, title="读后", book_title="汉书")
    Version.objects.create(submission=shown(book_title="汉书"), number=2, is_draft=True, title="读后", book=book)
    assert found(book) == set()


def test_a_book_without_isbn_is_not_that_of_every_work_without_one():
    shown(book_title="汉书")
    assert found(make_book(isbn="")) == set()


def test_the_newest_ten_and_a_link_to_the_rest_in_one_query(book, django_assert_num_queries):
    for _ in range(12):
        work = shown(book=book)
    Submission.objects.filter(pk=work.pk).update(grade=Grade.EXCELLENT, graded_version=work.versions.get())
    with django_assert_num_queries(1):
        page = Template("{% load books %}{% works_about book %}").render(Context({"book": book}))
    assert page.count("<li") == 10
    assert page.index(f"/works/{work.pk}/") < page.index(f"/works/{work.pk - 1}/")
    assert "优秀" in page
    assert "/works/?q=%E5%8F%B2%E8%AE%B0" in page


def test_without_works_the_page_says_what_to_do(book):
    assert "写一篇" in Template("{% load books %}{% works_about book %}").render(Context({"book": book}))
