"""Beside the text: what was ticked and chosen comes back too, and what went on meanwhile is not written over."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.kinds import PROGRESS_MEETING
from activities.tests.calling import opened_call
from activities.tests.factories import held
from organization.roles import Role
from organization.services.kept import sign_writer
from organization.tests.factories import CadreFactory, bureau
from reading.tests.acquisitions import a_donation, a_suggestion, inspected
from reading.tests.factories import CopyFactory, PlaceFactory, PlanFactory, lend, reader
from shuxiang.tests.kept_areas import waiting_work
from shuxiang.tests.test_pages_markup import Page
from submissions.kinds import Grade, Kind
from submissions.models import Submission
from submissions.services.contributors import change_members
from submissions.states import Action
from submissions.tests.factories import SubmissionFactory, name
from submissions.tests.handing_in import hidden

pytestmark = pytest.mark.django_db


def came_too_late(client, viewer, address, form, page=""):
    """The page that shows the form, after it was sent without a session."""
    client.logout()
    client.post(address, form | {"writer": sign_writer(viewer)})
    client.force_login(viewer)
    return client.get(page or address)


def test_the_planner_has_its_ticks_back_and_ticks_nothing_by_itself(client, seeds):
    librarian = reader(Role.LIBRARIAN)
    for title in ("一", "二"):
        a_suggestion(title=title)
    client.force_login(librarian)
    one, two = (form.prefix for form in client.get("/renewal/planner/").context["forms"])
    typed = {f"{one}-copies": "3", f"{one}-price": "4x", f"{two}-pick": "on", f"{two}-copies": "2", f"{two}-price": ""}
    response = came_too_late(client, librarian, "/renewal/planner/", typed | {"action": "choose"})
    shown = [[form[field].value() for field in ("pick", "copies", "price")] for form in response.context["forms"]]
    assert shown == [[False, "3", "4x"], [True, "2", ""]]
    assert client.get("/renewal/planner/").context["forms"][0]["copies"].value() == 1


def test_each_step_of_a_donation_has_its_own_back(client, seeds):
    librarian, donation = reader(Role.LIBRARIAN), a_donation(titles=("一", "二"), count=3)
    page, step = f"/donations/{donation.pk}/", f"/donations/{donation.pk}/step/"
    first, second = donation.items.order_by("pk")
    inspection = {f"item-{first.pk}-accepted": "2", f"item-{first.pk}-condition": "", f"item-{first.pk}-remark": "缺页"}
    found = came_too_late(client, librarian, step, inspection | {"action": "inspect"}, page).context["findings"]
    assert [form["accepted"].value() for form in found] == ["2", second.offered]
    assert [form["condition"].value() for form in found] == ["", "good"]
    assert found[0]["remark"].value() == "缺页"
    inspected(donation, librarian)
    home = PlaceFactory()
    accepting = {"action": "accept", "home": str(home.pk), "accepted_on": "2026-03-02"}
    shown = came_too_late(client, librarian, step, accepting, page).context
    assert [shown["acceptance"][field].value() for field in ("home", "accepted_on")] == [str(home.pk), "2026-03-02"]
    shown = came_too_late(client, librarian, step, {"action": "decline", "reason": "馆里已有"}, page).context
    assert shown["refusal"]["reason"].value() == "馆里已有"
    assert shown["acceptance"]["accepted_on"].value() == timezone.localdate()


def test_a_purchase_has_its_place_and_day_back(client, seeds):
    librarian, wanted, home = reader(Role.LIBRARIAN), a_suggestion(), PlaceFactory()
    typed = {"count": "2", "home": str(home.pk), "acquired_on": "2026-03-02", "clc": "B2"}
    page = f"/suggestions/{wanted.pk}/"
    bought = came_too_late(client, librarian, f"{page}buy/", typed, page).context["bought"]
    assert {field: bought[field].value() for field in typed} == typed


def test_members_changed_meanwhile_are_not_written_over(client, seeds):
    work = waiting_work()
    author = work.contributors.get(position=0).cadre
    department = author.postings.get().department
    newcomer, other = (CadreFactory(department=department) for _ in range(2))
    seen, address = work.revision, f"/works/{work.pk}/members/"
    change_members(submission=work, seen=seen, members=[other], by=author, now=timezone.now())
    form = {"members": newcomer.employee_number, "revision": str(seen)}
    page = came_too_late(client, author, address, form).content.decode()
    assert newcomer.employee_number in [each["value"] for each in Page(page).all("input") if "checked" in each]
    assert hidden(page, "revision") == str(seen)
    assert client.post(address, form).status_code == 200
    assert set(work.contributors.filter(position__gt=0).values_list("cadre", flat=True)) == {other.pk}


def test_a_reason_to_confirm_stands_beside_its_colleague_alone(client, seeds):
    work = waiting_work()
    department = work.contributors.get(position=0).cadre.postings.get().department
    member = work.contributors.get(position=1)
    other = name(work, CadreFactory(department=department), 2, member.state)
    type(other).objects.filter(pk=other.pk).update(asked_at=member.asked_at)
    liaison = CadreFactory(roles=[Role.LIAISON], department=department)
    form = {"member": str(other.cadre_id), "reason": "电话核实"}
    due = came_too_late(client, liaison, f"/works/{work.pk}/confirm/", form).context["due"]
    assert {each.pk: reason for each, _, reason in due} == {member.pk: "", other.pk: "电话核实"}


def test_the_review_desk_has_verdict_and_grade_back(client, seeds):
    reviewer, work = reader(Role.OFFICE), SubmissionFactory(people=[reader()])
    typed = {"action": Action.APPROVE.value, "grade": Grade.GOOD.value, "reason": "写得实在", "strength": "有数据"}
    address = f"/admin/submissions/submission/review/{work.pk}/"
    form = came_too_late(client, reviewer, address, typed).context["form"]
    assert {field: form[field].value() for field in typed} == typed
    assert Submission.objects.get(pk=work.pk).state == "pending"
    assert client.get(address).context["form"]["reason"].value() is None


def test_an_ideas_words_wait_for_the_step_that_is_open(client, seeds):
    office, work = reader(Role.OFFICE), SubmissionFactory(people=[reader()], kind=Kind.IDEA)
    page = f"/works/{work.pk}/"
    response = came_too_late(client, office, f"{page}step/", {"action": "accept", "words": "先试一个月"}, page)
    text = response.content.decode()
    assert ("先试一个月" in text, "没有记下" in text) == (True, False)


def test_what_is_folded_away_is_open_where_it_has_text(client, seeds):
    librarian = reader(Role.LIBRARIAN)
    loan = lend(CopyFactory(), reader())
    counter = f"/counter/?person={loan.borrower_id}"
    page = came_too_late(client, librarian, f"/loans/{loan.pk}/end/", {"how": "damaged", "reason": "封面脱落"}, counter)
    assert '<details class="mishap" open>' in page.content.decode()
    assert "已取回登录失效前填写的文字" in page.content.decode()
    plan = PlanFactory(owner=librarian)
    page = came_too_late(client, librarian, f"/plans/{plan.pk}/step/", {"reason": "太忙"}, f"/plans/{plan.pk}/")
    assert '<details class="howto" open>' in page.content.decode()


def test_somebody_elses_words_stay_away(client, seeds):
    librarian, other = reader(Role.LIBRARIAN), reader(Role.LIBRARIAN)
    address = f"/spaces/{CopyFactory().home_id}/move/"
    text = str(uuid4())
    client.logout()
    client.post(address, {"reason": text, "writer": sign_writer(other)})
    client.force_login(librarian)
    assert text not in client.get(address).content.decode()


def test_words_for_one_step_of_a_call_do_not_stand_in_the_form_of_another(client, seeds):
    office = CadreFactory(roles=[Role.OFFICE], department=bureau())
    step = reverse("call_state", args=[opened_call().pk])
    typed = {"action": "cancel", "version": "0", "reason": "今年不办了"}
    assert "今年不办了" not in came_too_late(client, office, step, typed, f"{step}?action=extend").content.decode()
    assert "今年不办了" in client.get(f"{step}?action=cancel").content.decode()


def test_a_problem_found_in_one_place_does_not_stand_in_the_form_of_another(client, seeds):
    office = CadreFactory(roles=[Role.OFFICE], department=bureau())
    one, other = (held(category=PROGRESS_MEETING) for _ in "ab")
    new = reverse("finding_new")
    typed = {"text": "书架不够", "source": reverse("activity", args=[one.pk])}
    assert "书架不够" not in came_too_late(client, office, new, typed, f"{new}?activity={other.pk}").content.decode()
    assert "书架不够" in client.get(f"{new}?activity={one.pk}").content.decode()
