"""Several people at one stocktake at one moment, on PostgreSQL."""

from functools import partial

import pytest

from reading.models import Copy, CopyEvent, Difference, Place, Scan, Stocktake
from reading.services.comparing import compare
from reading.services.places import PlaceFacts, WrongPlace, change_place, empty_place
from reading.services.resolving import StaleDifference, resolve
from reading.services.scanning import scan
from reading.services.stocktakes import StaleStocktake, start_stocktake
from reading.tests.factories import PlaceFactory
from reading.tests.stocktaking import Count, at
from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
PEOPLE = 16 if SOAK else 6


@pytest.fixture
def count(seeds) -> Count:
    return Count()


def test_the_same_barcode_scanned_by_several_is_one_row(count):
    copy = count.copy()
    job = partial(scan, stocktake=count.stocktake, typed=copy.barcode, by=count.other, now=at(1))
    results = at_once(*[job] * PEOPLE)
    assert sorted(is_new for _, is_new in results) == [False] * (PEOPLE - 1) + [True]
    assert Scan.objects.count() == 1


def test_of_several_who_compare_one_makes_the_differences(count):
    for _ in range(30):
        count.copy()
    results = at_once(*[partial(compare, stocktake=count.stocktake, by=count.other, now=at(60))] * PEOPLE)
    assert [each for each in results if not isinstance(each, StaleStocktake)] == [30]
    assert Difference.objects.count() == 30


def test_no_scan_is_lost_between_counting_and_comparing(count):
    copies = [count.copy() for _ in range(PEOPLE)]
    scans = [
        partial(scan, stocktake=count.stocktake, typed=copy.barcode, by=count.other, now=at(59)) for copy in copies
    ]
    results = at_once(*scans, partial(compare, stocktake=count.stocktake, by=count.other, now=at(60)))
    late = sum(isinstance(each, StaleStocktake) for each in results)
    assert Scan.objects.count() == PEOPLE - late
    assert Difference.objects.filter(kind="missing").count() == late == results[-1]


def test_of_several_who_resolve_one_difference_one_does(count):
    copy = count.copy()
    count.compare()
    row = count.of(copy)
    job = partial(resolve, difference=row, how="lost", by=count.other, now=at(70), note="找过")
    results = at_once(*[job] * PEOPLE)
    assert sum(isinstance(each, StaleDifference) for each in results) == PEOPLE - 1
    assert CopyEvent.objects.count() == 1


def test_of_several_who_begin_one_begins(count):
    shelf = PlaceFactory(parent=count.elsewhere)
    jobs = [partial(start_stocktake, place=place, by=count.other, now=at(1)) for place in (shelf, count.elsewhere)]
    results = at_once(*jobs * (PEOPLE // 2))
    assert sum(isinstance(each, Stocktake) for each in results) == 1


def test_copies_never_end_in_a_place_that_closes_at_that_moment(count):
    for _ in range(5):
        copy, target = count.copy(), PlaceFactory()
        facts = PlaceFacts(target.code, target.name, target.kind, is_closed=True)
        close = partial(change_place, place=target, seen=target.changed_at, facts=facts, by=count.librarian, now=at(1))
        move = partial(empty_place, place=copy.home, to=target, by=count.other, now=at(1))
        results = at_once(close, move)
        closed = Place.objects.get(pk=target.pk).is_closed
        assert isinstance(results[0], WrongPlace) != closed
        assert Copy.objects.filter(home=target).exists() != closed
        Copy.objects.update(home=count.elsewhere)
