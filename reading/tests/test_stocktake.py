"""Counting, the life of a stocktake, and what was decided in it."""

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Copy, Scan, Stocktake
from reading.services.comparing import compare
from reading.services.resolving import take_back
from reading.services.scanning import WrongBarcode, barcode_of, counts_of, places_of, scan, unscan
from reading.services.stocktakes import StaleStocktake, count_again, finish_stocktake, start_stocktake
from reading.states import STOCKTAKE_TRANSITIONS, StocktakeState
from reading.tests.factories import PlaceFactory, reader
from reading.tests.stocktaking import at, count

__all__ = ["count"]
pytestmark = pytest.mark.django_db


def test_a_barcode_is_one_row_however_often_and_however_it_is_read(count):
    copy = count.copy(barcode="SX000777")
    for typed in ("SX000777", "sx000777", " ＳＸ000777\n", "https://portal.example/copies/SX000777/?from=qr"):
        row, is_new = scan(stocktake=count.stocktake, typed=typed, by=count.librarian, now=at(1))
        assert (row.copy, is_new) == (copy, typed == "SX000777")
    assert Scan.objects.count() == 1


@pytest.mark.parametrize("typed", ["", " \x00\u200b", "9" * 31, "长" * 60_000])
def test_what_is_no_barcode_is_told(typed):
    with pytest.raises(WrongBarcode):
        barcode_of(typed)


def test_one_takes_back_ones_own_scan_only(count):
    count.scan(count.copy())
    row = Scan.objects.get()
    assert unscan(stocktake=count.stocktake, scan_id=row.pk, by=count.other) == ""
    assert unscan(stocktake=count.stocktake, scan_id=row.pk, by=count.librarian) == row.barcode
    assert unscan(stocktake=count.stocktake, scan_id=row.pk, by=count.librarian) == ""
    assert Scan.objects.count() == 0


def test_counts_are_of_all_within_the_room(count):
    for home in (count.room, count.shelf, count.elsewhere):
        count.scan(count.copy(home))
        count.copy(home)
    found = counts_of(count.stocktake, places_of(count.stocktake), count.other)
    assert (found.expected, found.seen, found.left, found.scanned, found.mine) == (4, 2, 2, 3, 0)


def test_a_place_and_what_is_around_or_inside_it_is_counted_once_at_a_time(count):
    for place in (count.room, count.shelf):
        with pytest.raises(StaleStocktake, match="还没有结束"):
            start_stocktake(place=place, by=count.other, now=at(1))
    assert start_stocktake(place=count.elsewhere, by=count.other, now=at(1)).state == "counting"
    with pytest.raises(StaleStocktake, match="已经停用"):
        start_stocktake(place=PlaceFactory(is_closed=True), by=count.other, now=at(1))
    with pytest.raises(NotAllowed):
        start_stocktake(place=PlaceFactory(), by=reader(Role.LEADER), now=at(1))


def test_of_two_who_compare_finish_or_go_back_the_second_is_told(count):
    count.copy()
    stale = Stocktake.objects.get(pk=count.stocktake.pk)
    count.compare()
    with pytest.raises(StaleStocktake, match="核对差异"):
        compare(stocktake=stale, by=count.other, now=at(61))
    with pytest.raises(StaleStocktake, match="还有 1 条差异没有处理"):
        finish_stocktake(stocktake=stale, by=count.other, now=at(62))
    count_again(stocktake=count.stocktake, by=count.librarian, now=at(63))
    with pytest.raises(StaleStocktake, match="清点中"):
        count_again(stocktake=stale, by=count.other, now=at(64))
    count.scan(Copy.objects.get(), 65)
    assert count.compare(66) == {}
    finish_stocktake(stocktake=stale, by=count.librarian, now=at(67))
    with pytest.raises(StaleStocktake, match="已完成"):
        finish_stocktake(stocktake=stale, by=count.other, now=at(68))
    with pytest.raises(StaleStocktake):
        count.scan("SX1", 69)


LIFE = {
    ("counting", "compare"): "compared",
    ("compared", "count_again"): "counting",
    ("compared", "finish"): "finished",
}
STEPS = {"compare": compare, "count_again": count_again, "finish": finish_stocktake}


@pytest.mark.parametrize("action", STEPS)
@pytest.mark.parametrize("state", StocktakeState.values)
def test_every_state_with_every_action(count, state, action):
    finished = {"finished_by": count.librarian, "finished_at": at(1)} if state == "finished" else {}
    Stocktake.objects.filter(pk=count.stocktake.pk).update(state=state, **finished)
    after = LIFE.get((state, action))
    if after is None:
        with pytest.raises(StaleStocktake):
            STEPS[action](stocktake=count.stocktake, by=count.other, now=at(2))
        assert count.told() == [("start", count.librarian)]
    else:
        STEPS[action](stocktake=count.stocktake, by=count.other, now=at(2))
        event = count.stocktake.events.last()
        assert (event.from_state, event.action, event.to_state, event.at) == (state, action, after, at(2))
        assert count.told() == [("start", count.librarian), (action, count.other)]
    count.stocktake.refresh_from_db()
    assert count.stocktake.state == (after or state)


def test_the_table_of_a_stocktakes_life_is_this():
    assert LIFE == STOCKTAKE_TRANSITIONS


def test_what_was_decided_outlives_its_difference(count):
    copy = count.copy(barcode="SX000900")
    count.compare()
    count.resolve(copy, "noted", 70, note="借给展览")
    take_back(difference=count.of(copy), by=count.other, now=at(71))
    count.resolve(copy, "lost", 72, note="找了三遍")
    count_again(stocktake=count.stocktake, by=count.librarian, now=at(80))
    count.scan(copy, 90)
    assert count.compare(100) == {"SX000900": "unexpected"}
    told = [(event.action, event.actor, event.reason) for event in count.stocktake.events.exclude(reason="")]
    by = count.librarian.name
    assert told == [
        ("take_back", count.other, f"SX000900 应在未见：已记录，{by}，{clock(70)}，借给展览"),
        ("overtake", count.librarian, f"SX000900 应在未见：登记丢失，{by}，{clock(72)}，找了三遍"),
    ]


def clock(minutes: int) -> str:
    return f"{timezone.localtime(at(minutes)):%Y 年 %-m 月 %-d 日 %H:%M}"


def test_back_to_counting_keeps_what_was_resolved_and_still_holds(count):
    noted, lost, moved, later = count.copy(), count.copy(), count.copy(count.elsewhere), count.copy()
    count.scan(moved)
    count.compare()
    count.resolve(noted, "noted", note="在展柜")
    count.resolve(lost, "lost")
    count.resolve(moved, "moved")
    count_again(stocktake=count.stocktake, by=count.librarian, now=at(80))
    count.scan(later, 90)
    count.scan("NEW-1", 91)
    assert count.compare(100) == {"NEW-1": "unknown"}
    kept = dict(count.stocktake.differences.exclude(resolution="").values_list("barcode", "resolution"))
    assert kept == {noted.barcode: "noted", lost.barcode: "lost", moved.barcode: "moved"}
    count.stocktake.refresh_from_db()
    assert count.stocktake.expected == 3


def test_a_copy_registered_as_lost_and_then_scanned_is_a_difference_again(count):
    copy = count.copy()
    count.compare()
    count.resolve(copy, "lost")
    count_again(stocktake=count.stocktake, by=count.librarian, now=at(80))
    count.scan(copy, 90)
    assert count.compare(100) == {copy.barcode: "unexpected"}
    count.resolve(copy, "corrected", 110)
    copy.refresh_from_db()
    assert (copy.state, copy.left_on) == ("available", None)
