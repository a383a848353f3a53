"""Invented messages of the box, findings and progress meetings, for tests."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from activities.kinds import PROGRESS_MEETING, FeedbackKind
from activities.models import Activity, Feedback, Finding
from activities.services.findings import raise_finding
from activities.services.replying import Sent, reply_to_feedback, send_feedback
from activities.tests.factories import ActivityFactory
from organization.models import Cadre
from organization.roles import Role
from organization.tests.factories import CadreFactory, DepartmentFactory, bureau
from shuxiang.periods import shanghai_date

TODAY = date(2026, 3, 2)  # a Monday
NOW = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
TEXT = "阅览室中午能不能开门"


def person(*roles: Role, department=None, **columns) -> Cadre:
    """In service, a plain cadre where no role is named."""
    return CadreFactory(
        roles=roles or (Role.CADRE,), department=department or DepartmentFactory(parent=bureau()), **columns
    )


def office(**columns) -> Cadre:
    return person(Role.OFFICE, **columns)


def sent(by: Cadre, *, named: bool = True, text: str = TEXT, now: datetime = NOW, token=None, **columns) -> Sent:
    kind = columns.get("kind", FeedbackKind.SUGGESTION)
    day = shanghai_date(now)
    return send_feedback(by=by, kind=kind, text=text, named=named, token=token or uuid4(), today=day, now=now)


def replied(by: Cadre, *, clerk: Cadre | None = None, is_public: bool = False, now: datetime = NOW, **how) -> Sent:
    made = sent(by, now=now, **how)
    reply_to_feedback(
        feedback=made.feedback, by=clerk or office(), text="中午已安排值守", is_public=is_public, seen=1,
        today=shanghai_date(now), now=now,
    )  # fmt: skip
    return made


def progress_meeting(day: date = TODAY, **columns) -> Activity:
    return ActivityFactory(category=PROGRESS_MEETING, date=day, **columns)


def a_finding(
    clerk: Cadre | None = None, *, now: datetime = NOW, source=None, text: str = "书架太高", **columns
) -> Finding:
    found = raise_finding(by=clerk or office(), text=text, source=source or ActivityFactory(), now=now)
    if columns:
        Finding.objects.filter(pk=found.pk).update(**columns)
        found.refresh_from_db()
    return found


def make_feedback_rows(number: int, cadre: Cadre) -> None:
    """One row of each model that the admin lists."""
    now = timezone.now()
    day = shanghai_date(now)
    made = Feedback.objects.create(
        kind=FeedbackKind.SUGGESTION,
        text=f"读后意见 {number}",
        author=cadre,
        received_on=day,
        reply_by=day,
        handler=cadre,
    )
    owner = CadreFactory()
    Finding.objects.create(
        text=f"问题 {number}", feedback=made, owner=owner, raised_on=day, due_on=day + timedelta(days=9)
    )
