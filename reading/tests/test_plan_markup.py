"""The pages of plans and reading leads are sound HTML in every state, forms with errors included."""

from datetime import date

import pytest

from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from reading.kinds import Visibility
from reading.models import Lead
from reading.services.plan_books import add_note, drop_book
from reading.services.planning import PlannedBook
from reading.states import PlanAction
from reading.tests.factories import BookFactory, reader
from reading.tests.plan_making import NOW, begun, confirmed, item_of, read_all, reported, step
from reading.tests.test_plans import sent
from shuxiang.tests.test_pages_markup import Page

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


@pytest.fixture
def people():
    department = DepartmentFactory(parent=bureau())
    roles = (Role.CADRE, Role.CADRE, Role.OFFICE, Role.LEADER)
    return [CadreFactory(name="同名人", roles=[role], department=department) for role in roles]


def sound(response) -> str:
    html = response.content.decode()
    assert Page(html).faults() == []
    return html


def test_a_plan_in_every_state_for_owner_mentor_office_and_leader(client, people):
    owner, mentor, office, _ = people
    books = [PlannedBook("论语", book=BookFactory(), due_on=date(2024, 3, 1)), PlannedBook("放下的")]
    plans = [begun(owner, Visibility.EVERYBODY, mentor, books=books) for _ in range(5)]
    add_note(plan=plans[0], by=mentor, text="先读序言。", now=NOW, item=item_of(plans[0]))
    drop_book(item=item_of(plans[0]), by=owner, now=NOW)
    read_all(plans[1])
    reported(plans[2])
    confirmed(plans[3], mentor)
    step(plans[4], PlanAction.DROP, owner)
    for viewer in people:
        client.force_login(viewer)
        for plan in plans[: 5 if viewer in (owner, mentor) else 4]:
            sound(client.get(f"/plans/{plan.pk}/"))
        for name in ("", "waiting", "mentored", "shown", "shown&q=没有这个"):
            sound(client.get(f"/plans/?list={name}"))
    client.force_login(owner)
    for plan in plans[:2]:
        sound(client.get(f"/plans/{plan.pk}/edit/"))
        sound(client.get(f"/plans/{plan.pk}/complete/"))
    sound(client.get("/me/"))
    client.force_login(office)
    sound(client.get(f"/plans/{plans[2].pk}/confirm/"))
    sound(client.post(f"/plans/{plans[2].pk}/confirm/", {"action": "send_back", "revision": 1}))
    sound(client.get(f"/plans/{plans[3].pk}/revoke/"))
    sound(client.post(f"/plans/{plans[3].pk}/revoke/", {"revision": 1}))


def test_forms_with_errors_choices_and_conflicts(client, people):
    owner = people[0]
    client.force_login(owner)
    BookFactory(title="论语", search_text="论语")
    sound(client.get("/plans/new/"))
    page = sound(client.post("/plans/new/", sent([("", "只有作者", "x")], mentor="同名人", title="", since="x")))
    assert "请改正下面的内容" in page
    sound(client.post("/plans/new/", sent(action="find:0")))
    plan = begun(owner)
    sound(client.post(f"/plans/{plan.pk}/edit/", sent(revision="9")))
    sound(client.post(f"/plans/{plan.pk}/notes/", {"text": " "}))
    sound(client.post(f"/plans/{plan.pk}/step/", {"action": "drop", "reason": "长" * 400, "revision": "1"}))


def test_reading_leads(client, people):
    leader = people[3]
    february = {"leader": leader, "month": date(2024, 2, 1), "title": "论语"}
    stored = Lead.objects.create(**february, reason="好", talk_topic="仁")
    for viewer in people:
        client.force_login(viewer)
        sound(client.get("/leads/"))
        sound(client.get("/leads/print/"))
        sound(client.get("/leads/?year=2020"))
    client.force_login(leader)
    for month in (2, 3):
        sound(client.get(f"/leads/{leader.pk}/2024-{month}/"))
    sound(client.post(f"/leads/{leader.pk}/2024-2/", {"title": "", "seen": "", "talk_on": "x"}))
    sound(client.post(f"/leads/{leader.pk}/2024-2/", {"title": "晚来的", "seen": ""}))
    assert (Lead.objects.get(), Lead.objects.get().title) == (stored, "论语")


def test_a_portal_without_leaders_says_what_to_do(client):
    client.force_login(reader(Role.OFFICE))
    assert "没有在职的领导" in sound(client.get("/leads/"))
