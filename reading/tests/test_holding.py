from datetime import date, timedelta

import pytest

from organization.models import Cadre, Holiday, Posting
from organization.services.roles import NotAllowed
from reading.models import Hold, Loan
from reading.services.holding import cancel_hold, cancel_holds_of_leavers, expire_holds, place_hold, serve_everybody
from reading.services.lending import LendingRefused, StaleLoan
from reading.states import CopyState
from reading.tests.factories import BookFactory, CopyFactory
from reading.tests.people import subjects
from reading.tests.rooms import TODAY, room

__all__ = ["room"]
pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return list(Hold.objects.order_by("pk").values_list("state", flat=True))


def test_a_returned_copy_is_set_aside_for_who_waits_first(room):
    room.lend()
    first = room.hold(room.b)
    room.hold(room.c)
    _, hold = room.give_back()
    assert (hold, room.state(), states()) == (first, "set_aside", ["ready", "waiting"])
    first.refresh_from_db()
    assert (first.copy, first.expires_on) == (room.copy, date(2024, 3, 11))  # three open days after a Wednesday
    assert subjects(room.b) == ["预约的书到了：《论语译注》"]
    assert subjects(room.c) == []


def test_a_set_aside_copy_goes_to_its_person_only(room):
    room.lend()
    hold = room.hold(room.b)
    room.give_back()
    with pytest.raises(LendingRefused, match=f"留给了{room.b.name}"):
        room.lend(to=room.c)
    with pytest.raises(LendingRefused, match="留给了预约的同事"):
        room.lend(to=room.c, by=room.c)
    loan = room.lend(to=room.b)
    hold.refresh_from_db()
    assert (hold.state, hold.closed_at, loan.borrower) == ("fulfilled", room.now, room.b)


def test_who_takes_another_copy_leaves_the_one_set_aside_to_the_next(room):
    room.lend()
    room.hold(room.b)
    room.hold(room.c)
    room.give_back()
    other = CopyFactory(book=room.book)
    serve_everybody(now=room.now)
    assert states() == ["ready", "ready"]
    cancel_hold(hold=Hold.objects.select_related("cadre", "book").get(cadre=room.c), by=room.c, now=room.now)
    room.lend(other, to=room.b)
    assert (room.state(), room.state(other), states()) == ("available", "on_loan", ["fulfilled", "cancelled"])


def test_nobody_waits_for_a_book_that_stands_on_its_shelf(room):
    with pytest.raises(LendingRefused, match=f"在架（{room.copy.home}，索书号 B222/1），直接去借就行"):
        room.hold(room.a)


def test_nobody_waits_for_what_he_has_or_waits_for_already(room):
    room.lend()
    with pytest.raises(LendingRefused, match="已经借在手里"):
        room.hold(room.a)
    room.hold(room.b)
    with pytest.raises(LendingRefused, match="已经预约"):
        room.hold(room.b)
    with pytest.raises(LendingRefused, match="没有馆藏"):
        room.hold(room.b, BookFactory())


def test_nobody_places_or_cancels_for_others(room):
    room.lend()
    with pytest.raises(NotAllowed):
        place_hold(book=room.book, reader=room.b, by=room.c, now=room.now)
    hold = place_hold(book=room.book, reader=room.b, by=room.librarian, now=room.now)
    with pytest.raises(NotAllowed):
        cancel_hold(hold=hold, by=room.c, now=room.now)


def test_ten_holds_are_enough(room):
    for _ in range(10):
        room.hold(room.a, CopyFactory(state=CopyState.REPAIR).book)
    with pytest.raises(LendingRefused, match="最多同时预约 10 种"):
        room.hold(room.a, CopyFactory(state=CopyState.REPAIR).book)


def test_a_cancelled_ready_hold_serves_the_next_and_the_last_frees_the_copy(room):
    room.lend()
    holds = [room.hold(room.b), room.hold(room.c)]
    room.give_back()
    for number, (state, left) in enumerate([("set_aside", "ready"), ("available", "cancelled")]):
        hold = Hold.objects.select_related("cadre", "book").get(pk=holds[number].pk)
        cancel_hold(hold=hold, by=hold.cadre, now=room.now)
        assert (room.state(), states()) == (state, ["cancelled", left])
    with pytest.raises(StaleLoan):
        cancel_hold(hold=holds[0], by=room.b, now=room.now)


def test_who_waits_is_told_when_a_librarian_cancels_and_not_of_what_they_cancelled_themselves(room):
    room.lend()
    cancel_hold(hold=room.hold(room.b), by=room.b, now=room.now)
    assert subjects(room.b) == []
    stale = room.hold(room.b)
    cancel_hold(hold=Hold.objects.get(pk=stale.pk), by=room.librarian, now=room.now)
    with pytest.raises(StaleLoan):
        cancel_hold(hold=stale, by=room.librarian, now=room.now)
    assert (subjects(room.b), subjects(room.librarian)) == (["预约已取消：《论语译注》"], [])


def test_what_nobody_fetches_goes_to_the_next(room):
    room.lend()
    room.hold(room.b)
    room.hold(room.c)
    room.give_back()
    room.now = room.now.replace(day=11)
    assert expire_holds(now=room.now) == 0
    room.later(days=1)
    assert (expire_holds(now=room.now), states()) == (1, ["expired", "ready"])
    assert subjects(room.b) == ["预约的书到了：《论语译注》", "预约已过期：《论语译注》"]
    room.later(days=30)
    assert (expire_holds(now=room.now), expire_holds(now=room.now), room.state()) == (1, 0, "available")


@pytest.mark.parametrize("gone", ["closed", "left"])
def test_who_left_waits_no_more_and_still_owes_the_books(room, gone):
    other = room.lend(CopyFactory(), to=room.b)
    room.lend()
    room.hold(room.b)
    room.hold(room.c)
    if gone == "closed":
        Cadre.objects.filter(pk=room.b.pk).update(is_active=False)
    else:
        Posting.objects.filter(cadre=room.b).update(until=TODAY - timedelta(days=1))
    assert list(Loan.objects.of_leavers(TODAY)) == [other]
    room.give_back()
    assert states() == ["cancelled", "ready"]
    assert cancel_holds_of_leavers(now=room.now) == 0


def test_the_clock_cancels_the_holds_of_leavers_and_serves_the_next(room):
    room.lend()
    room.hold(room.b)
    room.hold(room.c)
    room.give_back()
    Cadre.objects.filter(pk=room.b.pk).update(is_active=False)
    assert (cancel_holds_of_leavers(now=room.now), states()) == (1, ["cancelled", "ready"])


def test_a_new_copy_serves_the_queue_before_anybody_takes_it(room):
    room.lend()
    room.hold(room.b)
    fresh = CopyFactory(book=room.book)
    with pytest.raises(LendingRefused, match="留给了"):
        room.lend(fresh, to=room.c)
    assert (room.state(fresh), states()) == ("set_aside", ["ready"])


def test_the_place_in_the_queue(room):
    room.lend()
    for person in (room.b, room.c, room.librarian):
        room.hold(person)
    assert [hold.ahead for hold in Hold.objects.open().with_place().order_by("pk")] == [0, 1, 2]


def test_closed_days_do_not_count_for_a_hold(room):
    Holiday.objects.create(date=date(2024, 3, 7), name="闭馆")
    Holiday.objects.create(date=date(2024, 3, 9), name="调休", is_workday=True)
    room.lend()
    hold = room.hold(room.b)
    room.give_back()
    hold.refresh_from_db()
    assert hold.expires_on == date(2024, 3, 11)  # Friday, the Saturday that is worked, Monday
