"""How many queries the pages of an activity take on which everything hangs that can hang on one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from activities.kinds import Part, SignUp
from activities.models import Activity, Attendance
from activities.services.content import Title, Voice
from activities.tests.asking import opened
from activities.tests.calling import opened_call
from activities.tests.factories import SeriesFactory, ThemeFactory
from activities.tests.feedback_rows import a_finding
from activities.tests.media import a_material, a_photograph
from activities.tests.scheduled import DAY, NOW, clerk, on, scheduled, sign_up
from organization.models import DepartmentKind
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.tests.factories import BookFactory, reader
from shuxiang.tests.queries import queries

pytestmark = [pytest.mark.django_db, pytest.mark.at(on(DAY))]
# By page: who edits the activity, its organiser, everybody else. A page asks for session, person, standpoint, activity
# and frame; the activity's own then once for each list that it shows.
MOST = {"activity": (13, 13, 12), "attendance": (10, 10), "sheet": (9, 9), "registrations": (6, 5)}


def full(number: int, **columns: object) -> Activity:
    """With `number` of everything."""
    office = clerk()
    activity = scheduled(
        by=office,
        title=f"读书日{number}",
        sign_up=SignUp.OPEN,
        voices=[Voice(Part.LEAD, reader()) for _ in range(number)],
        titles=[Title(f"书{each}", BookFactory()) for each in range(number)],
        **columns,
    )
    Activity.objects.filter(pk=activity.pk).update(series=SeriesFactory(), occurrence="2026-03", theme=ThemeFactory())
    for place in range(number):
        person = reader()
        activity.events.create(action="edit", at=NOW, to_state="scheduled", actor=person)
        sign_up(activity, person)
        sign_up(activity, reader(), "waiting")
        Attendance.objects.create(activity=activity, cadre=person)
        a_material(f"{place:064}", activity=activity)
        a_photograph(activity)
        opened_call(activity=activity)
        opened([person], activity=activity)
        a_finding(office, source=activity, text=f"问题{place}", is_public=True, reply="已改")
    return activity


def asked(client, viewer, page, activity) -> int:
    client.force_login(viewer)
    return queries(client, reverse(page, args=[activity.pk]))


@pytest.mark.parametrize("page", MOST)
def test_a_full_activity_asks_as_much_for_twelve_of_everything_as_for_one(client, page):
    organiser = reader()
    viewers = (clerk(), organiser, reader())[: len(MOST[page])]
    one, many = (full(number, organiser=organiser) for number in (1, 12))
    counts = [tuple(asked(client, viewer, page, activity) for viewer in viewers) for activity in (one, many)]
    assert counts == [MOST[page], MOST[page]]


@pytest.mark.parametrize("page", MOST)
def test_an_agencys_office_asks_no_more_than_the_roots(client, page):
    ours = DepartmentFactory(parent=bureau(), kind=DepartmentKind.AGENCY)
    activity = full(2, department=ours)
    viewer = CadreFactory(roles=[Role.OFFICE], department=ours)
    assert asked(client, viewer, page, activity) <= MOST[page][0]


def test_ones_own_place_in_the_queue_costs_nothing_more(client):
    viewer = reader()
    activity = full(1, date=DAY + timedelta(days=7))
    before = asked(client, viewer, "activity", activity)
    sign_up(activity, viewer, "waiting")
    assert asked(client, viewer, "activity", activity) == before
