"""What the clock tells every morning: of the box its office, of findings their owners; of each date once before it and
once after."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.urls import reverse

from activities.kinds import Warned
from activities.models import Feedback, Finding
from activities.models.feedback import FeedbackQuerySet
from activities.services.replying import answerers
from activities.states import FeedbackAction
from notices.services import send
from organization.models import Cadre
from organization.services.workdays import Workdays
from shuxiang.periods import shanghai_date, spoken

# Working days before a date.
AHEAD = 2


def warn_of_feedback(*, now: datetime) -> int:
    """One notice per agency and matter; gives the number of messages told of. A transaction each."""
    today = shanghai_date(now)
    soon = Workdays.load(today).after(today, AHEAD)
    waiting = Feedback.objects.waiting().order_by("department", "pk")
    # Only what came before today: a notice has a time, and must not tell when an anonymous message came.
    asked = Feedback.objects.filter(events__action=FeedbackAction.ASK, events__day__gte=today).values("pk")
    new = waiting.filter(warned=Warned.NO, received_on__lt=today).exclude(pk__in=asked)
    told = tell_of_box(new, Warned.TOLD, "意见箱收到 {} 条匿名意见或追问", "waiting", now)
    near = waiting.filter(warned=Warned.TOLD, reply_by__gte=today, reply_by__lte=soon)
    told += tell_of_box(near, Warned.SOON, f"意见箱有 {{}} 条要在 {spoken(soon)}前答复", "waiting", now)
    late = waiting.filter(reply_by__lt=today, warned__in=[Warned.TOLD, Warned.SOON])
    return told + tell_of_box(late, Warned.LATE, "意见箱有 {} 条超过答复期限", "overdue", now)


def tell_of_box(rows: FeedbackQuerySet, level: Warned, subject: str, state: str, now: datetime) -> int:
    groups = groupby(rows, key=lambda each: each.department_id)
    return sum(tell_of_one_box(agency, list(group), level, subject, state, now) for agency, group in groups)


@transaction.atomic
def tell_of_one_box(
    agency: int | None, rows: Sequence[Feedback], level: Warned, subject: str, state: str, now: datetime
) -> int:
    claimed = [
        each for each in rows
        if Feedback.objects.waiting().filter(pk=each.pk, version=each.version, warned=each.warned).update(warned=level)
    ]  # fmt: skip
    if claimed:
        people = answerers(agency, {each.kind for each in claimed}, shanghai_date(now))
        address = f"{reverse('feedback_list')}?state={state}"
        send(recipients=people, subject=subject.format(len(claimed)), address=address, now=now)
    return len(claimed)


def warn_owners(*, now: datetime) -> int:
    """One notice per owner and finding; gives their number. A transaction each."""
    today = shanghai_date(now)
    soon = Workdays.load(today).after(today, AHEAD)
    rows = Finding.objects.open().filter(owner__isnull=False, due_on__isnull=False).select_related("owner")
    near = rows.filter(warned=Warned.NO, due_on__gte=today, due_on__lte=soon)
    late = rows.filter(due_on__lt=today, warned__lt=Warned.LATE)
    return sum(tell_owner(each, Warned.SOON, "快到期", now) for each in near) + sum(
        tell_owner(each, Warned.LATE, "已超过期限", now) for each in late
    )


@transaction.atomic
def tell_owner(finding: Finding, level: Warned, words: str, now: datetime) -> bool:
    same = Finding.objects.open().filter(pk=finding.pk, version=finding.version, warned=finding.warned)
    if same.update(warned=level) != 1:
        return False
    owner, due = finding.owner, finding.due_on
    assert isinstance(owner, Cadre)
    assert isinstance(due, date)
    send(
        recipients=[owner],
        subject=f"您负责整改的问题{words}：{finding.text}",
        body=f"完成期限 {spoken(due)}。有进展请在问题页上通报。",
        address=reverse("finding", args=[finding.pk]),
        now=now,
    )
    return True
