"""Plans made and changed by their owners."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from organization.models import Posting
from organization.services.roles import NotAllowed
from organization.tests.factories import CadreFactory
from reading.kinds import Visibility
from reading.models import Plan
from reading.services.planning import IllegalStep, PlannedBook, StalePlan, begin, save
from reading.states import PlanState
from reading.tests.factories import reader
from reading.tests.people import subjects
from reading.tests.plan_making import NOW, begun, confirmed, content, fresh, item_of, mentor, office, owner, reported

__all__ = ["mentor", "office", "owner"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
LATER = NOW + timedelta(hours=1)


def test_the_form_sent_twice_makes_one_plan_with_a_number_and_an_event(owner):
    token = uuid4()
    first, made = begin(content=content(), by=owner, token=token, now=NOW)
    again, made_again = begin(content=content(), by=owner, token=token, now=LATER)
    assert (made, made_again, first.pk) == (True, False, again.pk)
    assert fresh(first).reference == f"JH2024-{first.pk:05}"
    assert [event.action for event in first.events.all()] == ["begin"]
    assert [item.title for item in first.items.all()] == ["论语"]


def test_who_is_not_in_service_makes_no_plan():
    with pytest.raises(NotAllowed, match="没有任职记录"):
        begin(content=content(), by=CadreFactory(), token=uuid4(), now=NOW)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": ""}, "写明目标"),
        ({"until": date(2023, 12, 31)}, "结束日期不能早于"),
        ({"books": [PlannedBook(f"书{number}") for number in range(61)]}, "最多 60 本书"),
    ],
)
def test_what_a_plan_needs(owner, changed, told):
    with pytest.raises(ValueError, match=told):
        begin(content=content(**changed), by=owner, token=uuid4(), now=NOW)
    assert Plan.objects.count() == 0


def test_a_mentor_is_somebody_else_in_service(owner):
    for chosen, told in ((owner, "导师不能是本人"), (CadreFactory(), "不在职")):
        with pytest.raises(ValueError, match=told):
            begin(content=content(mentor=chosen), by=owner, token=uuid4(), now=NOW)


def test_the_mentor_is_told_but_for_a_private_plan(owner, mentor):
    begun(owner, Visibility.PRIVATE, mentor)
    assert subjects(mentor) == []
    begun(owner, Visibility.MENTOR, mentor)
    assert subjects(mentor) == [f"{owner.name}请您做阅读计划“读完《论语》”的导师"]


def test_of_two_who_change_it_the_later_is_told_and_nothing_is_overwritten(owner):
    plan = begun(owner)
    first, second = fresh(plan), fresh(plan)
    save(plan=first, seen=1, content=content(title="第一个"), by=owner, now=NOW)
    with pytest.raises(StalePlan):
        save(plan=second, seen=1, content=content(title="第二个"), by=owner, now=NOW)
    assert (fresh(plan).title, fresh(plan).revision) == ("第一个", 2)


def test_changing_keeps_rows_by_their_key_and_never_takes_a_foreign_one(owner):
    plan, other = begun(owner), begun(reader())
    books = [
        PlannedBook("新书"),
        PlannedBook("改名", item=item_of(plan).pk),
        PlannedBook("冒名", item=item_of(other).pk),
    ]
    save(plan=plan, seen=1, content=content(books=books), by=owner, now=NOW)
    assert [each.title for each in plan.items.all()] == ["新书", "改名", "冒名"]
    assert item_of(other).title == "论语"


def test_only_the_owner_changes_an_open_plan(owner, mentor):
    plan = begun(owner, Visibility.MENTOR, mentor)
    with pytest.raises(NotAllowed):
        save(plan=plan, seen=1, content=content(), by=mentor, now=NOW)
    with pytest.raises(IllegalStep, match="待确认"):
        save(plan=reported(plan), seen=3, content=content(), by=owner, now=NOW)


def test_a_mentor_who_left_still_sees_what_is_reported_and_the_office_can_confirm(owner, mentor, office):
    plan = begun(owner, Visibility.MENTOR, mentor)
    Posting.objects.filter(cadre=mentor).update(until=date(2024, 2, 1))
    save(plan=plan, seen=1, content=content(mentor=mentor, visibility=Visibility.MENTOR), by=owner, now=NOW)
    assert confirmed(plan, office).state == PlanState.CONFIRMED
