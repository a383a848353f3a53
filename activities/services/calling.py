"""Calls for works (征集令): drafted, opened with frozen rules, extended, closed, cancelled.

Each step is taken on the version that was seen and leaves an event in the same transaction. Raises NotAllowed,
IllegalStep, Stale or ValueError, whose str() are Chinese sentences.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from activities.kinds import WorkKind
from activities.models import Activity, Call, CallEvent, Theme
from activities.services.authority import check_hosts
from activities.services.concerned import staff_of
from activities.states import CALL_TRANSITIONS, CallAction, CallState
from notices.services import send
from organization.models import Cadre, Department
from organization.services.lives import IllegalStep, Stale
from shuxiang.periods import dated, shanghai_date, spoken

WHAT = "征集令"
REASON_LENGTH = 300
HEADING = re.compile("[一二三四五六七八九十]+、")
EMPTY_HEADING = re.compile("[一二三四五六七八九十]+、[^：:]+[：:]")


class CallContent(NamedTuple):
    """What a draft says; frozen once it opens, but for `until`."""

    title: str
    kinds: tuple[WorkKind, ...]
    rules: str
    since: date
    until: date
    department: Department | None = None
    theme: Theme | None = None
    activity: Activity | None = None
    for_office: bool = True
    for_branch: bool = False
    for_union: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        return {**self._asdict(), "kinds": ",".join(self.kinds)}


def draft_call(*, content: CallContent, by: Cadre, now: datetime) -> Call:
    """The same draft sent twice is one."""
    check_content(content, by)
    same = Call.objects.filter(made_by=by, state=CallState.DRAFT, **content.columns).first()
    if same is not None:
        return same
    with transaction.atomic():
        call = Call.objects.create(reference=f"草稿-{uuid4().hex}", made_by=by, **content.columns)
        call.reference = f"ZJ{shanghai_date(now).year}-{call.pk:03}"
        Call.objects.filter(pk=call.pk).update(reference=call.reference)
        record(call, CallAction.DRAFT, "", CallState.DRAFT, by, now)
    return call


def edit_call(*, call: Call, seen: int, content: CallContent, by: Cadre, now: datetime) -> None:
    """A draft only."""
    check_hosts(by, call.department)
    check_content(content, by)
    take(call, seen, CallAction.EDIT, by, now, **content.columns)


def check_content(content: CallContent, by: Cadre) -> None:
    check_hosts(by, content.department)
    if not content.kinds:
        raise ValueError("请至少选一类作品。")
    if content.until < content.since:
        raise ValueError("截止日期不能早于开始日期，请改正其中之一。")


def open_call(*, call: Call, seen: int, by: Cadre, now: datetime) -> None:
    """Freezes what it says and tells everybody whom it concerns, once."""
    check_hosts(by, call.department)
    if call.until < shanghai_date(now):
        raise ValueError("截止日期已经过了，请先修改截止日期再发布。")
    check_written(call.rules)
    if call.version != seen:  # the digest below is of the row at hand
        raise Stale(WHAT)
    with transaction.atomic():
        take(call, seen, CallAction.OPEN, by, now, rules_sha256=digest_of(call))
        asked = f"{call.kinds_label}，{spoken(call.since)}至 {spoken(call.until)}。"
        tell(call, f"征集令：{call.quoted}", f"征集{asked}点开看规则，可以直接应征。", by, now)


def check_written(rules: str) -> None:
    """No heading of the outline stands over nothing."""
    lines = [line.strip() for line in rules.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if EMPTY_HEADING.fullmatch(line) and (not following or HEADING.match(following)):
            raise ValueError(f"征集规则里“{line}”下面还空着，请先修改，写好或删去再发布。")


def extend_call(*, call: Call, seen: int, until: date, by: Cadre, now: datetime, reason: str = "") -> None:
    check_hosts(by, call.department)
    if until <= call.until or until < shanghai_date(now):
        raise ValueError(f"延期要改到 {spoken(call.until)}以后的一天，不能早于今天。")
    told = f"截止日期由 {dated(call.until)}改为 {dated(until)}" + (f"：{reason.strip()}" if reason.strip() else "")
    with transaction.atomic():
        take(call, seen, CallAction.EXTEND, by, now, reason=told, until=until)
        tell(call, f"征集令{call.quoted}延期到 {spoken(until)}", reason.strip(), by, now)


def close_call(*, call: Call, seen: int, by: Cadre, now: datetime, reason: str = "") -> None:
    """Before its last day; otherwise the clock closes it."""
    check_hosts(by, call.department)
    take(call, seen, CallAction.CLOSE, by, now, reason=reason)


def reopen_call(*, call: Call, seen: int, until: date, by: Cadre, now: datetime, reason: str = "") -> None:
    """With a last day from today on."""
    check_hosts(by, call.department)
    if until < max(shanghai_date(now), call.since):
        raise ValueError("继续征集要定新的截止日期，不能早于今天和开始日期。")
    told = f"截止日期 {dated(until)}" + (f"：{reason.strip()}" if reason.strip() else "")
    with transaction.atomic():
        take(call, seen, CallAction.REOPEN, by, now, reason=told, until=until)
        tell(call, f"征集令{call.quoted}继续征集，{spoken(until)}截止", reason.strip(), by, now)


def cancel_call(*, call: Call, seen: int, by: Cadre, now: datetime, reason: str = "") -> None:
    """Works that answered it stay works; who was asked for them is told why."""
    check_hosts(by, call.department)
    was_open = call.state == CallState.OPEN
    if was_open and not reason.strip():
        raise ValueError("撤销已发布的征集令要写明原因，全体收到征集令的人都会看到。")
    with transaction.atomic():
        take(call, seen, CallAction.CANCEL, by, now, reason=reason)
        if was_open:
            kept = "已经上报的作品照常审阅、计分。"
            tell(call, f"征集令{call.quoted}已撤销", f"{reason.strip()}\n{kept}", by, now)


def close_finished(*, now: datetime) -> int:
    """Those whose last day has passed, a transaction each; gives their number."""
    finished = 0
    for call in Call.objects.over(shanghai_date(now)).order_by("pk"):
        try:
            take(call, call.version, CallAction.CLOSE, None, now, reason="到期结束")
        except Stale:
            continue  # somebody has just moved it
        finished += 1
    return finished


def claim_reminder(*, call: Call) -> bool:
    """Whether it is the caller's to remind of this last day: once for each, whoever comes first."""
    same = Call.objects.filter(pk=call.pk, state=CallState.OPEN, until=call.until)
    return same.exclude(reminded_until=call.until).update(reminded_until=call.until) == 1


def canonical_text(call: Call) -> str:
    """What the digest is made of: all that stays once the call is open."""
    kinds = "、".join(kind.label for kind in call.work_kinds)
    rules = call.rules.replace("\r\n", "\n").strip()
    return (
        f"征集令 {call.reference}\n名称：{call.title}\n征集：{kinds}\n开始：{call.since.isoformat()}\n规则：\n{rules}\n"
    )


def digest_of(call: Call) -> str:
    return sha256(canonical_text(call).encode()).hexdigest()


def actions_for(call: Call) -> list[CallAction]:
    """The steps that its state allows, beside editing."""
    able = {action for state, action in CALL_TRANSITIONS if state == call.state}
    return [action for action in CallAction if action in able and action != CallAction.EDIT]


@transaction.atomic
def take(
    call: Call, seen: int, action: CallAction, by: Cadre | None, now: datetime, *, reason: str = "", **columns: Any
) -> CallEvent:
    before = CallState(call.state)
    after = CALL_TRANSITIONS.get((before, action))
    if after is None:
        raise IllegalStep(WHAT, before.label, action.label)
    if len(reason) > REASON_LENGTH:
        raise ValueError(f"说明最多 {REASON_LENGTH} 字，现在有 {len(reason)} 字，请缩短。")
    same = Call.objects.filter(pk=call.pk, state=before, version=seen)
    if same.update(state=after, changed_at=now, version=F("version") + 1, **columns) != 1:
        raise Stale(WHAT)
    call.refresh_from_db()
    return record(call, action, before, after, by, now, reason.strip())


def record(
    call: Call, action: CallAction, before: str, after: str, by: Cadre | None, now: datetime, reason: str = ""
) -> CallEvent:
    return CallEvent.objects.create(
        call=call, action=action, from_state=before, to_state=after, actor=by, at=now, reason=reason
    )


def tell(call: Call, subject: str, body: str, by: Cadre, now: datetime) -> None:
    people: Iterable[Cadre] = staff_of(call.department_id, shanghai_date(now)).exclude(pk=by.pk)
    send(recipients=people, subject=subject, body=body, address=reverse("call", args=[call.pk]), now=now)
