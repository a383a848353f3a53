"""Copies that get another home."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Copy, CopyEvent
from reading.services.copies import StaleCopy
from reading.services.moving import ClosedPlace, move_copies, move_copy
from reading.services.places import WrongPlace, empty_place
from reading.states import CopyAction
from reading.tests.factories import CopyFactory, PlaceFactory, reader

pytestmark = pytest.mark.django_db
NOW = timezone.now() + timedelta(minutes=1)


def test_each_moved_copy_leaves_its_event_and_those_at_home_there_none():
    librarian, here, there = reader(Role.LIBRARIAN), PlaceFactory(), PlaceFactory()
    moved, stays = CopyFactory(home=here), CopyFactory(home=there)
    assert move_copies(copies=Copy.objects.all(), to=there, by=librarian, now=NOW, reason="归架") == 1
    event = CopyEvent.objects.get()
    assert (event.copy, event.action, event.actor, event.at, event.reason) == (
        moved, CopyAction.MOVE, librarian, NOW, "归架",
    )  # fmt: skip
    assert (event.from_place, event.to_place, event.from_state, event.to_state) == (
        here, there, "available", "available",
    )  # fmt: skip
    assert {copy.home for copy in Copy.objects.all()} == {there}
    assert stays.events.count() == 0


def test_what_is_lent_moves_and_what_has_left_the_stock_does_not():
    librarian, here, there = reader(Role.LIBRARIAN), PlaceFactory(), PlaceFactory()
    lent, lost = CopyFactory(home=here, state="on_loan"), CopyFactory(home=here, state="lost", left_on=NOW.date())
    assert move_copies(copies=Copy.objects.all(), to=there, by=librarian, now=NOW) == 1
    assert [Copy.objects.get(pk=copy.pk).home for copy in (lent, lost)] == [there, here]
    with pytest.raises(StaleCopy):
        move_copy(copy=lost, to=there, by=librarian, now=NOW)


def test_nothing_moves_to_a_closed_place():
    copy = CopyFactory()
    with pytest.raises(ClosedPlace, match="已经停用"):
        move_copies(copies=Copy.objects.all(), to=PlaceFactory(is_closed=True), by=reader(Role.OFFICE), now=NOW)
    copy.refresh_from_db()
    assert CopyEvent.objects.count() == 0


def test_only_librarians_move():
    with pytest.raises(NotAllowed):
        move_copies(copies=Copy.objects.all(), to=PlaceFactory(), by=reader(), now=NOW)


def test_of_two_who_move_the_same_copy_the_second_is_told():
    librarian, copy, there, elsewhere = reader(Role.LIBRARIAN), CopyFactory(), PlaceFactory(), PlaceFactory()
    stale = Copy.objects.get(pk=copy.pk)
    move_copy(copy=copy, to=there, by=librarian, now=NOW)
    with pytest.raises(StaleCopy, match="刚被别人移动或办理过"):
        move_copy(copy=stale, to=elsewhere, by=librarian, now=NOW)
    assert Copy.objects.get().home == there


def test_emptying_a_place_takes_what_is_lent_and_leaves_what_is_lost():
    librarian, here, there = reader(Role.LIBRARIAN), PlaceFactory(), PlaceFactory()
    for state, left_on in (("available", None), ("on_loan", None), ("repair", None), ("lost", NOW.date())):
        CopyFactory(home=here, state=state, left_on=left_on)
    assert empty_place(place=here, to=there, by=librarian, now=NOW) == 3
    assert list(Copy.objects.filter(home=here).values_list("state", flat=True)) == ["lost"]
    with pytest.raises(WrongPlace, match="目的地就是这里"):
        empty_place(place=there, to=there, by=librarian, now=NOW)


def test_a_thousand_copies_move_in_a_few_queries(django_assert_max_num_queries):
    librarian, here, there = reader(Role.LIBRARIAN), PlaceFactory(), PlaceFactory()
    book = CopyFactory(home=there).book
    Copy.objects.bulk_create(
        Copy(book=book, home=here, barcode=f"T{number}", acquired_on=NOW.date()) for number in range(1000)
    )
    with django_assert_max_num_queries(60):
        assert empty_place(place=here, to=there, by=librarian, now=NOW) == 1000
    assert CopyEvent.objects.count() == 1000
