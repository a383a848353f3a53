import re

import pytest

from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from submissions.states import State
from submissions.tests.factories import SubmissionFactory, name

pytestmark = pytest.mark.django_db

OWN, NEW, WORKS = ("/me/", "我的书香"), ("/works/new/", "上报作品"), ("/works/", "作品")
EVENTS, BOOKS = ("/activities/", "活动"), ("/books/", "图书")
PLANS = ("/plans/", "阅读计划")
DESK = ("/admin/", "工作台")
RESULTS = [("/board/", "看板"), ("/appraisal/", "考核")]


def nav_of(page: str) -> list[tuple[str, str]]:
    found = re.search(r'<nav class="nav-main page".*?</nav>', page, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', found[0]) if found else []


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.CADRE, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS]),
        (Role.LIAISON, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS, ("/department/", "本科室")]),
        (Role.LIBRARIAN, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS, DESK]),
        (Role.RATER, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS]),
        (Role.LEADER, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS, *RESULTS]),
        (Role.OFFICE, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS, *RESULTS, DESK]),
        (Role.SYSTEM, [OWN, WORKS, EVENTS, BOOKS, DESK]),
        (Role.SECURITY, [OWN, WORKS, EVENTS, BOOKS, DESK]),
        (Role.AUDIT, [OWN, WORKS, EVENTS, BOOKS, DESK]),
    ],
)
def test_a_role_sees_what_it_may_open_and_nothing_else(client, role, places):
    client.force_login(CadreFactory(roles=[role], department=DepartmentFactory(parent=bureau())))
    assert nav_of(client.get("/me/").content.decode()) == places
    assert [client.get(address, follow=True).status_code for address, _ in places] == [200] * len(places)


def test_a_librarian_beside_another_role_keeps_all_of_its_places(client):
    department = DepartmentFactory(parent=bureau())
    for role, places in (
        (Role.CADRE, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS, DESK]),
        (Role.LEADER, [OWN, NEW, WORKS, EVENTS, BOOKS, PLANS, *RESULTS, DESK]),
    ):
        client.force_login(CadreFactory(roles=[role, Role.LIBRARIAN], department=department))
        assert nav_of(client.get("/me/").content.decode()) == places
        assert [client.get(address, follow=True).status_code for address, _ in places] == [200] * len(places)


def test_the_current_place_is_marked(client):
    client.force_login(CadreFactory())
    assert '<a href="/me/" aria-current="page">' in client.get("/me/").content.decode()
    assert 'aria-current="page">我的书香' not in client.get("/password/").content.decode()


def test_no_menu_before_the_log_in_or_with_a_first_password(client):
    assert nav_of(client.get("/login/").content.decode()) == []
    client.force_login(CadreFactory(must_change_password=True))
    assert nav_of(client.get("/password/").content.decode()) == []


def test_only_the_nearest_place_is_marked(client):
    client.force_login(CadreFactory())
    page = client.get("/works/new/essay/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == ["/works/new/"]


def marked(client, viewer, address: str) -> list[str]:
    client.force_login(viewer)
    page = client.get(address).content.decode()
    return re.findall(r'<a href="(/[^"]+)" aria-current="page">', page)


def test_a_work_of_ones_own_belongs_to_the_own_shelf_and_others_to_where_one_comes_from(client):
    department = DepartmentFactory(parent=bureau())
    author, member, reader = (CadreFactory(department=department) for _ in range(3))
    leader = CadreFactory(roles=[Role.LEADER], department=department)
    work = SubmissionFactory(people=[author], state=State.RETURNED)
    name(work, member, 1, "named")
    assert marked(client, author, f"/works/{work.pk}/") == ["/me/"]
    assert marked(client, leader, f"/works/{work.pk}/") == ["/board/"]
    assert marked(client, member, f"/works/{work.pk}/confirm/") == ["/me/"]
    for page in ("edit", "withdraw"):
        assert marked(client, author, f"/works/{work.pk}/{page}/") == ["/me/"], page
    assert marked(client, reader, "/works/") == ["/works/"]


def test_the_pages_of_the_reading_room_belong_to_its_first_place_and_have_tabs(client):
    librarian = CadreFactory(roles=[Role.LIBRARIAN], department=DepartmentFactory(parent=bureau()))
    assert marked(client, librarian, "/books/") == ["/books/", "/books/"]
    assert marked(client, librarian, "/books/new/") == ["/books/"]
    assert marked(client, librarian, "/labels/") == ["/books/"]


def test_the_pages_of_the_activities_have_tabs_of_their_own(client):
    clerk = CadreFactory(roles=[Role.OFFICE], department=DepartmentFactory(parent=bureau()))
    assert marked(client, clerk, "/activities/") == ["/activities/", "/activities/"]
    assert marked(client, clerk, "/activities/new/") == ["/activities/"]
