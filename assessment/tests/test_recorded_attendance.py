"""What is ticked at an activity stands in the ledger of its quarter, and leaves it with a correction."""

from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Attendance, AttendanceEvent
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory
from assessment.models import Entry, Period
from assessment.services import assess
from assessment.services.fingerprint import fingerprint
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import reader
from shuxiang.periods import SHANGHAI, parse_period

NIGHT = datetime(2026, 3, 31, 23, 59, tzinfo=SHANGHAI)
APRIL = datetime(2026, 4, 1, 0, 1, tzinfo=SHANGHAI)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NIGHT)]


@pytest.fixture
def people():
    department = DepartmentFactory(parent=bureau())
    return [CadreFactory(employee_number=number, department=department) for number in ("A1", "A2")]


@pytest.fixture
def office():
    return reader(Role.OFFICE)


@pytest.fixture
def activity(people):
    return ActivityFactory(date=NIGHT.date(), organiser=people[1])


def tick(client, activity, person, seen, capacity):
    data = {"one": person.pk, f"seen-{person.pk}": seen, f"capacity-{person.pk}": capacity}
    answer = client.post(reverse("attendance", args=[activity.pk]), data, headers={"HX-Request": "true"})
    assert answer.status_code == 200


def ledger(code="2026Q1"):
    assess(period=parse_period(code), now=timezone.now())
    rows = Entry.objects.filter(period=code).order_by("employee_number", "rule_code")
    return [(row.employee_number, row.reference, row.rule_code, str(row.points)) for row in rows]


def test_speaking_over_attending_in_the_quarter_of_the_day(client, office, people, activity, clock):
    client.force_login(people[1])
    tick(client, activity, people[0], "", "attending")
    assert ledger() == [("A1", activity.reference, "activity.attend", "0.50")]
    before = fingerprint()
    clock.shift(1)
    tick(client, activity, people[0], "attending", "speaking")
    assert fingerprint() != before
    client.force_login(office)
    tick(client, activity, people[1], "", "attending")
    assert ledger() == [
        ("A1", activity.reference, "activity.speak", "1.00"),
        ("A2", activity.reference, "activity.attend", "0.50"),
    ]
    clock.move_to(APRIL)
    assert ledger("2026Q2") == []


def test_both_rows_of_a_register_count_as_speaking(office, people, activity):
    Activity.objects.update(state=ActivityState.HELD)
    for capacity in ("attending", "speaking"):
        Attendance.objects.create(activity=activity, cadre=people[0], capacity=capacity)
    assert ledger() == [("A1", activity.reference, "activity.speak", "1.00")]


def test_a_void_attendance_leaves_the_ledger_with_the_next_run_and_its_event_stays(
    client, office, people, activity, clock
):
    client.force_login(office)
    tick(client, activity, people[0], "", "speaking")
    assert len(ledger()) == 1
    row = Attendance.objects.get()
    clock.move_to(APRIL)
    client.force_login(office)
    before = fingerprint()
    sent = {"state": "void", "reason": "登记错了人", "seen": "speaking"}
    assert client.post(reverse("attendance_record", args=[activity.pk, row.pk]), sent).status_code == 302
    assert fingerprint() != before
    assert ledger() == []
    event = AttendanceEvent.objects.last()
    assert (event.actor, event.at, event.from_state, event.to_state, event.reason) == (
        office, timezone.now(), "speaking", "void", "登记错了人",
    )  # fmt: skip


def test_a_sealed_quarter_keeps_its_line_and_the_correction_its_event(client, office, people, activity, clock):
    client.force_login(office)
    tick(client, activity, people[0], "", "speaking")
    sealed = ledger()
    Period.objects.filter(code="2026Q1").update(state=Period.State.SEALED)
    tick(client, activity, people[0], "speaking", "")
    clock.move_to(APRIL)
    assess(period=parse_period("2026Q2"), now=timezone.now())
    assert Entry.objects.filter(period="2026Q1").count() == len(sealed) == 1
    assert [(each.from_state, each.to_state) for each in AttendanceEvent.objects.all()] == [
        ("", "speaking"), ("speaking", "void"),
    ]  # fmt: skip


def test_only_what_was_held_earns(people, activity):
    """Rows that stand at an activity that was not held, however they came there."""
    Attendance.objects.create(activity=activity, cadre=people[0])
    earned = []
    for state in (ActivityState.SCHEDULED, ActivityState.HELD, ActivityState.CANCELLED):
        Activity.objects.update(state=state)
        earned.append(len(ledger()))
    assert earned == [0, 1, 0]
