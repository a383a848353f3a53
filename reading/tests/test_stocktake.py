"""Counting and comparing: what is a difference, and what is none by the times."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Copy, CopyEvent, Difference, Hold, Loan, Scan, Stocktake
from reading.services.comparing import compare
from reading.services.copies import change_state
from reading.services.moving import move_copy
from reading.services.resolving import take_back
from reading.services.scanning import WrongBarcode, barcode_of, counts_of, places_of, scan, unscan
from reading.services.stocktake_report import report_on
from reading.services.stocktakes import StaleStocktake, count_again, finish_stocktake, start_stocktake
from reading.states import STOCKTAKE_TRANSITIONS, CopyAction, StocktakeState
from reading.tests.factories import CopyFactory, PlaceFactory, lend, reader
from reading.tests.stocktaking import START, Count, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def count() -> Count:
    return Count()


def give_back(loan: Loan, minutes: int) -> None:
    Loan.objects.filter(pk=loan.pk).update(returned_at=at(minutes))
    Copy.objects.filter(pk=loan.copy_id).update(state="available")


def test_each_kind_of_difference_is_found(count):
    seen, missing, misplaced = count.copy(count.room), count.copy(), count.copy(count.elsewhere)
    out, lost = count.copy(), count.copy(state="lost", left_on=START.date())
    lend(out, reader(), START - timedelta(days=3))
    for copy in (seen, misplaced, out, lost, "9787101000001"):
        count.scan(copy)
    assert count.compare() == {
        missing.barcode: "missing",
        misplaced.barcode: "misplaced",
        out.barcode: "unexpected",
        lost.barcode: "unexpected",
        "9787101000001": "unknown",
    }
    count.stocktake.refresh_from_db()
    assert (count.stocktake.state, count.stocktake.expected, count.stocktake.compared_at) == ("compared", 2, at(60))


def test_what_is_lent_set_aside_or_in_repair_is_not_missing(count):
    for state in ("on_loan", "set_aside", "repair", "withdrawn", "lost"):
        count.copy(state=state, left_on=START.date() if state in ("withdrawn", "lost") else None)
    assert count.compare() == {}


def test_a_copy_lent_after_it_was_scanned_is_no_difference(count):
    copy = count.copy()
    count.scan(copy, 10)
    lend(copy, reader(), at(20))
    assert count.compare() == {}


def test_a_copy_lent_before_it_was_scanned_is_one(count):
    copy = count.copy()
    lend(copy, reader(), at(5))
    count.scan(copy, 10)
    assert count.compare() == {copy.barcode: "unexpected"}


def test_a_copy_lent_and_returned_while_others_counted_is_not_missing(count):
    copy = count.copy()
    give_back(lend(copy, reader(), at(5)), 30)
    assert count.compare() == {}


def test_a_copy_that_came_back_while_others_counted_is_not_missing(count):
    copy = count.copy()
    give_back(lend(copy, reader(), START - timedelta(days=9)), 30)
    assert count.compare() == {}


def test_a_copy_that_came_back_before_the_stocktake_is_missing(count):
    copy = count.copy()
    give_back(lend(copy, reader(), START - timedelta(days=9)), -1)
    assert count.compare() == {copy.barcode: "missing"}


def test_a_copy_scanned_on_loan_and_then_returned_is_no_difference(count):
    copy = count.copy()
    loan = lend(copy, reader(), START - timedelta(days=9))
    count.scan(copy, 10)
    give_back(loan, 20)
    assert count.compare() == {}


def test_a_copy_set_aside_after_it_was_scanned_is_no_difference(count):
    copy = count.copy()
    count.scan(copy, 10)
    Copy.objects.filter(pk=copy.pk).update(state="set_aside")
    Hold.objects.create(book=copy.book, cadre=reader(), state="ready", placed_at=START, copy=copy, ready_at=at(20),
                        expires_on=at(20).date())  # fmt: skip
    assert count.compare() == {}


def test_a_copy_moved_while_others_counted_is_no_difference(count):
    comes, goes = count.copy(count.elsewhere), count.copy()
    count.scan(goes, 10)
    move_copy(copy=comes, to=count.shelf, by=count.other, now=at(20))
    move_copy(copy=goes, to=count.elsewhere, by=count.other, now=at(20))
    assert count.compare() == {}


def test_a_copy_repaired_or_found_while_others_counted_is_not_missing(count):
    for state, action in (("repair", CopyAction.REPAIRED), ("lost", CopyAction.FIND)):
        copy = count.copy(state=state, left_on=START.date() if state == "lost" else None)
        change_state(copy=copy, action=action, by=count.other, now=at(20))
    assert count.compare() == {}


def test_a_copy_that_came_in_while_others_counted_is_not_missing(count):
    CopyFactory(home=count.shelf)
    assert count.compare() == {}


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
    return f"{timezone.localtime(at(minutes)):%Y-%m-%d %H:%M}"


def test_a_barcode_that_got_its_copy_meanwhile_is_known_at_the_comparison(count):
    count.scan("SX009999", 10)
    copy = CopyFactory(home=count.shelf, barcode="SX009999")
    Copy.objects.filter(pk=copy.pk).update(created_at=at(5))
    assert count.compare() == {}
    assert Scan.objects.get().copy == copy


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


def test_the_report_adds_up(count):
    seen, found, lost, moved = count.copy(), count.copy(), count.copy(), count.copy(count.elsewhere)
    count.scan(seen)
    count.scan(moved)
    count.compare()
    count.resolve(found, "found")
    count.resolve(lost, "lost")
    count.resolve(moved, "moved")
    report = report_on(Stocktake.objects.get(pk=count.stocktake.pk))
    assert (report.expected, report.found, report.missing, report.after) == (3, 1, 2, 3)
    assert report.after == Copy.objects.available().filter(home__in=[count.room, count.shelf]).count()
    assert report.kinds == [("应在未见", 2), ("放错地点", 1), ("状态不符", 0), ("条码不在目录", 0)]
    assert report.ways == [("已找到", 1), ("登记丢失", 1), ("改为此处馆藏", 1)]
    assert report.scanners == [(count.librarian.name, 2)]


def test_a_copy_of_another_place_that_was_corrected_is_none_more_here(count):
    shelf = [count.copy() for _ in range(27)]
    foreign = count.copy(count.elsewhere, state="lost", left_on=START.date())
    here = count.copy(state="repair")
    for copy in (*shelf[:25], foreign, here):
        count.scan(copy)
    count.compare()
    count.resolve(shelf[25], "found")
    count.resolve(shelf[26], "lost")
    count.resolve(foreign, "sent_back")
    assert report_on(Stocktake.objects.get(pk=count.stocktake.pk)).after == 26
    count.resolve(here, "corrected")
    # A copy that was corrected without its place, and one that was moved away long after.
    Difference.objects.filter(copy=foreign).update(resolution="corrected")
    move_copy(copy=here, to=count.elsewhere, by=count.librarian, now=at(900))
    assert report_on(Stocktake.objects.get(pk=count.stocktake.pk)).after == 27


def test_five_thousand_copies_are_compared_in_a_few_seconds(count):
    book = count.copy(count.elsewhere).book
    day = timezone.localdate()
    Copy.objects.bulk_create(
        Copy(book=book, home=count.shelf, barcode=f"T{number:06}", acquired_on=day) for number in range(5000)
    )
    Copy.objects.update(created_at=START - timedelta(days=99))
    Scan.objects.bulk_create(
        Scan(stocktake=count.stocktake, copy=copy, barcode=copy.barcode, scanned_by=count.librarian, scanned_at=at(1))
        for copy in Copy.objects.filter(home=count.shelf)[:4000]
    )
    began = timezone.now()
    assert compare(stocktake=count.stocktake, by=count.librarian, now=at(60)) == 1000
    assert timezone.now() - began < timedelta(seconds=10)
    assert CopyEvent.objects.count() == 0
