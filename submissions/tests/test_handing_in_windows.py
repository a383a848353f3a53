"""Whether a quarter still takes works is asked in the transaction that hands one in."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection

from organization.tests.factories import CadreFactory, bureau
from shuxiang.periods import SHANGHAI, Quarter
from submissions import windows
from submissions.kinds import Kind
from submissions.models import Decision, Submission
from submissions.services.contents import Content, Incomplete
from submissions.services.drafting import begin
from submissions.services.handing_in import hand_in
from submissions.services.review import StaleSubmission
from submissions.states import State
from submissions.windows import Windows

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2024, 8, 5, 9, 30, tzinfo=SHANGHAI)


class Floor:
    """The floor above, which knows the closed quarters: whether it was asked within a transaction, each time."""

    def __init__(self, closed=()):
        self.closed, self.within = frozenset(closed), []

    def __call__(self, quarters):
        self.within.append(connection.in_atomic_block)
        return Windows(closed=self.closed)


@pytest.fixture
def floor(seeds):
    found, before = Floor(), windows._source
    windows.install(found)
    yield found
    windows.install(before)


def draft():
    author = CadreFactory(department=bureau())
    content = Content({"title": "题", "body": "文"})
    return author, begin(kind=Kind.ESSAY, content=content, by=author, token=uuid4(), now=NOW)[0]


def test_the_quarter_is_checked_where_the_work_is_written(floor):
    author, work = draft()
    hand_in(submission=work, seen=1, by=author, now=NOW)
    assert floor.within == [True]
    assert Submission.objects.get().quarter == "2024Q3"


def test_a_quarter_that_was_closed_meanwhile_takes_nothing_and_leaves_the_draft(floor):
    author, work = draft()
    floor.closed = frozenset([Quarter(2024, 3)])
    with pytest.raises(Incomplete, match="不再接收新作品"):
        hand_in(submission=work, seen=1, by=author, now=NOW)
    stored = Submission.objects.get()
    assert (stored.state, stored.credit_date, stored.quarter, stored.revision) == (State.DRAFT, None, "", 1)
    assert stored.versions.get().is_draft
    assert Decision.objects.count() == 0


def test_a_work_that_moved_meanwhile_is_stale_before_its_quarter_is_asked(floor):
    author, work = draft()
    Submission.objects.update(revision=2)
    with pytest.raises(StaleSubmission):
        hand_in(submission=work, seen=1, by=author, now=NOW)
    assert floor.within == []
