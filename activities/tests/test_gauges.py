"""Commitment gauges: counted by hand over a year and recounted independently."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.kinds import LECTURE, READING_DAY, SHARING, Pattern, Tag
from activities.models import Commitment, Series
from activities.recurrence import Days
from activities.services.gauges import Counted, Standing, gauge_of, gauges
from activities.states import ActivityState
from activities.tests.factories import SeriesFactory
from activities.tests.promises import CANCELLED, HELD, SCHEDULED, TODAY, nothing_promised, on, promised
from organization.models import DepartmentKind, Tree
from organization.tests.factories import DepartmentFactory, bureau

__all__ = ["nothing_promised"]
pytestmark = pytest.mark.django_db


def gauge(commitment, today=TODAY, year=2026, agency=None):
    tree = Tree.load()
    found = gauges(year, agency or tree.root.id, tree, today)
    return next(each for each in found if each.commitment == commitment)


def numbers(found) -> tuple[int, ...]:
    return tuple(map(len, (found.held, found.coming, found.unrecorded, found.missing)))


def test_a_year_counted_by_hand():
    """Monthly in 2026, on 10 September: held in January (twice), February, April (moved into May), June and July;
    March cancelled, August not recorded yet; October and 31 December arranged; the rest is missing."""
    series = SeriesFactory(category=SHARING, pattern=Pattern.MONTHLY)
    on(date(2025, 12, 31))
    on(date(2026, 1, 1))
    on(date(2026, 1, 31), series=series, occurrence="2026-01")
    on(date(2026, 2, 28))
    on(date(2026, 3, 5), CANCELLED, series=series, occurrence="2026-03")
    on(date(2026, 5, 2), series=series, occurrence="2026-04")
    on(date(2026, 6, 30))
    on(date(2026, 7, 1))
    on(date(2026, 8, 20), SCHEDULED)
    on(date(2026, 10, 8), SCHEDULED)
    on(date(2026, 12, 31), SCHEDULED, until=date(2027, 1, 2))
    on(date(2027, 1, 1), SCHEDULED)
    on(date(2026, 4, 4), category=LECTURE)
    found = gauge(promised())
    assert (found.planned, *numbers(found)) == (12, 6, 2, 1, 4)
    assert [part.code for part in found.missing] == ["2026-03", "2026-05", "2026-09", "2026-11"]
    # Nine are there; of the four months without one two are over: three more are needed, two can still come in time.
    assert (found.short, found.room, found.standing) == (3, 2, Standing.TOO_LATE)


def test_labels_and_categories_count_each_once():
    union = promised(title="工会读书活动", category="", tag=Tag.UNION, target=2)
    days = promised(title="职工读书日", category=READING_DAY, target=12)
    both = promised(title="工会读书日", category=READING_DAY, tag=Tag.UNION, target=1)
    on(date(2026, 1, 31), category=READING_DAY, for_union=True, for_branch=True)
    on(date(2026, 2, 28), category=READING_DAY)
    on(date(2026, 3, 8), category=LECTURE, for_union=True)
    on(date(2026, 3, 9), CANCELLED, category=READING_DAY, for_union=True)
    assert [len(gauge(each).held) for each in (union, days, both)] == [2, 2, 1]
    assert gauge(union).standing == Standing.MET


@pytest.mark.parametrize(
    ("today", "states", "standing"),
    [
        (date(2026, 9, 10), [HELD, HELD], Standing.MET),
        (date(2026, 9, 10), [HELD, (SCHEDULED, date(2026, 9, 10))], Standing.ON_TIME),
        (date(2026, 9, 10), [HELD, (SCHEDULED, date(2026, 9, 9))], Standing.UNRECORDED),
        (date(2026, 9, 10), [HELD], Standing.TO_ARRANGE),
        (date(2026, 12, 30), [], Standing.TO_ARRANGE),
        (date(2026, 12, 31), [], Standing.TOO_LATE),
        (date(2026, 12, 31), [HELD], Standing.TO_ARRANGE),
        (date(2027, 1, 1), [HELD], Standing.UNMET),
        (date(2025, 6, 1), [], Standing.TO_ARRANGE),
    ],
)
def test_how_two_a_year_stand(today, states, standing):
    for each in states:
        state, day = each if isinstance(each, tuple) else (each, date(2026, 2, 1))
        on(day, state)
    assert gauge(promised(target=2), today).standing == standing


def test_without_number_and_series_it_only_counts():
    on(date(2026, 2, 1))
    found = gauge(promised())
    assert (found.planned, found.standing) == (0, Standing.OPEN)


def test_series_yield_the_days_between_their_first_and_last_and_what_they_made():
    """The last Wednesdays of January, April, July and October 2026: 28, 29, 29, 28."""
    columns = {"category": SHARING, "pattern": Pattern.QUARTERLY, "month": 1}
    begun = SeriesFactory(since=date(2026, 4, 29), **columns)
    commitment = promised()
    assert [part.code for part in gauge(commitment).parts] == ["2026Q2", "2026Q3", "2026Q4"]
    Series.objects.filter(pk=begun.pk).update(since=date(2026, 4, 30), until=date(2026, 10, 27))
    assert [part.code for part in gauge(commitment).parts] == ["2026Q3"]
    on(date(2026, 5, 1), SCHEDULED, series=begun, occurrence="2026Q2")
    assert [part.code for part in gauge(commitment).parts] == ["2026Q2", "2026Q3"]
    Series.objects.filter(pk=begun.pk).update(is_paused=True)
    assert [part.code for part in gauge(commitment).parts] == ["2026Q2"]
    SeriesFactory(category=SHARING, pattern=Pattern.YEARLY)
    assert gauge(commitment).planned == 2


def test_an_agency_counts_its_own_and_the_roots():
    root = bureau()
    ours, theirs = (DepartmentFactory(parent=root, kind=DepartmentKind.AGENCY) for _ in range(2))
    room = DepartmentFactory(parent=ours)
    for host in (None, ours, room, theirs, root):
        on(date(2026, 2, 1), department=host)
    commitment = promised(target=2)
    assert len(gauge(commitment, agency=ours.pk).held) == 3
    assert len(gauge(commitment, agency=theirs.pk).held) == 2
    assert len(gauge(commitment, agency=root.pk).held) == 2


days = st.dates(date(2025, 11, 1), date(2027, 2, 28))


rows = st.lists(
    st.tuples(
        days, st.integers(0, 3), st.sampled_from(ActivityState.values), st.sampled_from([SHARING, LECTURE, ""]),
        st.sets(st.sampled_from(Tag.values)), st.sampled_from([None, 1, 2]),
    ),
    max_size=30,
)  # fmt: skip


@given(rows, st.sampled_from(["", SHARING]), st.sampled_from(["", *Tag.values]), st.integers(1, 20), days)
def test_recounted_independently(made, category, tag, target, today):
    if not category and not tag:
        category = SHARING
    counted = [
        Counted(number, "", kind, day, day + timedelta(days=more), state, frozenset(labels), host, None, "")
        for number, (day, more, state, kind, labels, host) in enumerate(made)
    ]
    found = gauge_of(Commitment(category=category, tag=tag, target=target), [], counted, 2026, {None, 1}, today, Days())
    tally = {"held": 0, "coming": 0, "unrecorded": 0}
    for day, more, state, kind, labels, host in made:
        if day.year != 2026 or host == 2 or state == "cancelled":
            continue
        if (category and kind != category) or (tag and tag not in labels):
            continue
        last = day + timedelta(days=more)
        tally["held" if state == "held" else "coming" if last >= today else "unrecorded"] += 1
    assert (len(found.held), len(found.coming), len(found.unrecorded)) == tuple(tally.values())
    assert found.short == max(target - sum(tally.values()), 0)
    assert len(found.counted) == sum(tally.values())


@given(st.lists(st.tuples(days, st.sampled_from(ActivityState.values)), max_size=40))
def test_missing_months_recounted_independently(made):
    counted = [
        Counted(number, "", SHARING, day, day, state, frozenset(), None, None, "")
        for number, (day, state) in enumerate(made)
    ]
    series = Series(category=SHARING, pattern=Pattern.MONTHLY, since=date(2020, 1, 1))
    found = gauge_of(Commitment(category=SHARING), [series], counted, 2026, {None}, TODAY, Days())
    there = {day.month for day, state in made if day.year == 2026 and state != "cancelled"}
    assert [part.span.first.month for part in found.missing] == [month for month in range(1, 13) if month not in there]
