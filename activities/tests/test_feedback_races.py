"""Two of the office at one moment, and one form that arrives twice."""

from functools import partial
from uuid import uuid4

import pytest

from activities.models import Feedback, FeedbackEvent, Finding
from activities.services.findings import reply_to_finding
from activities.services.replying import reply_to_feedback
from activities.tests.feedback_rows import NOW, TODAY, a_finding, office, person, sent
from organization.services.lives import Stale
from shuxiang.tests.races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeds")]


def test_of_two_clerks_one_replies_and_the_other_is_told():
    clerks = [office(), office()]
    for _ in range(20):
        made = sent(person()).feedback
        copies = [Feedback.objects.get(pk=made.pk) for _ in clerks]
        how = {"is_public": False, "seen": 1, "today": TODAY, "now": NOW}
        results = at_once(
            *(
                partial(reply_to_feedback, feedback=copy, by=clerk, text=clerk.name, **how)
                for copy, clerk in zip(copies, clerks, strict=True)
            )
        )
        assert [type(each) for each in results if each is not None] == [Stale]
        assert made.events.count() == 2
        won = clerks[results.index(None)]
        assert Feedback.objects.get(pk=made.pk).reply == won.name


def test_of_two_clerks_one_answers_a_finding():
    clerks = [office(), office()]
    for number in range(20):
        made = a_finding(clerks[0], text=f"问题 {number}")
        copies = [Finding.objects.get(pk=made.pk) for _ in clerks]
        how = {"is_public": True, "seen": 1, "now": NOW}
        results = at_once(
            *(
                partial(reply_to_finding, finding=copy, by=clerk, reply=clerk.name, **how)
                for copy, clerk in zip(copies, clerks, strict=True)
            )
        )
        assert [type(each) for each in results if each is not None] == [Stale]
        assert made.events.count() == 2


@pytest.mark.parametrize("named", [True, False])
def test_a_form_that_arrives_twice_at_one_moment_is_one(named):
    author = person()
    for _ in range(20):
        before, token = Feedback.objects.count(), uuid4()
        results = at_once(*[partial(sent, author, named=named, token=token)] * 4)
        assert len({(each.feedback.pk, each.code) for each in results}) == 1
        assert Feedback.objects.count() == FeedbackEvent.objects.count() == before + 1
