"""The office's decisions and the author's moves, each a row of the state table with its event.

Every function checks authority itself, moves the state by compare-and-set and leaves a decision in
the same transaction. Raises NotAllowed, IllegalTransition, StaleSubmission or ValueError.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from notices.services import send
from organization.models import AccessAction, Cadre
from organization.roles import ADMINISTRATORS, Role
from organization.services.audit import record_event
from organization.services.roles import NotAllowed
from submissions.kinds import Grade
from submissions.models import Contributor, Decision, Submission, Version
from submissions.services.likeness import print_versions, unprinted
from submissions.services.search import index_works
from submissions.states import AUTHORS_ACTIONS, NEEDS_REASON, OFFICES_ACTIONS, Action, State, next_state

# What the people of a work are told.
TOLD = {
    Action.APPROVE: "已通过",
    Action.RETURN: "退回修改",
    Action.REJECT: "不通过",
    Action.RATE: "已评级",
    Action.REOPEN: "撤销了原来的决定，重新待审",
    Action.WITHDRAW: "撤回",
}


class StaleSubmission(Exception):
    """Somebody else changed the work in between; str() is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("这件作品刚被别人处理过，请刷新后核对再办。")


def review(
    *,
    submission: Submission,
    seen: int,
    action: Action,
    reviewer: Cadre,
    now: datetime,
    reason: str = "",
    grade: Grade | None = None,
    strength: str = "",
    suggestion: str = "",
) -> Decision:
    """One of the office's decisions on the revision that the reviewer saw; whatever came after that one is stale."""
    if action not in OFFICES_ACTIONS:
        raise NotAllowed(f"{action.label}不是办公室的办理。")
    if submission.revision != seen:
        raise StaleSubmission
    note = (strength, suggestion)
    return decide(submission, action, actor=reviewer, now=now, reason=reason, grade=grade, note=note)


def withdraw(*, submission: Submission, author: Cadre, now: datetime, reason: str = "") -> Decision:
    return decide(submission, Action.WITHDRAW, actor=author, now=now, reason=reason)


def decide(
    submission: Submission,
    action: Action,
    *,
    actor: Cadre,
    now: datetime,
    reason: str = "",
    grade: Grade | None = None,
    note: tuple[str, str] = ("", ""),
) -> Decision:
    """`note` is what the author may take from it: one strength and one suggestion."""
    check_authority(submission, action, actor)
    before = State(submission.state)
    after = next_state(before, action)
    if action in NEEDS_REASON and not reason.strip():
        raise ValueError(f"{action.label}要写明理由，让作者知道怎么改。")
    if action == Action.RATE and grade is None:
        raise ValueError("请选择评级：优秀、良好或合格。")
    newest = submission.versions.handed_in().order_by("number").last()
    with transaction.atomic():
        move(submission, before, after, grade_after(submission, action, grade, newest), now)
        decision = Decision.objects.create(
            submission=submission,
            version=newest,
            actor=actor,
            action=action,
            from_state=before,
            to_state=after,
            grade=grade or "",
            reason=reason.strip(),
            strength=note[0].strip(),
            suggestion=note[1].strip(),
        )
        said = (action.label, decision.get_grade_display(), decision.reason)
        record_event(
            action=AccessAction.DECISION, actor=actor, about=str(submission), detail="；".join(filter(None, said))
        )
        if after == State.APPROVED:
            index_works(Submission.objects.filter(pk=submission.pk))
        if action == Action.SUBMIT and newest is not None:
            print_versions(unprinted().filter(pk=newest.pk))
        if action in TOLD:
            tell_people(decision, now)
    return decision


def words_of(decision: Decision) -> list[str]:
    noted = (("优点", decision.strength), ("建议", decision.suggestion))
    return [*filter(None, [decision.reason]), *(f"{label}：{text}" for label, text in noted if text)]


def tell_people(decision: Decision, now: datetime) -> None:
    """A notice to everybody named on the work who did not decline, and to who entered it; not to who decided."""
    work = decision.submission
    named = Contributor.objects.filter(submission=work).exclude(state=Contributor.State.DECLINED)
    people = Cadre.objects.filter(Q(pk__in=named.values("cadre")) | Q(pk=work.entered_by_id))
    by = f"由{decision.actor.name}" if decision.action == Action.WITHDRAW and decision.actor else ""
    graded = f"，评为{decision.get_grade_display()}" if decision.grade else ""
    send(
        recipients=people.exclude(pk=decision.actor_id),
        subject=f"“{work.title}”{by}{TOLD[Action(decision.action)]}{graded}",
        body="\n".join(words_of(decision)),
        address=reverse("work", args=[work.pk]),
        now=now,
    )


def check_authority(submission: Submission, action: Action, actor: Cadre) -> None:
    """Authors act on their own works, the office on everybody else's in its scope; never on an own one."""
    own = submission.entered_by_id == actor.pk or submission.contributors.filter(cadre=actor).exists()
    if action in AUTHORS_ACTIONS:
        main = submission.contributors.filter(cadre=actor, position=0).exists()
        if not (main or submission.entered_by_id == actor.pk):
            raise NotAllowed(f"只有作者本人能{action.label}这件作品。")
    elif own:
        raise NotAllowed("不能办理自己参与的作品，请由另一位同事办理。")
    elif actor.has_role(*ADMINISTRATORS):
        raise NotAllowed("三员不办理作品，请由办公室办理。")
    elif not actor.has_role(Role.OFFICE) or not Submission.objects.visible_to(actor).filter(pk=submission.pk).exists():
        raise NotAllowed("只有本单位的办公室能办理这件作品。")


def grade_after(
    submission: Submission, action: Action, grade: Grade | None, newest: Version | None
) -> tuple[str, Version | None]:
    """The grade and the version it binds to, after the action."""
    if action in (Action.APPROVE, Action.RATE) and grade is not None:
        return grade, newest
    if action in (Action.REOPEN, Action.SUBMIT):
        return "", None
    return submission.grade, submission.graded_version


def move(
    submission: Submission, before: State, after: State, graded: tuple[str, Version | None], now: datetime
) -> None:
    """Compare-and-set on state and revision; raises StaleSubmission and leaves the row as it is."""
    grade, version = graded
    moved = Submission.objects.filter(pk=submission.pk, state=before, revision=submission.revision).update(
        state=after, grade=grade, graded_version=version, revision=F("revision") + 1, changed_at=now
    )
    if moved != 1:
        raise StaleSubmission
    submission.refresh_from_db(fields=["state", "grade", "graded_version", "revision", "changed_at"])
