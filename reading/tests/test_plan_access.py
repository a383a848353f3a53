"""Who sees which plan."""

import pytest

from organization.roles import Role
from organization.tests.county import County
from organization.tests.factories import CadreFactory, DepartmentFactory
from reading.kinds import Visibility
from reading.services.plan_books import add_note
from reading.states import PlanAction, PlanState
from reading.tests.factories import reader
from reading.tests.plan_making import (
    NOW,
    begun,
    confirmed,
    fresh,
    item_of,
    open_page,
    reported,
    step,
    text_of,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


class TestWhoSees:
    """Own, mentor, same department, another department, office and leader of the agency, office of another agency."""

    def people(self):
        county = County()
        elsewhere = DepartmentFactory(parent=county.ours)
        owner = CadreFactory(department=county.office)
        mentor = CadreFactory(department=elsewhere)
        others = [
            county.colleague,
            CadreFactory(department=elsewhere),
            CadreFactory(roles=[Role.LIAISON], department=county.office),
            CadreFactory(roles=[Role.OFFICE], department=elsewhere),
            CadreFactory(roles=[Role.LEADER], department=elsewhere),
            CadreFactory(roles=[Role.OFFICE], department=county.foreign_office),
            CadreFactory(roles=[Role.LEADER], department=county.foreign_office),
            CadreFactory(roles=[Role.LIBRARIAN], department=elsewhere),
        ]
        return owner, mentor, others

    @pytest.mark.parametrize(
        ("state", "visibility", "expected"),
        [
            # mentor, colleague, other department, liaison, office, leader, foreign office, foreign leader, librarian
            ("open", "private", "000000000"),
            ("open", "mentor", "100000000"),
            ("open", "department", "110100000"),
            ("open", "everybody", "111111111"),
            ("completed", "private", "100010000"),
            ("completed", "mentor", "100010000"),
            ("completed", "department", "110110000"),
            ("confirmed", "private", "100011000"),
            ("confirmed", "mentor", "100011000"),
            ("confirmed", "department", "110111000"),
            ("confirmed", "everybody", "111111111"),
            ("dropped", "private", "000000000"),
            ("dropped", "mentor", "100000000"),
            ("dropped", "department", "100000000"),
            ("dropped", "everybody", "100000000"),
        ],
    )
    def test_a_plan_opens_for_whom_its_owner_and_its_state_say(self, client, state, visibility, expected):
        owner, mentor, others = self.people()
        plan = begun(owner, Visibility(visibility), mentor)
        if state == "dropped":
            step(plan, PlanAction.DROP, owner)
        elif state != "open":
            plan = reported(plan) if state == "completed" else confirmed(plan, mentor)
        client.logout()
        assert client.get(f"/plans/{plan.pk}/").url.startswith("/login/")
        assert open_page(client, owner, f"/plans/{plan.pk}/").status_code == 200
        found = [open_page(client, each, f"/plans/{plan.pk}/").status_code for each in (mentor, *others)]
        assert found == [200 if each == "1" else 404 for each in expected]
        listed = [f"/plans/{plan.pk}/" in text_of(client, each, "/plans/?list=shown") for each in others]
        assert listed == [each == "1" for each in expected[1:]]

    def test_colleagues_see_no_notes_and_no_way_to_change(self, client):
        owner, mentor, (colleague, *_) = self.people()
        plan = begun(owner, Visibility.EVERYBODY, mentor)
        add_note(plan=plan, by=owner, text="私下的想法", now=NOW)
        page = text_of(client, colleague, f"/plans/{plan.pk}/")
        assert "论语" in page
        for hidden in ("私下的想法", "笔记和批注", "经过", "修改计划", "读完了", "放弃"):
            assert hidden not in page
        assert "私下的想法" in text_of(client, mentor, f"/plans/{plan.pk}/")

    def test_only_the_owner_finds_the_owners_pages(self, client):
        owner, mentor, others = self.people()
        plan = begun(owner, Visibility.EVERYBODY, mentor)
        item = item_of(plan)
        for viewer in (mentor, *others):
            client.force_login(viewer)
            assert client.get(f"/plans/{plan.pk}/edit/").status_code == 404
            assert client.get(f"/plans/{plan.pk}/complete/").status_code == 404
            assert client.post(f"/plans/{plan.pk}/step/", {"action": "drop", "revision": 1}).status_code == 404
            assert client.post(f"/plans/{plan.pk}/books/{item.pk}/", {"action": "drop"}).status_code == 404
            noted = client.post(f"/plans/{plan.pk}/notes/", {"text": "写一句"}).status_code
            assert noted == (302 if viewer == mentor else 404)
        assert (fresh(plan).state, item_of(plan).is_dropped) == (PlanState.OPEN, False)

    def test_a_book_of_another_plan_is_not_found(self, client):
        owner, _, _ = self.people()
        mine, theirs = begun(owner), begun(reader())
        client.force_login(owner)
        for plan in (mine, theirs):
            assert client.post(f"/plans/{plan.pk}/books/{item_of(theirs).pk}/", {"action": "drop"}).status_code == 404

    def test_what_waits_is_listed_for_mentor_and_office_and_never_for_the_owner(self, client):
        owner, mentor, others = self.people()
        plan = reported(begun(owner, mentor=mentor))
        seen = [each for each in (owner, mentor, *others)
                if f"/plans/{plan.pk}/" in text_of(client, each, "/plans/?list=waiting")]  # fmt: skip
        assert seen == [mentor, others[3]]
        assert '<b class="tally">1</b>' in text_of(client, mentor, "/plans/")
