from datetime import timedelta

import pytest

from notices.models import Notice
from organization.models import Cadre, Posting
from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Loan
from reading.services.lending import LendingRefused
from reading.services.listing import filtered
from reading.services.reminding import remind_borrowers, remind_of, tell, tell_of_leaver, tell_of_leavers
from reading.tests.factories import CopyFactory, reader
from reading.tests.rooms import NOW, TODAY, room

__all__ = ["room"]
pytestmark = pytest.mark.django_db


def told_on(room, days) -> list[int]:
    """On which of the days after the loan the borrower is told."""
    return [day for day in days if remind_borrowers(now=NOW + timedelta(days=day))]


def test_it_reminds_before_on_the_day_after_and_weekly(room):
    room.lend()
    assert told_on(room, range(40)) == [12, 15, 22, 29, 36]
    subjects = [notice.subject for notice in Notice.objects.of(room.a).order_by("pk")]
    assert subjects == ["借的书快到期了：《论语译注》"] + ["借的书已逾期：《论语译注》"] * 4
    assert "已逾期 1 天" in Notice.objects.of(room.a).order_by("pk")[1].body


def test_it_reminds_once_a_day_however_often_it_runs(room):
    room.lend()
    assert [remind_borrowers(now=NOW + timedelta(days=15)) for _ in range(3)] == [1, 0, 0]


def test_two_workers_with_the_same_rows_send_one_notice(room):
    room.lend()
    now = NOW + timedelta(days=15)
    rows = [Loan.objects.select_related("borrower", "copy__book").get() for _ in range(2)]
    assert [tell(room.a, [row], now) for row in rows] == [True, False]
    assert Notice.objects.count() == 1


def test_several_books_make_one_notice(room):
    room.lend()
    room.lend(CopyFactory(book__title="大学"))
    assert remind_borrowers(now=NOW + timedelta(days=15)) == 1
    notice = Notice.objects.get()
    assert notice.subject == "借的书已逾期：《论语译注》等 2 册"
    assert notice.body.count("已逾期 1 天") == 2


def test_after_a_renewal_it_starts_over(room):
    loan = room.lend()
    remind_borrowers(now=NOW + timedelta(days=12))
    room.later(days=13)
    room.renew(loan)  # due on day 28
    assert told_on(room, range(14, 40)) == [26, 29, 36]


def test_neither_a_closed_account_nor_a_returned_book_is_reminded(room):
    room.lend()
    room.give_back()
    room.lend(to=room.b)
    Cadre.objects.filter(pk=room.b.pk).update(is_active=False)
    assert remind_borrowers(now=NOW + timedelta(days=15)) == 0


def test_a_librarian_reminds_once_a_day(room):
    room.lend()
    loan = Loan.objects.select_related("borrower", "copy__book").get()
    with pytest.raises(NotAllowed):
        remind_of(loan=loan, by=room.a, now=NOW)
    remind_of(loan=loan, by=room.librarian, now=NOW)
    with pytest.raises(LendingRefused, match="今天已经提醒过"):
        remind_of(loan=loan, by=room.librarian, now=NOW)
    remind_of(loan=loan, by=room.librarian, now=NOW + timedelta(days=1))
    assert Notice.objects.of(room.a).count() == 2


def leave(person: Cadre, gone: str) -> None:
    if gone == "closed":
        Cadre.objects.filter(pk=person.pk).update(is_active=False)
    else:
        Posting.objects.filter(cadre=person).update(until=TODAY - timedelta(days=1))


@pytest.mark.parametrize("gone", ["closed", "left"])
def test_librarians_are_told_once_of_books_with_who_has_left(gone, room):
    copies = [room.copy, CopyFactory(book__title="大学")]
    loans = [room.lend(copy) for copy in copies]
    room.lend(CopyFactory(), to=room.b)
    assert tell_of_leavers(now=NOW) == 0
    leave(room.a, gone)
    assert [tell_of_leavers(now=NOW + timedelta(days=day)) for day in range(3)] == [1, 0, 0]
    notice = Notice.objects.get()
    assert (notice.recipient, notice.address) == (room.librarian, "/counter/overdue/?show=leavers")
    assert notice.subject == f"{room.a.name}已离岗或账号已停用，还有 2 册书没有归还"
    assert not any(copy.book.title in notice.subject + notice.body for copy in copies)
    late = TODAY + timedelta(days=20)
    for shown in ("overdue", "leavers", "all"):
        found = {loan.pk: loan.due_on for loan in filtered(shown=shown, search="", today=late, notice_days=2)}
        assert {loan.pk: loan.due_on for loan in loans}.items() <= found.items()


def test_two_workers_tell_of_a_leaver_once_and_not_of_what_came_back(room):
    room.lend()
    leave(room.a, "closed")
    rows = list(Loan.objects.open())
    assert [tell_of_leaver(room.a, rows, NOW) for _ in range(2)] == [True, False]
    back = room.lend(CopyFactory(), to=room.b)
    room.give_back(back.copy)
    assert not tell_of_leaver(room.b, [back], NOW)
    assert Notice.objects.count() == 1


def test_where_the_only_librarian_left_with_a_book_the_office_is_told(room):
    room.lend(to=room.librarian)
    leave(room.librarian, "left")
    assert tell_of_leavers(now=NOW) == 0
    office = reader(Role.OFFICE)
    assert tell_of_leavers(now=NOW) == 1
    assert Notice.objects.get().recipient == office
