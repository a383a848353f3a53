"""The books of a plan and the notes in it: who ticks, who writes, who reads."""

from datetime import date, timedelta

import pytest

from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.kinds import Visibility
from reading.models import PlanNote
from reading.services.plan_books import add_note, drop_book, mark_read, mark_unread, may_read_notes, take_up_book
from reading.services.planning import IllegalStep, StalePlan
from reading.states import PlanAction
from reading.tests.factories import reader
from reading.tests.people import subjects
from reading.tests.plan_making import NOW, TODAY, begun, item_of, mentor, office, owner, reported, step

__all__ = ["mentor", "office", "owner"]
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]


def test_a_book_is_read_on_a_day_that_has_come(owner):
    plan = begun(owner)
    for day, told in ((TODAY + timedelta(days=1), "不能晚于今天"), (date(1949, 1, 1), "核对年份")):
        with pytest.raises(ValueError, match=told):
            mark_read(item=item_of(plan), done_on=day, by=owner, now=NOW)
    mark_read(item=item_of(plan), done_on=TODAY, by=owner, now=NOW)
    assert item_of(plan).done_on == TODAY
    mark_unread(item=item_of(plan), by=owner, now=NOW)
    drop_book(item=item_of(plan), by=owner, now=NOW)
    assert (item_of(plan).done_on, item_of(plan).is_dropped) == (None, True)
    take_up_book(item=item_of(plan), by=owner, now=NOW)
    assert not item_of(plan).is_dropped


def test_a_book_ticked_from_two_stale_copies_or_by_others_is_refused(owner, mentor):
    plan = begun(owner, Visibility.MENTOR, mentor)
    first, second = item_of(plan), item_of(plan)
    mark_read(item=first, done_on=TODAY, by=owner, now=NOW)
    with pytest.raises(StalePlan):
        drop_book(item=second, by=owner, now=NOW)
    with pytest.raises(NotAllowed):
        mark_unread(item=item_of(plan), by=mentor, now=NOW)
    step(plan, PlanAction.COMPLETE, owner)
    with pytest.raises(IllegalStep):
        mark_unread(item=item_of(plan), by=owner, now=NOW)


def test_notes_are_the_owners_and_the_mentors_and_the_same_words_twice_are_one(owner, mentor, office):
    plan = begun(owner, Visibility.MENTOR, mentor)
    for _ in range(2):
        add_note(plan=plan, by=mentor, text="先读序言。", now=NOW, item=item_of(plan))
    add_note(plan=plan, by=owner, text="读了。", now=NOW)
    assert list(PlanNote.objects.values_list("author", "text")) == [(mentor.pk, "先读序言。"), (owner.pk, "读了。")]
    assert subjects(owner) == [f"{mentor.name}在您的阅读计划“读完《论语》”里写了批注"]
    for stranger in (office, reader()):
        with pytest.raises(NotAllowed):
            add_note(plan=plan, by=stranger, text="不该有", now=NOW)
    for text, told in (("  ", "请先写下"), ("长" * 20_001, "最多 20,000 字")):
        with pytest.raises(ValueError, match=told):
            add_note(plan=plan, by=owner, text=text, now=NOW)


def test_notes_are_read_by_owner_and_mentor_and_once_reported_by_the_office(owner, mentor, office):
    plan = begun(owner, Visibility.EVERYBODY, mentor)
    readers = [owner, mentor, office, reader(Role.LEADER), reader()]
    assert [may_read_notes(plan, each) for each in readers] == [True, True, False, False, False]
    plan = reported(plan)
    assert [may_read_notes(plan, each) for each in readers] == [True, True, True, False, False]
