"""A page of ticks: whom it records, what it leaves, and what it writes down about it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import Activity, ActivityEvent, Attendance, AttendanceEvent
from activities.services.attendance import NotYet, record_attendance, record_guests, record_sheet
from activities.services.recorders import audience_of, reach_of
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory, held
from organization.models import Posting, Tree
from organization.roles import Role
from organization.services.lives import Stale
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI, written

pytestmark = pytest.mark.django_db
COLUMNS = ("attendance__cadre__name", "actor__name", "from_state", "to_state", "reason")


@pytest.fixture
def office():
    return reader(Role.OFFICE)


@pytest.fixture
def people():
    department = DepartmentFactory(parent=bureau())
    return [CadreFactory(name=name, department=department) for name in ("甲", "乙", "丙")]


def ticked(activity, recorder, chosen, now=None, **more):
    present = {cadre.pk: capacity for cadre, capacity in chosen.items()}
    if "seen" in more:
        more["seen"] = {cadre.pk: capacity for cadre, capacity in more["seen"].items()}
    return record_sheet(activity=activity, present=present, recorder=recorder, now=now or timezone.now(), **more)


def recorded():
    rows = Attendance.objects.order_by("cadre__name", "capacity")
    return list(rows.values_list("cadre__name", "capacity", "is_void"))


def events():
    return list(AttendanceEvent.objects.order_by("pk").values_list(*COLUMNS))


def test_ticks_become_rows_with_their_events_and_the_activity_is_held(office, people):
    activity = ActivityFactory(date=timezone.localdate())
    found = ticked(activity, office, {people[0]: "attending", people[1]: "speaking", people[2]: ""})
    assert (found.added, found.changed, found.voided, found.told) == (2, 0, 0, {})
    assert recorded() == [("乙", "speaking", False), ("甲", "attending", False)]
    assert [each[0] for each in events()] == ["甲", "乙"]
    assert {each[1:] for each in events()} == {
        (office.name, "", "attending", ""),
        (office.name, "", "speaking", ""),
    }
    assert set(Attendance.objects.values_list("recorded_by", flat=True)) == {office.pk}
    activity.refresh_from_db()
    assert activity.state == ActivityState.HELD
    event = ActivityEvent.objects.get()
    assert (event.action, event.from_state, event.to_state, event.actor) == ("hold", "scheduled", "held", office)


def test_another_capacity_and_an_unticked_person_keep_their_row(office, people):
    activity = held()
    ticked(activity, office, {people[0]: "attending", people[1]: "attending"})
    stamps = dict(Attendance.objects.values_list("cadre", "changed_at"))
    found = ticked(activity, office, {people[0]: "speaking", people[1]: ""})
    assert (found.added, found.changed, found.voided) == (0, 1, 1)
    assert recorded() == [("乙", "attending", True), ("甲", "speaking", False)]
    assert [each[2:4] for each in events()[2:]] == [("attending", "speaking"), ("attending", "void")]
    assert all(row.changed_at > stamps[row.cadre_id] for row in Attendance.objects.all())
    ticked(activity, office, {people[1]: "speaking"})
    assert recorded() == [("乙", "speaking", False), ("甲", "speaking", False)]
    assert events()[-1][2:4] == ("void", "speaking")


def test_two_rows_of_a_register_become_one_when_they_are_ticked(office, people):
    activity = held()
    for capacity in ("attending", "speaking"):
        Attendance.objects.create(activity=activity, cadre=people[0], capacity=capacity)
    assert ticked(activity, office, {people[0]: "speaking"}).changed == 0
    ticked(activity, office, {people[0]: "attending"})
    assert recorded() == [("甲", "attending", False), ("甲", "speaking", True)]
    ticked(activity, office, {people[0]: ""})
    assert recorded() == [("甲", "attending", True), ("甲", "speaking", True)]


def test_what_is_so_already_writes_nothing(office, people):
    activity = held()
    ticked(activity, office, {people[0]: "attending"})
    found = ticked(activity, office, {people[0]: "attending", people[1]: ""})
    assert (found.added, found.changed, found.voided) == (0, 0, 0)
    assert AttendanceEvent.objects.count() == 1


def test_who_was_changed_by_another_meanwhile_is_left_and_told(office, people):
    activity, other = held(), reader(Role.OFFICE)
    ticked(activity, other, {people[0]: "speaking"})
    found = ticked(
        activity,
        office,
        {people[0]: "attending", people[1]: "attending"},
        seen={people[0]: "", people[1]: ""},
    )
    assert list(found.told.values()) == [f"甲的签到刚由{other.name}改为“主讲”，请看现在的情况再办。"]
    assert recorded() == [("乙", "attending", False), ("甲", "speaking", False)]


def test_the_same_tick_of_two_is_no_conflict_and_ones_own_last_tick_is_none(office, people):
    activity, other = held(), reader(Role.OFFICE)
    ticked(activity, other, {people[0]: "attending"})
    assert ticked(activity, office, {people[0]: "attending"}, seen={people[0]: ""}).told == {}
    assert ticked(activity, other, {people[0]: "speaking"}, seen={people[0]: ""}).told == {}
    assert recorded() == [("甲", "speaking", False)]


def test_nobody_ticks_the_own_person(office, people):
    organiser = people[0]
    activity = held(organiser=organiser)
    Attendance.objects.create(activity=activity, cadre=organiser)
    for recorder, words in ((organiser, "您自己的签到请由办公室登记"), (office, "不能登记自己的活动签到")):
        for wanted in ("speaking", ""):
            present = {recorder: wanted} if recorder == organiser else {recorder: "attending"}
            assert words in ticked(activity, recorder, present).told[recorder.pk]
    assert recorded() == [("甲", "attending", False)]


def test_the_organiser_records_whom_the_activity_concerns():
    county = County()
    organiser = CadreFactory(department=county.office)
    umbrella = CadreFactory(department=county.root)
    own = held(organiser=organiser, department=county.office)
    found = ticked(own, organiser, dict.fromkeys((county.colleague, umbrella, county.stranger), "attending"))
    assert (found.added, list(found.told)) == (2, [county.stranger.pk])
    of_all = held(organiser=organiser)
    assert ticked(of_all, organiser, {county.stranger: "attending"}).added == 1
    with pytest.raises(NotAllowed):
        ticked(own, county.colleague, {umbrella: "attending"})


def test_the_audience_is_who_sees_the_activity():
    county = County()
    below = DepartmentFactory(parent=county.office)
    people = [CadreFactory(department=place) for place in (county.root, county.office, below, county.foreign_office)]
    for host in (None, county.root, county.ours, county.office, below, county.theirs):
        activity = held(department=host)
        sees = {each.pk for each in people if Activity.objects.in_sight_of(each).filter(pk=activity.pk).exists()}
        places = audience_of(activity, Tree.load())
        posted = {each.pk for each in people if Posting.objects.get(cadre=each).department_id in places}
        assert posted == sees, host


def test_an_agencys_office_records_its_own_at_an_activity_of_all_and_all_concerned_at_its_own():
    county = County()
    of_all, own = held(), held(department=county.ours)
    assert ticked(of_all, county.clerk, dict.fromkeys((county.colleague, county.stranger), "attending")).added == 1
    head = CadreFactory(department=county.root)
    assert ticked(own, county.clerk, {head: "attending"}).added == 1
    assert reach_of(county.head, own).everybody


def test_the_place_of_the_day_decides_and_who_had_left_is_not_recorded():
    county = County()
    day = timezone.localdate() - timedelta(days=10)
    moved, left, unposted = CadreFactory(), CadreFactory(), CadreFactory()
    Posting.objects.create(cadre=moved, department=county.office, since=date(2020, 1, 1), until=day)
    Posting.objects.create(cadre=moved, department=county.foreign_office, since=day + timedelta(days=1))
    Posting.objects.create(cadre=left, department=county.office, since=date(2020, 1, 1), until=day - timedelta(days=1))
    activity = held(day)
    found = ticked(activity, county.clerk, dict.fromkeys((moved, left, unposted), "attending"))
    assert (found.added, sorted(found.told)) == (1, sorted([left.pk, unposted.pk]))
    found = ticked(activity, county.head, {left: "attending"})
    assert f"在 {written(day)}不在职" in found.told[left.pk]
    again = held(day + timedelta(days=1))
    assert ticked(again, county.clerk, {moved: "attending"}).added == 0


def test_who_turned_out_to_have_left_is_unticked_by_the_office_of_all(office, people):
    activity = held()
    ticked(activity, office, {people[0]: "attending"})
    people[0].postings.update(until=timezone.localdate() - timedelta(days=1))
    assert ticked(activity, office, {people[0]: ""}).voided == 1


def test_nothing_before_the_day_and_nothing_at_a_cancelled_one(office, people):
    day = date(2026, 3, 28)
    activity = ActivityFactory(date=day)
    before = datetime(2026, 3, 27, 23, 59, tzinfo=SHANGHAI)
    with pytest.raises(NotYet, match="活动在 2026 年 3 月 28 日 星期六举行，当天起才能登记签到"):
        ticked(activity, office, {people[0]: "attending"}, now=before)
    assert ticked(activity, office, {people[0]: "attending"}, now=before + timedelta(minutes=1)).added == 1
    cancelled = held(day)
    Activity.objects.filter(pk=cancelled.pk).update(state=ActivityState.CANCELLED)
    with pytest.raises(NotYet, match="已经取消"):
        ticked(cancelled, office, {people[0]: "attending"})
    row = Attendance(activity=cancelled, cadre=people[0])
    with pytest.raises(NotYet, match="已经取消"):
        record_attendance(attendance=row, recorder=office, now=timezone.now())
    assert Attendance.objects.count() == 1


@pytest.mark.at(datetime(2026, 3, 28, 23, 58, tzinfo=SHANGHAI))
def test_on_the_day_of_recording_a_change_needs_no_word_and_after_midnight_it_does(office, people, clock):
    activity = held(date(2026, 3, 28))
    ticked(activity, office, {people[0]: "attending", people[1]: "attending"})
    clock.move_to(datetime(2026, 3, 28, 23, 59, 59, tzinfo=SHANGHAI))
    assert ticked(activity, office, {people[0]: "speaking"}).changed == 1
    clock.move_to(datetime(2026, 3, 29, 0, 0, tzinfo=SHANGHAI))
    found = ticked(activity, office, {people[0]: "", people[1]: "speaking", people[2]: "attending"})
    assert (found.added, sorted(found.told)) == (1, sorted(each.pk for each in people[:2]))
    assert ticked(activity, office, {people[0]: ""}, reason="照片上没有").voided == 1
    assert events()[-1] == ("甲", office.name, "speaking", "void", "照片上没有")
    again = ticked(activity, office, {people[0]: "attending"})
    assert "要写明原因" in again.told[people[0].pk]


def test_of_two_stale_copies_of_a_row_the_second_is_told(office, people):
    activity = held()
    ticked(activity, office, {people[0]: "attending"})
    first, second = (Attendance.objects.get() for _ in range(2))
    first.capacity, second.is_void = "speaking", True
    record_attendance(attendance=first, recorder=office, now=timezone.now(), seen="attending")
    with pytest.raises(Stale):
        record_attendance(attendance=second, recorder=office, now=timezone.now(), seen="attending")
    assert recorded() == [("甲", "speaking", False)]


def test_of_two_who_record_the_same_row_the_second_is_told(office, people):
    activity = held()
    for expected in (None, ValueError):
        row = Attendance(activity=activity, cadre=people[0])
        if expected is None:
            record_attendance(attendance=row, recorder=office, now=timezone.now())
            continue
        with pytest.raises(expected, match="已登记"):
            record_attendance(attendance=row, recorder=office, now=timezone.now())
    assert AttendanceEvent.objects.count() == 1


def test_guests_are_counted_and_of_two_counts_the_second_is_told(office):
    activity = ActivityFactory(date=timezone.localdate())
    record_guests(activity=activity, guests=12, seen=None, recorder=office, now=timezone.now())
    record_guests(activity=activity, guests=12, seen=None, recorder=office, now=timezone.now())
    with pytest.raises(Stale):
        record_guests(activity=activity, guests=3, seen=None, recorder=office, now=timezone.now())
    with pytest.raises(NotAllowed):
        record_guests(activity=activity, guests=3, seen=12, recorder=reader(), now=timezone.now())
    activity.refresh_from_db()
    assert (activity.guests, activity.version) == (12, 2)
    assert ActivityEvent.objects.get().reason == "外来人数：未填 → 12 人"


def test_three_hundred_people_ask_no_more_than_three_but_for_batches(office):
    department = DepartmentFactory(parent=bureau())
    activity = held()
    counts = []
    for size in (3, 300):
        people = [CadreFactory(department=department) for _ in range(size)]
        with CaptureQueriesContext(connection) as captured:
            assert ticked(activity, office, dict.fromkeys(people, "attending")).added == size
        counts.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            assert ticked(activity, office, dict.fromkeys(people, "speaking")).changed == size
        counts.append(len(captured))
    assert max(counts) <= 14
    # SQLite takes many rows in a few batches.
    assert max(counts[2] - counts[0], counts[3] - counts[1]) <= 4
