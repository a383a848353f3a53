from datetime import date, datetime, timedelta

import pytest

from organization.roles import Role
from organization.tests.factories import CadreFactory
from reading.models import Hold, Lead, Loan
from reading.states import CopyState, HoldState
from reading.tests.factories import BookFactory, CopyFactory, lend, reader
from shuxiang.periods import SHANGHAI
from shuxiang.tests.pages import text_of
from shuxiang.tests.queries import queries

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 20, 9, 30, tzinfo=SHANGHAI)


def page_for(client, viewer, book) -> str:
    client.force_login(viewer)
    return text_of(client.get(f"/books/{book.pk}/").content.decode())


def test_readers_learn_when_a_copy_is_due_and_librarians_also_who_has_it(client):
    borrower = CadreFactory(name="借书的人")
    copy = CopyFactory()
    lend(copy, borrower, at=NOW)
    for role in Role:
        page = page_for(client, reader(role), copy.book)
        assert "应还 3 月 5 日" in page
        assert ("借书的人" in page) == (role in (Role.LIBRARIAN, Role.OFFICE)), role
    assert "在您手里" in page_for(client, borrower, copy.book)


def test_nobody_sees_who_had_a_copy_before(client):
    borrower = CadreFactory(name="还了书的人")
    copy = CopyFactory()
    loan = lend(copy, borrower, at=NOW)
    Loan.objects.filter(pk=loan.pk).update(returned_at=NOW + timedelta(days=1))
    type(copy).objects.update(state=CopyState.AVAILABLE)
    for role in Role:
        assert "还了书的人" not in page_for(client, reader(role), copy.book), role


def test_lost_and_withdrawn_copies_are_for_librarians_only(client):
    book = BookFactory()
    CopyFactory(book=book, barcode="SX000007", state=CopyState.LOST, left_on=date(2024, 3, 1))
    assert "SX000007" not in page_for(client, reader(), book)
    assert "无馆藏" in page_for(client, reader(), book)
    assert "SX000007" in page_for(client, reader(Role.LIBRARIAN), book)


def test_the_queue_and_ones_own_place_in_it(client):
    book = CopyFactory(state=CopyState.ON_LOAN).book
    people = [reader() for _ in range(3)]
    for minute, person in enumerate(people):
        Hold.objects.create(book=book, cadre=person, placed_at=NOW + timedelta(minutes=minute))
    assert "3 人排队" in page_for(client, reader(), book)
    assert "下一个就是您" in page_for(client, people[0], book)
    assert "前面还有 2 人" in page_for(client, people[2], book)
    copy = CopyFactory(book=book, state=CopyState.SET_ASIDE)
    Hold.objects.filter(cadre=people[0]).update(
        state=HoldState.READY, copy=copy, ready_at=NOW, expires_on=date(2024, 2, 24)
    )
    assert "请在 2 月 24 日前来取" in page_for(client, people[0], book)
    assert "下一个就是您" in page_for(client, people[1], book)


def test_which_leaders_recommend_it_and_why(client):
    book = BookFactory()
    leader = CadreFactory(name="陈局长")
    Lead.objects.create(leader=leader, month=date(2024, 3, 1), book=book, title="书", reason="读懂人情世故")
    page = page_for(client, reader(), book)
    for words in ("陈局长", "2024 年 3 月", "读懂人情世故"):
        assert words in page


def test_a_book_that_does_not_exist_is_not_found(client):
    client.force_login(reader())
    assert client.get("/books/987654/").status_code == 404


@pytest.mark.parametrize("role", [Role.CADRE, Role.LIBRARIAN])
def test_thirty_copies_cost_as_many_queries_as_one(client, role):
    book, viewer = BookFactory(), reader(role)
    client.force_login(viewer)

    def more(number: int) -> None:
        lend(CopyFactory(book=book), CadreFactory())
        Hold.objects.create(book=book, cadre=CadreFactory(), placed_at=NOW)
        Lead.objects.create(leader=CadreFactory(), month=date(2000 + number, 1, 1), book=book, title="书")

    more(0)
    first = queries(client, f"/books/{book.pk}/")
    for number in range(1, 30):
        more(number)
    assert queries(client, f"/books/{book.pk}/") == first <= 10
