"""Recommended books: suggested for purchase by who recommends them, and a source of the buying list."""

from datetime import date

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory
from reading.models import Suggestion
from reading.services.candidates import from_above
from reading.services.planner import plan
from reading.services.renewal import gauge_of
from reading.services.suggesting import AlreadyHere
from reading.states import SuggestionState
from reading.tests.factories import BookFactory, CopyFactory
from submissions.kinds import Kind
from submissions.models import Submission, Version
from submissions.services.recommended import recommended_books, suggest_book
from submissions.states import IllegalTransition, State
from submissions.tests.factories import SubmissionFactory
from submissions.tests.handing_in import author, filled, office, only  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeds")]
ISBN, NOW, TODAY = "9787101003048", timezone.now(), timezone.localdate()


def recommendation(*people, state=State.APPROVED, **columns):
    work = SubmissionFactory(kind=Kind.RECOMMENDATION, title="《史记》", people=people or [CadreFactory()], state=state)
    Version.objects.filter(submission=work).update(**{"book_title": "史记", "isbn": ISBN, **columns})
    return work


def stocked(**columns):
    return CopyFactory(book=BookFactory(**{"title": "史记", "isbn": ISBN, **columns})).book


def test_the_box_in_the_form_suggests_the_book_on_handing_in(client, author):  # noqa: F811
    form = filled(client, "recommendation", wants_purchase="on")
    client.post("/works/new/recommendation/", form)
    made = Suggestion.objects.get()
    assert (made.title, made.isbn, made.author, made.publisher) == ("梦溪笔谈", "9787101000009", "沈括", "中华书局")
    assert (made.reason, made.basis, made.suggested_by) == ("先问怎么量。", only().reference, author)
    page = client.get(f"/works/{only().pk}/").content.decode()
    assert "已荐购" in page
    assert "荐购这本书" not in page


def test_a_draft_or_a_form_without_the_tick_suggests_nothing(client, author):  # noqa: F811
    client.post("/works/new/recommendation/", filled(client, "recommendation", "draft", wants_purchase="on"))
    client.post("/works/new/recommendation/", filled(client, "recommendation"))
    assert not Suggestion.objects.exists()


def test_a_book_that_is_here_is_handed_in_without_a_suggestion(client, author):  # noqa: F811
    book = stocked(isbn="9787101000009")
    client.post("/works/new/recommendation/", filled(client, "recommendation", wants_purchase="on"))
    assert (only().state, Suggestion.objects.count()) == (State.PENDING, 0)
    page = client.get(f"/works/{only().pk}/").content.decode()
    assert "可以借阅" in page
    assert book.quoted in page


def test_the_button_suggests_once_and_the_page_tells_what_became_of_it(client, author):  # noqa: F811
    work = recommendation(author)
    assert "荐购这本书" in client.get(f"/works/{work.pk}/").content.decode()
    assert client.post(f"/works/{work.pk}/suggest/").url == f"/works/{work.pk}/"
    client.post(f"/works/{work.pk}/suggest/")
    made = Suggestion.objects.get()
    assert (made.basis, made.title) == (work.reference, "史记")
    Suggestion.objects.update(state=SuggestionState.DECLINED, reply="已有电子版。")
    page = client.get(f"/works/{work.pk}/").content.decode()
    assert "不采购" in page
    assert "已有电子版。" in page


def test_what_somebody_else_suggested_is_joined(client, author):  # noqa: F811
    first = suggest_book(submission=(work := recommendation()), by=work.main_author, now=NOW).suggestion
    own = recommendation(author)
    assert "已荐购" in client.get(f"/works/{own.pk}/").content.decode()
    client.post(f"/works/{own.pk}/suggest/")
    assert [vote.cadre for vote in first.votes.all()] == [author]


@pytest.mark.parametrize("role", [Role.CADRE, Role.LIBRARIAN, Role.OFFICE, Role.LEADER])
def test_nobody_else_has_the_button(client, role):
    work = recommendation()
    viewer = CadreFactory(roles=[role])
    client.force_login(viewer)
    assert client.post(f"/works/{work.pk}/suggest/").status_code == 404
    with pytest.raises(NotAllowed):
        suggest_book(submission=work, by=viewer, now=NOW)
    client.logout()
    assert client.post(f"/works/{work.pk}/suggest/").url.startswith("/login/")


def test_other_kinds_and_withdrawn_works_suggest_nothing(client, author):  # noqa: F811
    essay = SubmissionFactory(people=[author])
    assert client.post(f"/works/{essay.pk}/suggest/").status_code == 404
    gone = recommendation(author, state=State.WITHDRAWN)
    assert client.get(f"/works/{gone.pk}/suggest/").url == f"/works/{gone.pk}/"
    client.post(f"/works/{gone.pk}/suggest/")
    with pytest.raises(IllegalTransition):
        suggest_book(submission=gone, by=author, now=NOW)
    assert not Suggestion.objects.exists()


def test_a_linked_book_is_the_one_that_is_meant():
    book = BookFactory(title="史记", isbn=ISBN)
    work = recommendation(isbn="", book=book)
    assert suggest_book(submission=work, by=work.main_author, now=NOW).suggestion.isbn == ISBN
    CopyFactory(book=book)
    with pytest.raises(AlreadyHere):
        suggest_book(submission=work, by=work.main_author, now=NOW)


def test_an_odd_isbn_of_a_register_hinders_nothing():
    work = recommendation(isbn="123")
    assert suggest_book(submission=work, by=work.main_author, now=NOW).suggestion.isbn == ""


# The source of the buying list -----------------------------------------------------------------------------------


def bases(today=date(2025, 6, 1)) -> set[str]:
    return {each.basis for each in recommended_books(today)}


def listed():
    """The buying list's, once the recommendations are of its time."""
    Submission.objects.filter(kind=Kind.RECOMMENDATION).update(credit_date=timezone.localdate())
    return {row.basis for row in plan(gauge_of(year=TODAY.year, today=TODAY).renewal, TODAY).rows}


def test_approved_recommendations_of_two_years_that_are_not_in_stock():
    good, linked = recommendation(), recommendation(isbn="", book=BookFactory(title="史记", isbn="9787101000009"))
    recommendation(state=State.PENDING)
    SubmissionFactory(state=State.APPROVED, people=[CadreFactory()])
    assert bases() == {good.reference, linked.reference}
    assert bases(date(2026, 2, 1)) == {good.reference, linked.reference}
    assert bases(date(2026, 2, 2)) == set()
    stocked()
    assert listed() == {linked.reference}
    CopyFactory(book=linked.versions.get().book)
    assert listed() == set()


def test_a_candidate_says_what_the_buying_list_needs():
    work = recommendation(author="司马迁", publisher="中华书局")
    (found,) = recommended_books(date(2025, 6, 1))
    assert (found.title, found.isbn, found.author, found.publisher) == ("史记", ISBN, "司马迁", "中华书局")
    assert (found.people, found.basis) == (frozenset({work.main_author.pk}), work.reference)
    assert work.reference in found.reason


def test_queries_do_not_grow(django_assert_num_queries):
    for _ in range(30):
        recommendation()
    with django_assert_num_queries(1):
        assert len(recommended_books(date(2025, 6, 1))) == 30


def test_the_planner_hears_of_them_until_they_are_suggested():
    work = recommendation()
    type(work).objects.filter(pk=work.pk).update(credit_date=timezone.localdate())
    assert [each.basis for each in from_above(set(), TODAY)] == [work.reference]
    suggest_book(submission=work, by=work.main_author, now=NOW)
    assert from_above({work.reference}, TODAY) == []


@pytest.mark.parametrize(
    ("title", "book"),
    [
        ("荐读《论语》", "论语"),
        ("值得慢读的一本书：《古文观止》", "古文观止"),
        ("《三国志》与《史记》", "三国志"),
        ("一本好书", "一本好书"),
        ("《》", "《》"),
    ],
)
def test_a_registers_title_names_the_book_in_its_marks(title, book):
    work = recommendation(book_title="", isbn="")
    Submission.objects.filter(pk=work.pk).update(title=title)
    assert [each.title for each in recommended_books(date(2024, 6, 1))] == [book]
