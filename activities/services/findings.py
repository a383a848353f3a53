"""Findings: what is to be put right, who does what until when, and what everybody is told.

One ledger for questionnaires, activities (座谈会, 推进会 …) and the box. States move by compare-and-set on the version;
each step leaves an event in the same transaction. Raises NotAllowed, IllegalStep, Stale or ValueError, whose str() are
Chinese sentences.
"""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from activities.kinds import PROGRESS_MEETING, Warned
from activities.models import Activity, Feedback, Finding, FindingEvent, Questionnaire
from activities.services.authority import is_office, runs, within
from activities.services.replying import reads_box_of
from activities.states import FINDING_TRANSITIONS, FindingAction, FindingState
from notices.services import send
from organization.models import AccessAction, Cadre, Scope, work_scope_of
from organization.services.audit import record_event
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed
from shuxiang.periods import dated, shanghai_date, written

WHAT = "问题"
REASON_LENGTH = 300
Source = Questionnaire | Activity | Feedback


def may_raise(person: Cadre, source: Source, scope: Scope | None = None) -> bool:
    """Who runs the activity, who answers the box, the office that issued the questionnaire. `scope` is the person's,
    where it is known already."""
    if isinstance(source, Activity):
        return runs(person, source, scope)
    if isinstance(source, Feedback):
        return reads_box_of(person, source)
    return is_office(person) and within(scope or work_scope_of(person), source.department_id)


def handles(person: Cadre, finding: Finding) -> bool:
    """The office and leaders in whose scope it lies."""
    return Finding.objects.followed_by(person).filter(pk=finding.pk).exists()


def check_handles(person: Cadre, finding: Finding) -> None:
    if not handles(person, finding):
        raise NotAllowed("问题由本单位的办公室和领导落实。")


@transaction.atomic
def raise_finding(*, by: Cadre, text: str, source: Source, now: datetime) -> Finding:
    """The same words of the same source, while nobody has worked on them, are one finding: a form sent twice."""
    if not may_raise(by, source):
        raise NotAllowed("问题由活动的组织人或主办单位的办公室登记。")
    if not text:
        raise ValueError("请写明是什么问题。")
    kind = "feedback" if isinstance(source, Feedback) else type(source).__name__.lower()
    from_source = {kind: source}
    before = Finding.objects.open().filter(text=text, version=1, **from_source).first()
    if before is not None:
        return before
    made = Finding.objects.create(
        text=text, department_id=source.department_id, raised_on=shanghai_date(now), **from_source
    )
    meeting = source if isinstance(source, Activity) and source.category == PROGRESS_MEETING else None
    record(made, FindingAction.RAISE, "", by, now, meeting=meeting)
    return made


def assign_finding(
    *,
    finding: Finding,
    by: Cadre,
    text: str,
    action: str,
    owner: Cadre | None,
    due_on: date | None,
    seen: int,
    now: datetime,
) -> None:
    """What is done by whom until when; a new owner or date is told to the owner, and reminded of anew."""
    check_handles(by, finding)
    if not text:
        raise ValueError("请写明是什么问题。")
    words = changes(finding, text, action, owner, due_on)
    told = owner is not None and (owner.pk, due_on, action) != (finding.owner_id, finding.due_on, finding.action)
    columns: dict[str, object] = {"text": text, "action": action, "owner": owner, "due_on": due_on, "warned": Warned.NO}
    with transaction.atomic():
        move(finding, FindingAction.ASSIGN, by, seen, now, columns, words)
        if told:
            due = f"完成期限 {written(due_on)}。" if due_on else ""
            tell_owner(finding, by, f"请您负责整改：{text}", f"{action}\n{due}有进展请在问题页上通报。".strip(), now)


def changes(finding: Finding, text: str, action: str, owner: Cadre | None, due_on: date | None) -> str:
    """In words, for the event."""
    pairs = (
        ("问题", finding.text, text),
        ("整改措施", finding.action, action),
        ("责任人", finding.owner.name if finding.owner else "", owner.name if owner else ""),
        ("完成期限", finding.due_on and dated(finding.due_on), due_on and dated(due_on)),
    )
    return "；".join(f"{name}：{new or '未定'}" for name, old, new in pairs if old != new)


def report_progress(*, finding: Finding, by: Cadre, note: str, seen: int, now: datetime) -> None:
    """通报进展, by the owner or who handles it."""
    if finding.owner_id != by.pk:
        check_handles(by, finding)
    if not note:
        raise ValueError("请写明有什么进展。")
    move(finding, FindingAction.REVIEW, by, seen, now, {}, note)


def reply_to_finding(*, finding: Finding, by: Cadre, reply: str, is_public: bool, seen: int, now: datetime) -> None:
    check_handles(by, finding)
    if not reply:
        raise ValueError("请写明答复。")
    move(finding, FindingAction.REPLY, by, seen, now, {"reply": reply, "is_public": is_public}, reply)


def solve_finding(
    *, finding: Finding, by: Cadre, seen: int, now: datetime, reason: str = "", meeting: Activity | None = None
) -> None:
    """By somebody else than the owner; at a progress meeting by who runs it."""
    if meeting is None:
        check_handles(by, finding)
    if finding.owner_id == by.pk:
        raise NotAllowed("自己负责的问题，由办公室的另一位同事或领导记为已整改或不再跟踪。")
    if not finding.action:
        raise ValueError("整改完成前请先写明整改措施。")
    settle(finding, FindingAction.SOLVE, by, seen, now, reason, "整改完成", meeting)


def drop_finding(*, finding: Finding, by: Cadre, seen: int, now: datetime, reason: str) -> None:
    check_handles(by, finding)
    if finding.owner_id == by.pk:
        raise NotAllowed("自己负责的问题，由办公室的另一位同事或领导记为已整改或不再跟踪。")
    if not reason:
        raise ValueError("不再跟踪要写明原因。")
    settle(finding, FindingAction.DROP, by, seen, now, reason, "不再跟踪")


def reopen_finding(*, finding: Finding, by: Cadre, seen: int, now: datetime, reason: str) -> None:
    check_handles(by, finding)
    if not reason:
        raise ValueError("重新整改要写明原因。")
    settle(finding, FindingAction.REOPEN, by, seen, now, reason, "重新整改")


@transaction.atomic
def settle(
    finding: Finding,
    action: FindingAction,
    by: Cadre,
    seen: int,
    now: datetime,
    reason: str,
    words: str,
    meeting: Activity | None = None,
) -> None:
    move(finding, action, by, seen, now, {"warned": Warned.NO}, reason, meeting)
    tell_owner(finding, by, f"您负责的问题{words}：{finding.text}", reason, now)


@transaction.atomic
def move(
    finding: Finding,
    action: FindingAction,
    by: Cadre,
    seen: int,
    now: datetime,
    columns: dict[str, object],
    reason: str = "",
    meeting: Activity | None = None,
) -> None:
    """From the version that was seen, else Stale."""
    before = FindingState(finding.state)
    after = FINDING_TRANSITIONS.get((before, action))
    if finding.version != seen:
        raise Stale(WHAT)
    if after is None:
        raise IllegalStep(WHAT, before.label, action.label)
    columns = {**columns, "state": after, "version": seen + 1, "changed_at": now}
    if Finding.objects.filter(pk=finding.pk, version=seen, state=before).update(**columns) != 1:
        raise Stale(WHAT)
    for name, value in columns.items():
        setattr(finding, name, value)
    record(finding, action, before, by, now, reason, meeting)
    record_event(action=AccessAction.FEEDBACK, actor=by, about=f"问题 {finding.pk}", detail=action.label)


def record(
    finding: Finding,
    action: FindingAction,
    before: str,
    by: Cadre,
    now: datetime,
    reason: str = "",
    meeting: Activity | None = None,
) -> None:
    FindingEvent.objects.create(
        finding=finding, action=action, from_state=before, to_state=finding.state, actor=by, at=now,
        reason=reason if len(reason) <= REASON_LENGTH else reason[: REASON_LENGTH - 1] + "…", meeting=meeting,
    )  # fmt: skip


def tell_owner(finding: Finding, by: Cadre, subject: str, body: str, now: datetime) -> None:
    owner = finding.owner
    if owner is not None and owner.pk != by.pk:
        address = reverse("finding", args=[finding.pk])
        send(recipients=[owner], subject=subject, body=body, address=address, now=now)
