"""The printed sign-in sheet: who stands on it, its pages and its code."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.kinds import Part, SignUp
from activities.models import Registration, Speaker
from activities.tests.factories import ActivityFactory
from activities.tests.people import office
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.symbols import qr_of
from shuxiang.tests.queries import queries

__all__ = ["office"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return DepartmentFactory(parent=bureau(), name="综合科")


def fetched(client, activity, **query):
    response = client.get(reverse("sheet", args=[activity.pk]), query)
    assert response.status_code == 200
    return response


def lines(response):
    return [line for page in response.context["pages"] for line in page]


def printed(response):
    return [line.row.name for line in lines(response) if line.row]


def test_whoever_signed_up_stands_first_and_blank_lines_follow(client, office, department):
    people = [CadreFactory(name=f"报名{number}", department=department) for number in range(10)]
    CadreFactory(name="没有报名", department=department)
    activity = ActivityFactory(department=department, sign_up=SignUp.OPEN)
    for person in people:
        Registration.objects.create(activity=activity, cadre=person, state="registered", queued_at=timezone.now())
    Speaker.objects.create(activity=activity, cadre=people[9], part=Part.LEAD)
    response = fetched(client, activity)
    assert printed(response) == ["报名9", *(f"报名{number}" for number in range(9))]
    assert len(lines(response)) == 46
    assert [line.number for line in lines(response)] == list(range(1, 47))
    assert sum(line.row is None for line in lines(response)) >= 15
    assert response.content.decode().count('<b class="sign-in-part">主讲</b>') == 1


def test_without_sign_up_those_who_are_named_stand_before_the_hosts_people(client, office, department):
    CadreFactory(name="本科室", department=department)
    other = DepartmentFactory(parent=bureau())
    speaker = CadreFactory(name="别科室的主讲", department=other)
    activity = ActivityFactory(department=department, sign_up=SignUp.NONE)
    Speaker.objects.create(activity=activity, cadre=speaker, part=Part.LECTURER)
    response = fetched(client, activity)
    assert (printed(response), response.context["who"]) == (["别科室的主讲", "本科室"], "usual")
    assert printed(fetched(client, activity, who="host")) == ["本科室"]
    assert printed(fetched(client, activity, who="registered")) == ["别科室的主讲"]


def test_the_choice_in_the_address(client, office, department):
    CadreFactory(name="本科室", department=department)
    other = DepartmentFactory(parent=bureau())
    CadreFactory(name="别科室", department=other)
    activity = ActivityFactory(department=department)
    for query, names in (
        ({}, ["本科室"]),
        ({"who": "host"}, ["本科室"]),
        ({"who": other.pk}, ["别科室"]),
        ({"who": "nobody"}, []),
        ({"who": "nonsense"}, ["本科室"]),
        ({"who": "9" * 40}, ["本科室"]),
        ({"who": "²"}, ["本科室"]),
        ({"who": "\x00"}, ["本科室"]),
    ):
        assert printed(fetched(client, activity, **query)) == names, query
    everybody = printed(fetched(client, activity, who="all"))
    assert {"本科室", "别科室", office.name} == set(everybody)
    of_all = ActivityFactory()
    assert set(printed(fetched(client, of_all))) == set(everybody)


def test_each_page_has_its_number_the_title_and_the_code(client, office, department, settings):
    settings.PORTAL_ADDRESS = "https://shuxiang.example/"
    for _ in range(30):
        CadreFactory(department=department)
    activity = ActivityFactory(department=department, title="<b>读书</b>“日”", organiser=office)
    response = fetched(client, activity)
    page = response.content.decode()
    code = qr_of(f"https://shuxiang.example/activities/{activity.pk}/attendance/")
    assert page.count(code.path) == 2
    assert re.findall(r"第 \d 页，共 \d 页</span>", page) == ["第 1 页，共 2 页</span>", "第 2 页，共 2 页</span>"]
    assert "<b>读书</b>" not in page
    assert f"组织人：<bdi>{office.name}</bdi>" in page


def test_namesakes_are_told_apart_by_their_numbers(client, office, department):
    people = [CadreFactory(name="王伟", department=department) for _ in range(2)]
    CadreFactory(name="李娜", department=department)
    page = fetched(client, ActivityFactory(department=department)).content.decode()
    assert all(f"<small>{each.employee_number}</small>" in page for each in people)
    assert page.count("<small>T") == 2


def test_it_asks_as_little_for_many_as_for_one(client, office, department):
    activity = ActivityFactory(department=department)
    counts = []
    for _ in range(2):
        counts.append(queries(client, reverse("sheet", args=[activity.pk])))
        for _ in range(60):
            CadreFactory(department=department)
    assert counts[0] == counts[1] <= 10


def test_it_is_for_who_looks_after_the_attendance(client, department):
    viewer = CadreFactory(department=department)
    client.force_login(viewer)
    assert client.get(reverse("sheet", args=[ActivityFactory().pk])).status_code == 404
    assert client.get(reverse("sheet", args=[ActivityFactory(organiser=viewer).pk])).status_code == 200
