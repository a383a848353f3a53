"""Personal plans: begun once per form, changed by their owner on the revision that was seen.

Raises NotAllowed, IllegalStep, StalePlan or ValueError; str() is a Chinese sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from notices.services import send
from organization.models import Cadre
from organization.services.roles import NotAllowed
from reading.kinds import Visibility
from reading.models import Book, Plan, PlanEvent, PlanItem
from reading.states import PlanAction, PlanState
from shuxiang.periods import shanghai_date

MOST_BOOKS = 60


class StalePlan(Exception):
    """Somebody, or oneself in another window, changed the plan in between; str() is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("这份计划刚在别处改动过，请核对后再办。")


class IllegalStep(Exception):
    """The plan's state does not allow it; str() is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class PlannedBook:
    """`item` is the row that it changes, None for a new one; `book` the catalogue's, where it has one."""

    title: str
    author: str = ""
    book: Book | None = None
    due_on: date | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class PlanContent:
    title: str
    since: date
    until: date
    books: Sequence[PlannedBook]
    description: str = ""
    visibility: Visibility = Visibility.PRIVATE
    mentor: Cadre | None = None


def begin(*, content: PlanContent, by: Cadre, token: UUID, now: datetime) -> tuple[Plan, bool]:
    """The plan of this form and whether it was made just now: a form sent twice makes one plan."""
    today = shanghai_date(now)
    if not by.in_service(today):
        raise NotAllowed("您今天没有任职记录，不能制定阅读计划；任职有误请联系办公室。")
    check(content, by, today)
    try:
        with transaction.atomic():
            return create(content, by, token, now), True
    except IntegrityError:
        found = Plan.objects.filter(owner=by, token=token).first()
        if found is None:
            raise
        return found, False


def create(content: PlanContent, by: Cadre, token: UUID, now: datetime) -> Plan:
    plan = Plan.objects.create(reference=f"新-{uuid4().hex}", owner=by, token=token, **columns(content))
    plan.reference = f"JH{shanghai_date(now).year}-{plan.pk:05}"
    Plan.objects.filter(pk=plan.pk).update(reference=plan.reference)
    write_books(plan, content.books)
    PlanEvent.objects.create(plan=plan, action=PlanAction.BEGIN, actor=by, to_state=PlanState.OPEN, at=now)
    tell_mentor(plan, now)
    return plan


@transaction.atomic
def save(*, plan: Plan, seen: int, content: PlanContent, by: Cadre, now: datetime) -> Plan:
    check_owner(plan, by)
    check_open(plan)
    check(content, by, shanghai_date(now), plan)
    before = plan.mentor_id
    moved = Plan.objects.filter(pk=plan.pk, state=PlanState.OPEN, revision=seen).update(
        revision=F("revision") + 1, changed_at=now, **columns(content)
    )
    if moved != 1:
        raise StalePlan
    write_books(plan, content.books)
    plan.refresh_from_db()
    if plan.mentor_id != before:
        tell_mentor(plan, now)
    return plan


def columns(content: PlanContent) -> dict[str, object]:
    return {
        "title": content.title,
        "description": content.description,
        "since": content.since,
        "until": content.until,
        "visibility": content.visibility,
        "mentor": content.mentor,
    }


def write_books(plan: Plan, books: Sequence[PlannedBook]) -> None:
    """In the order of the form. A book is never taken off: its owner drops it on the plan's page."""
    known = set(plan.items.values_list("pk", flat=True))
    for position, each in enumerate(books):
        row = {
            "position": position,
            "title": each.title,
            "author": each.author,
            "book": each.book,
            "due_on": each.due_on,
        }
        if each.item in known:
            PlanItem.objects.filter(pk=each.item).update(**row)
        else:
            PlanItem.objects.create(plan=plan, **row)


def check(content: PlanContent, owner: Cadre, today: date, plan: Plan | None = None) -> None:
    if not content.title:
        raise ValueError("请写明目标。")
    if content.until < content.since:
        raise ValueError("结束日期不能早于开始日期，请改正其中之一。")
    if len(content.books) > MOST_BOOKS:
        raise ValueError(f"一份计划最多 {MOST_BOOKS} 本书，请分成几份。")
    mentor = content.mentor
    if mentor is None:
        return
    if mentor.pk == owner.pk:
        raise ValueError("导师不能是本人，请另选，或留空由办公室确认。")
    if (plan is None or plan.mentor_id != mentor.pk) and not mentor.in_service(today):
        raise ValueError(f"{mentor.name}今天不在职，不能做导师，请另选。")


def check_owner(plan: Plan, by: Cadre) -> None:
    if plan.owner_id != by.pk:
        raise NotAllowed("只有本人能改自己的阅读计划。")


def check_open(plan: Plan) -> None:
    if plan.state != PlanState.OPEN:
        raise IllegalStep(f"计划现在是“{PlanState(plan.state).label}”，不能修改。")


def tell_mentor(plan: Plan, now: datetime) -> None:
    """Of a private plan the mentor learns when it is reported as completed."""
    if plan.mentor is not None and plan.visibility != Visibility.PRIVATE:
        send(
            recipients=[plan.mentor],
            subject=f"{plan.owner.name}请您做阅读计划{plan.quoted}的导师",
            body="可以看计划、写批注；报告完成以后由您或办公室确认。",
            address=f"/plans/{plan.pk}/",
            now=now,
        )
