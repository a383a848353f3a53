"""Differences resolved one by one, by several people at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Copy, CopyEvent, Difference, Loan
from reading.services.resolving import StaleDifference, WrongResolution, resolve, take_back, ways_offered
from reading.services.stocktakes import StaleStocktake, count_again
from reading.tests.factories import PlaceFactory, lend, reader
from reading.tests.stocktaking import START, Count, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def count() -> Count:
    return Count()


def undo(count: Count, copy: Copy, minutes: int = 80) -> None:
    take_back(difference=count.of(copy), by=count.other, now=at(minutes))


def test_of_two_who_resolve_the_second_is_told_who_did_and_how(count):
    copy = count.copy()
    count.compare()
    stale = count.of(copy)
    count.resolve(copy, "found", note="在还书车上")
    with pytest.raises(StaleDifference, match=f"{count.librarian.name}已于 .* 处理为“已找到”"):
        resolve(difference=stale, how="lost", by=count.other, now=at(71), note="找过")
    row = count.of(copy)
    assert (row.resolution, row.resolved_by, row.resolved_at, row.note) == (
        "found", count.librarian, at(70), "在还书车上",
    )  # fmt: skip
    assert Copy.objects.get().state == "available"


def test_a_lost_copy_leaves_the_stock_with_its_event(count):
    copy = count.copy()
    count.compare()
    count.resolve(copy, "lost", note="翻遍了")
    copy.refresh_from_db()
    assert (copy.state, copy.left_on) == ("lost", timezone.localdate(at(70)))
    event = CopyEvent.objects.get()
    assert (event.action, event.actor, event.reason) == (
        "lose", count.librarian, f"第 {count.stocktake.pk} 号盘点：翻遍了",
    )  # fmt: skip


def test_a_misplaced_copy_goes_back_or_gets_its_home_here(count):
    back, here = count.copy(count.elsewhere), count.copy(count.elsewhere)
    for copy in (back, here):
        count.scan(copy)
    count.compare()
    count.resolve(back, "sent_back")
    with pytest.raises(WrongResolution, match="这次盘点的地点"):
        count.resolve(here, "moved", to=PlaceFactory())
    assert count.of(here).resolution == ""
    count.resolve(here, "moved", to=count.shelf)
    assert [Copy.objects.get(pk=copy.pk).home for copy in (back, here)] == [count.elsewhere, count.shelf]
    event = CopyEvent.objects.get()
    assert (event.action, event.from_place, event.to_place) == ("move", count.elsewhere, count.shelf)


@pytest.mark.parametrize("state", ["lost", "withdrawn", "repair"])
def test_a_state_is_put_right_and_taken_back(count, state):
    left = None if state == "repair" else START.date() - timedelta(days=50)
    copy = count.copy(state=state, left_on=left)
    if left:
        CopyEvent.objects.create(copy=copy, action="lose" if state == "lost" else "withdraw", to_state=state,
                                 at=START - timedelta(days=50))  # fmt: skip
    count.scan(copy)
    count.compare()
    count.resolve(copy, "corrected")
    copy.refresh_from_db()
    assert (copy.state, copy.left_on) == ("available", None)
    undo(count, copy)
    copy.refresh_from_db()
    assert (copy.state, copy.left_on) == (state, left and timezone.localdate(START - timedelta(days=50)))


@pytest.mark.parametrize("state", ["lost", "withdrawn", "repair"])
@pytest.mark.parametrize("how", ["sent_back", "moved"])
def test_of_another_place_and_in_the_wrong_state_both_are_put_right_at_once(count, state, how):
    left = None if state == "repair" else START.date() - timedelta(days=50)
    copy = count.copy(count.elsewhere, state=state, left_on=left)
    if left:
        CopyEvent.objects.create(copy=copy, action="lose" if state == "lost" else "withdraw", to_state=state,
                                 at=START - timedelta(days=50))  # fmt: skip
    count.scan(copy)
    before = count.compare()
    with pytest.raises(WrongResolution, match="列出的办法"):
        count.resolve(copy, "corrected")
    count.resolve(copy, how)
    copy.refresh_from_db()
    assert (copy.state, copy.home) == ("available", count.room if how == "moved" else count.elsewhere)
    undo(count, copy)
    copy.refresh_from_db()
    assert (copy.state, copy.home, copy.left_on) == (
        state,
        count.elsewhere,
        left and timezone.localdate(START - timedelta(days=50)),
    )
    assert count.unresolved() == before


def test_a_withdrawn_copy_is_not_sent_back_and_stays_withdrawn(count):
    copy = count.copy(state="withdrawn", left_on=START.date())
    count.scan(copy)
    count.compare()
    with pytest.raises(WrongResolution, match="列出的办法"):
        count.resolve(copy, "sent_back")
    assert ways_offered(count.of(copy), [count.room.pk, count.shelf.pk]) == ["corrected", "noted"]


def test_a_copy_of_another_place_that_is_on_loan_ends_at_the_counter(count):
    copy = count.copy(count.elsewhere)
    lend(copy, reader(), START - timedelta(days=3))
    count.scan(copy)
    count.compare()
    for how in ("moved", "sent_back"):
        with pytest.raises(WrongResolution, match="先在借阅台归还"):
            count.resolve(copy, how)
    assert ways_offered(count.of(copy), [count.room.pk, count.shelf.pk]) == ["noted"]
    assert (count.of(copy).resolution, Copy.objects.get().home) == ("", count.elsewhere)


def test_a_loan_ends_at_the_counter_and_not_here(count):
    copy = count.copy()
    loan = lend(copy, reader(), START - timedelta(days=3))
    count.scan(copy)
    count.compare()
    with pytest.raises(WrongResolution, match="先在借阅台归还"):
        count.resolve(copy, "corrected")
    Loan.objects.filter(pk=loan.pk).update(returned_at=at(65))
    Copy.objects.filter(pk=copy.pk).update(state="available")
    count.resolve(copy, "corrected")
    assert count.of(copy).resolution == "corrected"
    assert CopyEvent.objects.count() == 0


def test_a_missing_copy_that_was_lent_since_is_not_lost(count):
    copy = count.copy()
    count.compare()
    lend(copy, reader(), at(65))
    with pytest.raises(WrongResolution, match="请选“已找到”"):
        count.resolve(copy, "lost")
    count.resolve(copy, "found")


def test_ways_that_do_not_fit_and_notes_without_a_word_are_refused(count):
    copy = count.copy()
    count.compare()
    for how in ("moved", "sent_back", "nonsense", ""):
        with pytest.raises(WrongResolution, match="列出的办法"):
            count.resolve(copy, how)
    with pytest.raises(WrongResolution, match="写一句"):
        count.resolve(copy, "noted")
    with pytest.raises(WrongResolution, match="在哪里找过"):
        resolve(difference=count.of(copy), how="lost", by=count.librarian, now=at(70))
    with pytest.raises(NotAllowed):
        resolve(difference=count.of(copy), how="found", by=reader(Role.LEADER), now=at(70))


def test_what_is_taken_back_is_as_before(count):
    lost, moved = count.copy(), count.copy(count.elsewhere)
    count.scan(moved)
    before = count.compare()
    count.resolve(lost, "lost")
    count.resolve(moved, "moved")
    for copy in (lost, moved):
        undo(count, copy)
    assert count.unresolved() == before
    assert Copy.objects.get(pk=lost.pk).state == "available"
    assert Copy.objects.get(pk=moved.pk).home == count.elsewhere
    count_again(stocktake=count.stocktake, by=count.librarian, now=at(85))
    assert count.compare(90) == before


def test_of_two_who_take_back_the_second_is_told(count):
    copy = count.copy()
    count.compare()
    count.resolve(copy, "lost")
    stale = count.of(copy)
    undo(count, copy)
    with pytest.raises(StaleDifference, match="刚由别人办理过"):
        take_back(difference=stale, by=count.librarian, now=at(81))


def test_nothing_is_taken_back_once_more_became_of_the_copy(count):
    copy = count.copy(count.elsewhere)
    count.scan(copy)
    count.compare()
    count.resolve(copy, "moved")
    lend(copy, reader(), at(75))
    with pytest.raises(StaleDifference, match="处理以后又有借还或变动"):
        undo(count, copy)
    assert count.of(copy).resolution == "moved"


def test_nothing_is_resolved_while_others_count(count):
    copy = count.copy()
    count.compare()
    row = count.of(copy)
    count_again(stocktake=count.stocktake, by=count.librarian, now=at(65))
    for call in (
        lambda: resolve(difference=row, how="found", by=count.other, now=at(70)),
        lambda: take_back(difference=row, by=count.other, now=at(70)),
    ):
        with pytest.raises(StaleStocktake):
            call()
    assert Difference.objects.get().resolution == ""
