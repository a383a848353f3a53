"""The report of a stocktake adds up."""

import pytest

from reading.models import Copy, Difference, Stocktake
from reading.services.moving import move_copy
from reading.services.stocktake_report import report_on
from reading.tests.stocktaking import START, at, count

__all__ = ["count"]
pytestmark = pytest.mark.django_db


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
