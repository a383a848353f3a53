"""Decisions as the product makes them: the office's on the revision that its page shows, the author's by handing in."""

from datetime import datetime
from typing import Any

from organization.models import Cadre
from submissions.kinds import Grade
from submissions.models import Decision, Submission
from submissions.services.review import decide, review
from submissions.states import Action


def approve(*, grade: Grade | None = None, **by: Any) -> Decision:
    return by_the_office(Action.APPROVE, grade=grade, **by)


def return_submission(*, reason: str, **by: Any) -> Decision:
    return by_the_office(Action.RETURN, reason=reason, **by)


def reject(*, reason: str, **by: Any) -> Decision:
    return by_the_office(Action.REJECT, reason=reason, **by)


def rate(*, grade: Grade, **by: Any) -> Decision:
    return by_the_office(Action.RATE, grade=grade, **by)


def reopen(*, reason: str, **by: Any) -> Decision:
    return by_the_office(Action.REOPEN, reason=reason, **by)


def by_the_office(action: Action, *, submission: Submission, **what: Any) -> Decision:
    return review(submission=submission, seen=submission.revision, action=action, **what)


def submit_again(*, submission: Submission, author: Cadre, now: datetime) -> Decision:
    """A returned work as it is, without the form's checks."""
    return decide(submission, Action.SUBMIT, actor=author, now=now)
