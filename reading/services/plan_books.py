"""The books of a plan on their way: read, dropped, taken up again; notes and comments on them.

Raises NotAllowed, IllegalStep, StalePlan or ValueError; str() is a Chinese sentence.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from notices.services import send
from organization.models import Cadre
from organization.roles import Role
from organization.services.roles import NotAllowed
from reading.models import Plan, PlanItem, PlanNote
from reading.models.plans import REPORTED
from reading.services.plan_steps import serves_office_of
from reading.services.planning import StalePlan, check_open, check_owner
from reading.states import PlanState
from shuxiang.periods import shanghai_date


def mark_read(*, item: PlanItem, done_on: date, by: Cadre, now: datetime) -> None:
    if done_on > shanghai_date(now):
        raise ValueError("读完的日期不能晚于今天，请改正。")
    if done_on.year < item.plan.since.year - 1:
        raise ValueError("读完的日期比计划早了一年以上，请核对年份。")
    change(item, by, now, done_on=done_on, is_dropped=False)


def mark_unread(*, item: PlanItem, by: Cadre, now: datetime) -> None:
    change(item, by, now, done_on=None)


def drop_book(*, item: PlanItem, by: Cadre, now: datetime) -> None:
    change(item, by, now, is_dropped=True)


def take_up_book(*, item: PlanItem, by: Cadre, now: datetime) -> None:
    change(item, by, now, is_dropped=False)


@transaction.atomic
def change(item: PlanItem, by: Cadre, now: datetime, **columns: Any) -> None:
    """While the plan is open. Its revision moves, so that nobody reports or edits it unseen."""
    check_owner(item.plan, by)
    check_open(item.plan)
    plan = Plan.objects.filter(pk=item.plan_id, state=PlanState.OPEN)
    if plan.update(revision=F("revision") + 1, changed_at=now) != 1:
        raise StalePlan
    as_seen = PlanItem.objects.filter(pk=item.pk, done_on=item.done_on, is_dropped=item.is_dropped)
    if as_seen.update(**columns) != 1:
        raise StalePlan


@transaction.atomic
def add_note(*, plan: Plan, by: Cadre, text: str, now: datetime, item: PlanItem | None = None) -> PlanNote:
    """The owner's note or the mentor's comment. The same words sent twice are one note."""
    said = text.strip()
    if not may_write(plan, by):
        raise NotAllowed("只有本人和导师能在这份计划里写。")
    if not said:
        raise ValueError("请先写下内容。")
    if len(said) > settings.TEXT_MAX_CHARACTERS:
        raise ValueError(f"最多 {settings.TEXT_MAX_CHARACTERS:,} 字，现在有 {len(said)} 字，请缩短。")
    # Whoever writes waits for the other of two clicks.
    if Plan.objects.filter(pk=plan.pk).update(state=F("state")) != 1:
        raise StalePlan
    last = plan.notes.filter(author=by, item=item).order_by("-created_at", "-pk").first()
    if last is not None and last.text == said:
        return last
    note = PlanNote.objects.create(plan=plan, item=item, author=by, text=said, created_at=now)
    other = plan.mentor if by.pk == plan.owner_id else plan.owner
    if by.pk != plan.owner_id and other is not None:
        send(
            recipients=[other],
            subject=f"{by.name}在您的阅读计划{plan.quoted}里写了批注",
            body=said[:200],
            address=f"/plans/{plan.pk}/",
            now=now,
        )
    return note


def may_write(plan: Plan, by: Cadre) -> bool:
    return by.pk == plan.owner_id or Plan.objects.mentored_by(by).filter(pk=plan.pk).exists()


def may_read_notes(plan: Plan, by: Cadre) -> bool:
    """Owner and mentor; the office once it is to decide on the plan. Others who see the plan see no notes."""
    return may_write(plan, by) or (plan.state in REPORTED and by.has_role(Role.OFFICE) and serves_office_of(plan, by))
