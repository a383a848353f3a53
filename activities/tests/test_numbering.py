"""The numbers of activities."""

import pytest
from django.db import connection

from activities.models import Activity
from activities.services.numbering import next_references
from activities.services.scheduling import schedule
from activities.tests.factories import ActivityFactory
from activities.tests.scheduled import NOW, clerk, content
from shuxiang.tests.races import at_once


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "following"),
    [
        ([], "HD2026-0001"),
        (["HD2026-01", "HD2026-12"], "HD2026-0013"),
        (["HD2026-0009"], "HD2026-0010"),
        (["HD2026-9999"], "HD2026-10000"),
        (["HD2026-999999"], "HD2026-1000000"),
        (["HD2026-999999", "HD2026-1000000"], "HD2026-1000001"),
        (["HD2026-9999999", "HD2026-7甲", "hd2026-0008", "HD2026-０００９"], "HD2026-0001"),
        (["HD2025-0042", "HD1", "2026-0007"], "HD2026-0001"),
    ],
)
def test_the_next_number_follows_the_highest_of_the_year(given, following):
    for reference in given:
        ActivityFactory(reference=reference)
    assert next_references(2026, 1) == [following]


@pytest.mark.django_db
def test_several_follow_one_another_past_those_that_are_taken():
    ActivityFactory(reference="HD2026-999998")
    ActivityFactory(reference="HD2026-1000000")
    assert next_references(2026, 3) == ["HD2026-999999", "HD2026-1000001", "HD2026-1000002"]


@pytest.mark.postgresql
@pytest.mark.usefixtures("seeds")
@pytest.mark.django_db(transaction=True)
def test_ten_who_schedule_at_one_moment_get_ten_numbers():
    by = clerk()
    contents = [content(title=f"读书日{number}") for number in range(10)]
    made = at_once(*(lambda each=each: schedule(content=each, by=by, now=NOW) for each in contents))
    assert sorted(each.reference for each in made) == [f"HD2026-{number:04}" for number in range(1, 11)]
    assert Activity.objects.count() == 10


@pytest.mark.postgresql
@pytest.mark.usefixtures("seeds")
@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_one_moment_makes_one():
    by = clerk()
    at_once(*[lambda: schedule(content=content(), by=by, now=NOW)] * 4)
    assert (connection.vendor, Activity.objects.count()) == ("postgresql", 1)
