"""The life of a plan, each step a row of the state table with its event: reported, confirmed, sent back, dropped.

Raises NotAllowed, IllegalStep, StalePlan or ValueError; str() is a Chinese sentence.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from notices.services import send
from organization.models import AccessAction, Cadre, work_scope_of
from organization.roles import ADMINISTRATORS, Role
from organization.services.audit import record_event
from organization.services.lives import FieldRefused
from organization.services.places import office_over
from organization.services.roles import NotAllowed
from reading.kinds import Visibility
from reading.models import Plan, PlanEvent
from reading.models.plans import in_scope
from reading.services.planning import IllegalStep, StalePlan
from reading.states import PLAN_NEEDS_REASON, PLAN_OWNERS_ACTIONS, PLAN_TRANSITIONS, PlanAction, PlanState
from shuxiang.periods import shanghai_date, written
from shuxiang.typography import quoted, unquoted

REASON_LENGTH = 300
# What the owner is told.
TOLD = {
    PlanAction.CONFIRM: "已确认完成",
    PlanAction.SEND_BACK: "请再补充",
    PlanAction.REVOKE: "的确认已撤销",
}
# What the mentor is told; where there is none, the office learns what it has to decide on.
MENTOR_TOLD = {
    PlanAction.COMPLETE: "报告完成，请您确认",
    PlanAction.TAKE_BACK: "撤回了完成报告，不用再确认",
    PlanAction.DROP: "放弃了这份计划",
    PlanAction.CONFIRM: "的计划已由办公室确认完成",
    PlanAction.REVOKE: "的计划确认已由办公室撤销",
}
OFFICE_TOLD = frozenset({PlanAction.COMPLETE, PlanAction.TAKE_BACK})


def take_step(*, plan: Plan, seen: int, action: PlanAction, by: Cadre, now: datetime, reason: str = "") -> PlanEvent:
    """One step on the revision that was seen; whatever came after that one is stale."""
    check_authority(plan, action, by, shanghai_date(now))
    before = PlanState(plan.state)
    after = next_state(before, action)
    said = reason.strip()
    if action in PLAN_NEEDS_REASON and not said:
        raise FieldRefused(f"{action.label}要写明理由，让本人知道怎么办。", "reason")
    if len(said) > REASON_LENGTH:
        raise FieldRefused(f"说明最多 {REASON_LENGTH} 字，现在有 {len(said)} 字，请缩短。", "reason")
    if action == PlanAction.CONFIRM and (hindrance := hindrance_to(plan, shanghai_date(now))):
        raise ValueError(hindrance)
    with transaction.atomic():
        moved = Plan.objects.filter(pk=plan.pk, state=before, revision=seen).update(
            state=after, revision=F("revision") + 1, changed_at=now, **decided(action, by, now)
        )
        if moved != 1:
            raise StalePlan
        if action == PlanAction.COMPLETE and (lacking := lacking_in(plan)):
            raise ValueError(lacking)
        event = PlanEvent.objects.create(
            plan=plan, action=action, actor=by, from_state=before, to_state=after, reason=said, at=now
        )
        if action not in PLAN_OWNERS_ACTIONS:
            # By its number alone: what the plan is about, and why it came back, is for the people of the plan.
            record_event(action=AccessAction.PLAN, actor=by, about=plan.reference, detail=f"阅读计划{action.label}")
        tell(plan, event, now)
    plan.refresh_from_db()
    return event


def next_state(state: PlanState, action: PlanAction) -> PlanState:
    try:
        return PLAN_TRANSITIONS[state, action]
    except KeyError:
        raise IllegalStep(f"计划现在是“{state.label}”，不能{action.label}。") from None


def decided(action: PlanAction, by: Cadre, now: datetime) -> dict[str, Any]:
    """Who confirmed and when goes with the state: the day of the confirmation dates the fact."""
    if action == PlanAction.COMPLETE:
        return {"completed_at": now}
    if action in (PlanAction.TAKE_BACK, PlanAction.SEND_BACK):
        return {"completed_at": None}
    if action == PlanAction.CONFIRM:
        return {"confirmed_by": by, "confirmed_on": shanghai_date(now)}
    if action == PlanAction.REVOKE:
        return {"confirmed_by": None, "confirmed_on": None}
    return {}


def lacking_in(plan: Plan) -> str:
    """What keeps the plan from being reported as completed, and what to do; empty where nothing does."""
    kept = list(plan.items.filter(is_dropped=False))
    unread = [each.title for each in kept if each.done_on is None]
    if unread:
        more = f"等 {len(unread)} 本" if len(unread) > 3 else ""
        named = "、".join(quoted(unquoted(title)[:30]) for title in unread[:3])
        return f"{named}{more}还没有标为读完。请先标上读完的日期；不打算读了的，请标为不读了。"
    return "" if kept else "计划里还没有读完的书，请先加上图书并标为读完。"


def hindrance_to(plan: Plan, today: date) -> str:
    """What keeps the plan from being confirmed today, and what to do; empty where nothing does: a contributor is in
    service on the credit date (assessment rules, section 3)."""
    if plan.owner.in_service(today):
        return ""
    return (
        f"{plan.owner.name}今天（{written(today)}）没有任职记录，不能确认完成。"
        "任职登记有误的，请先由办公室改正任职再确认；确已离开的不用确认，这份计划不计分。"
    )


def may_decide(plan: Plan, by: Cadre, today: date) -> bool:
    """Whether the person may confirm or send back: its mentor or the office, never its owner."""
    try:
        check_authority(plan, PlanAction.CONFIRM, by, today)
    except NotAllowed:
        return False
    return True


def may_revoke(plan: Plan, by: Cadre, today: date) -> bool:
    try:
        check_authority(plan, PlanAction.REVOKE, by, today)
    except NotAllowed:
        return False
    return True


def check_authority(plan: Plan, action: PlanAction, by: Cadre, today: date) -> None:
    if action in PLAN_OWNERS_ACTIONS:
        if plan.owner_id != by.pk:
            raise NotAllowed(f"只有本人能{action.label}。")
        return
    if plan.owner_id == by.pk:
        raise NotAllowed("不能办理自己的阅读计划，请由导师或另一位同事办理。")
    if by.has_role(*ADMINISTRATORS):
        raise NotAllowed("三员不办理阅读计划，请由导师或办公室办理。")
    if action != PlanAction.REVOKE and plan.mentor_id == by.pk and by.is_active and by.in_service(today):
        return
    if not by.has_role(Role.OFFICE) or not serves_office_of(plan, by):
        raise NotAllowed(f"只有{'办公室' if action == PlanAction.REVOKE else '导师或本单位的办公室'}能{action.label}。")


def serves_office_of(plan: Plan, by: Cadre) -> bool:
    return Plan.objects.filter(in_scope(work_scope_of(by)), pk=plan.pk).exists()


def tell(plan: Plan, event: PlanEvent, now: datetime) -> None:
    action, address = PlanAction(event.action), f"/plans/{plan.pk}/"
    by = event.actor.name if event.actor else ""
    if action in TOLD:
        subject = f"阅读计划{plan.quoted}{TOLD[action]}"
        body = "\n".join(filter(None, (f"由{by}办理。", event.reason)))
        send(recipients=[plan.owner], subject=subject, body=body, address=address, now=now)
    if action in MENTOR_TOLD and not (action == PlanAction.DROP and plan.visibility == Visibility.PRIVATE):
        people = [each for each in deciders(plan, action, now) if each.pk != event.actor_id]
        subject = f"{plan.owner.name}{MENTOR_TOLD[action]}：{plan.quoted}"
        send(recipients=people, subject=subject, body=event.reason, address=address, now=now)


def deciders(plan: Plan, action: PlanAction, now: datetime) -> list[Cadre]:
    """The mentor; without one who is still in service, the office that has to decide instead."""
    today = shanghai_date(now)
    if plan.mentor is not None and plan.mentor.is_active and plan.mentor.in_service(today):
        return [plan.mentor]
    return office_over(plan.owner, today) if action in OFFICE_TOLD else []
