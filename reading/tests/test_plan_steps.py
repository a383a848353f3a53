"""The steps of plans: who may take which when, what it leaves, whom it tells, and what two stale copies get."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from notices.models import Notice
from organization.models import AccessEvent, Cadre
from organization.roles import Role
from organization.services.roles import NotAllowed
from organization.tests.county import County
from organization.tests.factories import CadreFactory
from reading.kinds import Visibility
from reading.models import Plan, PlanEvent, PlanItem
from reading.services.plan_books import drop_book, mark_read, mark_unread
from reading.services.plan_steps import take_step
from reading.services.planning import IllegalStep, PlannedBook, StalePlan
from reading.states import PLAN_TRANSITIONS, PlanAction, PlanState
from reading.tests.factories import reader
from reading.tests.people import subjects
from reading.tests.plan_making import (
    NOW,
    TODAY,
    begun,
    confirmed,
    fresh,
    item_of,
    mentor,
    office,
    owner,
    read_all,
    reported,
    step,
)

__all__ = ["mentor", "office", "owner"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


@pytest.mark.parametrize("state", list(PlanState))
@pytest.mark.parametrize("action", [action for action in PlanAction if action != PlanAction.BEGIN])
def test_the_table_of_steps(owner, office, state, action):
    plan = read_all(begun(owner))
    decided = {"confirmed_by": office, "confirmed_on": TODAY} if state == PlanState.CONFIRMED else {}
    Plan.objects.filter(pk=plan.pk).update(state=state, **decided)
    owners = (PlanAction.COMPLETE, PlanAction.TAKE_BACK, PlanAction.DROP, PlanAction.RESUME)
    by = owner if action in owners else office
    if (state, action) in PLAN_TRANSITIONS:
        moved = step(plan, action, by)
        assert moved.state == PLAN_TRANSITIONS[state, action]
        event = PlanEvent.objects.latest("pk")
        assert (event.action, event.from_state, event.to_state, event.actor) == (action, state, moved.state, by)
    else:
        with pytest.raises(IllegalStep, match=f"不能{action.label}"):
            step(plan, action, by)
        assert (fresh(plan).state, PlanEvent.objects.count()) == (state, 1)


def test_nobody_confirms_an_own_plan_in_any_role(office):
    plan = reported(begun(office))
    for action in (PlanAction.CONFIRM, PlanAction.SEND_BACK):
        with pytest.raises(NotAllowed, match="自己的阅读计划"):
            step(plan, action, office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(state="confirmed", confirmed_by=office, confirmed_on=TODAY)


def test_mentor_and_office_decide_and_others_do_not(owner, mentor, office):
    plan = reported(begun(owner, mentor=mentor))
    strangers = [reader(), reader(Role.LEADER), reader(Role.LIAISON), reader(Role.LIBRARIAN), reader(Role.AUDIT)]
    for stranger in [*strangers, CadreFactory(roles=[Role.OFFICE])]:
        with pytest.raises(NotAllowed):
            step(plan, PlanAction.CONFIRM, stranger)
    assert step(plan, PlanAction.CONFIRM, mentor).confirmed_by == mentor
    with pytest.raises(NotAllowed, match="只有办公室能撤销确认"):
        step(plan, PlanAction.REVOKE, mentor)
    assert step(plan, PlanAction.REVOKE, office).confirmed_on is None


def test_the_office_of_another_agency_decides_nothing():
    county = County()
    plan = reported(begun(county.stranger))
    with pytest.raises(NotAllowed):
        step(plan, PlanAction.CONFIRM, county.clerk)
    assert step(plan, PlanAction.CONFIRM, county.head).state == PlanState.CONFIRMED


def test_reporting_needs_a_book_and_none_that_is_unread(owner):
    plan = begun(owner, books=[PlannedBook("甲"), PlannedBook("乙")])
    items = list(PlanItem.objects.select_related("plan").filter(plan=plan))
    with pytest.raises(ValueError, match="《甲》、《乙》还没有标为读完"):
        step(plan, PlanAction.COMPLETE, owner)
    mark_read(item=items[0], done_on=TODAY, by=owner, now=NOW)
    with pytest.raises(ValueError, match="《乙》还没有标为读完"):
        step(plan, PlanAction.COMPLETE, owner)
    drop_book(item=items[1], by=owner, now=NOW)
    assert step(plan, PlanAction.COMPLETE, owner).state == PlanState.COMPLETED
    with pytest.raises(ValueError, match="还没有读完的书"):
        step(begun(owner, books=[]), PlanAction.COMPLETE, owner)


@pytest.mark.parametrize("action", [PlanAction.SEND_BACK, PlanAction.REVOKE])
def test_what_is_refused_needs_a_reason(owner, office, action):
    plan = reported(begun(owner)) if action == PlanAction.SEND_BACK else confirmed(begun(owner), office)
    with pytest.raises(ValueError, match="写明理由"):
        step(plan, action, office, reason="  ")
    with pytest.raises(ValueError, match="最多 300 字"):
        step(plan, action, office, reason="长" * 301)


def test_of_two_who_decide_the_second_is_told(owner, mentor, office):
    plan = reported(begun(owner, mentor=mentor))
    first, second = fresh(plan), fresh(plan)
    take_step(plan=first, seen=first.revision, action=PlanAction.CONFIRM, by=mentor, now=NOW)
    with pytest.raises(StalePlan):
        take_step(plan=second, seen=second.revision, action=PlanAction.SEND_BACK, by=office, now=NOW, reason="再写")
    assert (fresh(plan).state, plan.events.count()) == (PlanState.CONFIRMED, 3)


def test_the_confirmation_is_dated_in_shanghai_and_moves_the_stamp(owner, office):
    late = datetime(2024, 3, 31, 16, 30, tzinfo=UTC)  # half past midnight on 1 April
    plan = reported(begun(owner))
    before = plan.changed_at
    plan = step(plan, PlanAction.CONFIRM, office, now=late)
    assert (plan.confirmed_on, plan.changed_at) == (date(2024, 4, 1), late)
    assert plan.changed_at != before
    again = step(plan, PlanAction.REVOKE, office, now=late + timedelta(minutes=1))
    assert (again.state, again.confirmed_on, again.changed_at) == ("completed", None, late + timedelta(minutes=1))


def test_people_are_told_what_became_of_it(owner, mentor, office):
    plan = reported(begun(owner, Visibility.MENTOR, mentor))
    step(plan, PlanAction.SEND_BACK, mentor, reason="请补笔记")
    step(plan, PlanAction.COMPLETE, owner)
    step(plan, PlanAction.CONFIRM, office)
    step(plan, PlanAction.REVOKE, office)
    quoted = "阅读计划“读完《论语》”"
    assert subjects(owner) == [f"{quoted}请再补充", f"{quoted}已确认完成", f"{quoted}的确认已撤销"]
    assert [each.partition("：")[0].removeprefix(owner.name) for each in subjects(mentor)[1:]] == [
        "报告完成，请您确认", "报告完成，请您确认", "的计划已由办公室确认完成", "的计划确认已由办公室撤销",
    ]  # fmt: skip
    assert "请补笔记" in Notice.objects.of(owner).order_by("pk").first().body
    assert AccessEvent.objects.filter(about=plan.reference).count() == 3


def test_without_a_mentor_the_office_over_the_owner_is_told_and_never_the_owner():
    county = County()
    owner = CadreFactory(roles=[Role.OFFICE], department=county.office)
    foreign = CadreFactory(roles=[Role.OFFICE], department=county.foreign_office)
    plan = reported(begun(owner))
    step(plan, PlanAction.TAKE_BACK, owner)
    told = [f"{owner.name}报告完成，请您确认：{plan.quoted}", f"{owner.name}撤回了完成报告，不用再确认：{plan.quoted}"]
    assert subjects(county.clerk) == told
    assert [subjects(each) for each in (owner, foreign, county.head, county.colleague)] == [[]] * 4


def test_where_the_agency_has_no_other_office_the_one_above_is_told():
    county = County()
    owner = CadreFactory(roles=[Role.OFFICE], department=county.foreign_office)
    reported(begun(owner))
    assert len(subjects(county.head)) == 1


def test_where_the_mentors_account_is_closed_the_office_is_told(mentor, office):
    owner = reader()
    plan = read_all(begun(owner, Visibility.MENTOR, mentor))
    Cadre.objects.filter(pk=mentor.pk).update(is_active=False)
    step(plan, PlanAction.COMPLETE, owner)
    assert subjects(office) == [f"{owner.name}报告完成，请您确认：{plan.quoted}"]


def test_a_plan_of_somebody_who_is_not_in_service_on_the_day_is_not_confirmed(owner, mentor, office):
    plan = reported(begun(owner, Visibility.MENTOR, mentor))
    owner.postings.update(until=TODAY - timedelta(days=1))
    for by in (mentor, office):
        with pytest.raises(ValueError, match="2024 年 3 月 10 日）没有任职记录，不能确认完成。任职登记有误的，请先"):
            step(plan, PlanAction.CONFIRM, by)
    assert (fresh(plan).state, fresh(plan).confirmed_on) == (PlanState.COMPLETED, None)
    owner.postings.update(until=TODAY)
    assert step(plan, PlanAction.CONFIRM, mentor).state == PlanState.CONFIRMED


def test_a_book_unticked_meanwhile_keeps_the_report_back(owner):
    plan = read_all(begun(owner))
    mark_unread(item=item_of(plan), by=owner, now=NOW)
    with pytest.raises(StalePlan):
        take_step(plan=plan, seen=plan.revision, action=PlanAction.COMPLETE, by=owner, now=NOW)
