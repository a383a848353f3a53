"""The suggestion and complaint box: what is sent, and what its agency's office and leaders answer.

States move by compare-and-set on the version; each step leaves an event with its day. Of an anonymous author nothing is
written down: no person, no moment, no notice that tells when. Raises NotAllowed, IllegalStep, Stale or ValueError,
whose str() are Chinese sentences.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from activities.kinds import FeedbackKind, Warned
from activities.models import Feedback, FeedbackEvent
from activities.services.receipts import code_of, digest, key_of
from activities.states import FEEDBACK_TRANSITIONS, FeedbackAction, FeedbackState
from notices.services import send
from organization.models import AccessAction, Cadre, Posting, Tree, neighbourhood_of
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from organization.services.workdays import Workdays
from shuxiang.periods import written

WHAT = "意见"
ANONYMOUS = "匿名"
TOLD = {
    FeedbackAction.ACCEPT: "已受理",
    FeedbackAction.REPLY: "有了答复",
    FeedbackAction.CLOSE: "已办结",
    FeedbackAction.REOPEN: "重新办理",
}


class Sent(NamedTuple):
    """`code` is the receipt of an anonymous message, which nothing else knows."""

    feedback: Feedback
    code: str


def send_feedback(
    *, by: Cadre, kind: FeedbackKind, text: str, named: bool, token: UUID, today: date, now: datetime
) -> Sent:
    """The same form sent twice, known by its `token`, makes one and gives the same receipt again."""
    parts = (kind.value, str(by.pk) if named else ANONYMOUS, text)
    key, code = key_of(token, *parts), "" if named else code_of(token, *parts)
    if (before := Feedback.objects.filter(pk=key).first()) is not None:
        return Sent(before, code)
    try:
        with transaction.atomic():
            made = Feedback.objects.create(
                pk=key, kind=kind, text=text, author=by if named else None, department_id=box_of(by),
                receipt_sha256=digest(code) if code else "", received_on=today, reply_by=reply_day(today),
                warned=Warned.TOLD if named else Warned.NO,
            )  # fmt: skip
            record(made, FeedbackAction.SEND, "", made.version, by if named else None, today)
            if named:
                tell_office(made, f"意见箱收到一条{made.get_kind_display()}", by, today, now)
    except IntegrityError:  # it arrived twice at this moment
        made = Feedback.objects.get(pk=key)
    return Sent(made, code)


def box_of(person: Cadre) -> int | None:
    """The agency whose office answers the person; None is the root."""
    scope = neighbourhood_of(person)
    return None if scope.everybody else scope.top


def reply_day(today: date) -> date:
    return Workdays.load(today).after(today, settings.FEEDBACK_REPLY_DAYS)


def answers(person: Cadre, feedback: Feedback) -> bool:
    """The receiving agency's office and leaders, but nobody the own words."""
    return feedback.author_id != person.pk and reads_box_of(person, feedback)


def reads_box_of(person: Cadre, feedback: Feedback) -> bool:
    return Feedback.objects.received_by(person).filter(pk=feedback.pk).exists()


def accept_feedback(*, feedback: Feedback, by: Cadre, seen: int, today: date, now: datetime) -> None:
    decide(feedback, FeedbackAction.ACCEPT, by, seen, today, now, {"handler": by})


def reply_to_feedback(
    *, feedback: Feedback, by: Cadre, text: str, is_public: bool, seen: int, today: date, now: datetime
) -> None:
    if not text:
        raise ValueError("请写明答复。")
    columns = {"handler": by, "reply": text, "replied_on": today, "is_public": is_public}
    decide(feedback, FeedbackAction.REPLY, by, seen, today, now, columns, text)


def close_feedback(*, feedback: Feedback, by: Cadre, seen: int, today: date, now: datetime) -> None:
    decide(feedback, FeedbackAction.CLOSE, by, seen, today, now, {})


def reopen_feedback(*, feedback: Feedback, by: Cadre, seen: int, today: date, now: datetime, text: str = "") -> None:
    """The clock starts anew; what was public is hidden until the next reply."""
    columns = {"reply_by": reply_day(today), "warned": Warned.TOLD, "is_public": False}
    decide(feedback, FeedbackAction.REOPEN, by, seen, today, now, columns, text)


def decide(
    feedback: Feedback,
    action: FeedbackAction,
    by: Cadre,
    seen: int,
    today: date,
    now: datetime,
    columns: dict[str, object],
    text: str = "",
) -> None:
    """One step of those who answer; a named author is told."""
    if feedback.author_id == by.pk:
        raise NotAllowed("自己提的意见由另一位同事办理。")
    if not reads_box_of(by, feedback):
        raise NotAllowed("意见由受理单位的办公室和领导办理。")
    with transaction.atomic():
        move(feedback, action, seen, today, by, columns, text)
        about = f"意见箱 {feedback.get_kind_display()} {written(feedback.received_on)}"
        record_event(action=AccessAction.FEEDBACK, actor=by, about=about, detail=action.label)
        if feedback.author is not None:
            send(
                recipients=[feedback.author],
                subject=f"您的{feedback.get_kind_display()}{TOLD[action]}",
                address=reverse("feedback", args=[feedback.pk]),
                now=now,
            )


def ask_back(*, feedback: Feedback, by: Cadre, text: str, seen: int, today: date, now: datetime) -> None:
    """The named author is not content with the reply; the clock starts anew."""
    if feedback.author_id != by.pk:
        raise NotAllowed("只有提出人本人能追问。")
    with transaction.atomic():
        move(feedback, FeedbackAction.ASK, seen, today, by, asked(text, today, Warned.TOLD), text)
        tell_office(feedback, f"意见箱的一条{feedback.get_kind_display()}有追问", by, today, now)


@transaction.atomic
def ask_back_with_receipt(*, feedback: Feedback, code: str, text: str, seen: int, today: date) -> None:
    """The same of whoever has the receipt; the office hears of it the next morning, so that no notice tells when."""
    if feedback.author_id is not None or digest(code) != feedback.receipt_sha256:
        raise NotAllowed("回执码不对，请核对。")
    move(feedback, FeedbackAction.ASK, seen, today, None, asked(text, today, Warned.NO), text)


def asked(text: str, today: date, warned: Warned) -> dict[str, object]:
    if not text:
        raise ValueError("请写明还想问什么。")
    return {"reply_by": reply_day(today), "warned": warned}


def move(
    feedback: Feedback,
    action: FeedbackAction,
    seen: int,
    today: date,
    actor: Cadre | None,
    columns: dict[str, object],
    text: str,
) -> None:
    """From the version that was seen, else Stale; inside a transaction."""
    before = FeedbackState(feedback.state)
    after = FEEDBACK_TRANSITIONS.get((before, action))
    if feedback.version != seen:
        raise Stale(WHAT)
    if after is None:
        raise IllegalStep(WHAT, before.label, action.label)
    columns = {**columns, "state": after, "version": seen + 1}
    if Feedback.objects.filter(pk=feedback.pk, version=seen, state=before).update(**columns) != 1:
        raise Stale(WHAT)
    for name, value in columns.items():
        setattr(feedback, name, value)
    record(feedback, action, before, seen + 1, actor, today, text)


def record(
    feedback: Feedback,
    action: FeedbackAction,
    before: str,
    position: int,
    actor: Cadre | None,
    today: date,
    text: str = "",
) -> None:
    """Its place in the thread is the version that it made."""
    FeedbackEvent.objects.create(
        feedback=feedback, position=position, day=today, action=action, actor=actor, from_state=before,
        to_state=feedback.state, text=text,
    )  # fmt: skip


def tell_office(feedback: Feedback, subject: str, by: Cadre, today: date, now: datetime) -> None:
    people = answerers(feedback.department_id, {feedback.kind}, today)
    recipients = [person for person in people if person.pk != by.pk]
    send(recipients=recipients, subject=subject, address=reverse("feedback", args=[feedback.pk]), now=now)


def answerers(agency: int | None, kinds: Collection[str], day: date) -> list[Cadre]:
    """Who is told of an agency's box: its office; of complaints, and where it has no office, its leaders too."""
    tree = Tree.load()
    top = agency if agency is not None else tree.root.id if tree.root else None
    own = [department for department in tree.nodes if tree.agency(department) == top]
    posted = Posting.objects.filter(department__in=own).covering(day).values("cadre")
    people = Cadre.objects.filter(pk__in=posted, is_active=True).order_by("pk")
    office = list(people.filter(groups__name=Role.OFFICE))
    leaders = people.filter(groups__name=Role.LEADER)
    if office and FeedbackKind.COMPLAINT not in kinds:
        return office
    return [*office, *(person for person in leaders if person not in office)]
