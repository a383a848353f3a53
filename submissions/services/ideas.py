"""The later life of an idea: 提出 → 受理 → 采纳 → 实施 → 成效. Adopting is the office's approval of the work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from notices.services import send
from organization.models import AccessAction, Cadre
from organization.services.audit import record_event
from organization.services.roles import NotAllowed
from submissions.kinds import Kind
from submissions.models import Decision, Submission
from submissions.services.review import StaleSubmission, check_authority, move
from submissions.states import IDEA_STEPS, TRANSITIONS, Action, IllegalTransition, State, next_state

STAGES = ("提出", "受理", "采纳", "实施", "成效")
# The step that brings an idea on from each stage; adopting is a decision of the review desk.
NEXT = {0: Action.ACCEPT, 2: Action.IMPLEMENT, 3: Action.EFFECT}
NEEDS_WORDS = (Action.IMPLEMENT, Action.EFFECT)


@dataclass(frozen=True)
class Life:
    """How far an idea has come: a number into STAGES."""

    reached: int

    @property
    def steps(self) -> list[tuple[str, bool]]:
        return [(word, number <= self.reached) for number, word in enumerate(STAGES)]

    @property
    def word(self) -> str:
        return STAGES[self.reached]

    @property
    def following(self) -> Action | None:
        return NEXT.get(self.reached)


def life_of(submission: Submission, decisions: Iterable[Decision]) -> Life | None:
    """None for what is no idea, and for one that was refused, withdrawn or never handed in."""
    if submission.kind != Kind.IDEA or submission.state not in (State.PENDING, State.RETURNED, State.APPROVED):
        return None
    reached = 2 if submission.state == State.APPROVED else 0
    for decision in sorted(decisions, key=lambda each: (each.created_at, each.pk)):
        if decision.action in (Action.SUBMIT, Action.REOPEN, Action.RETURN):
            reached = 0
        elif decision.action == Action.APPROVE:
            reached = 2
        elif decision.action in IDEA_STEPS:
            reached = {Action.ACCEPT: 1, Action.IMPLEMENT: 3, Action.EFFECT: 4}[Action(decision.action)]
    return Life(reached)


def check_may_advance(submission: Submission, by: Cadre) -> None:
    """Every step is the office's alike; raises NotAllowed."""
    check_authority(submission, Action.ACCEPT, by)


def step_open_to(submission: Submission, life: Life | None, by: Cadre) -> Action | None:
    """The step that this person may record now, if any."""
    action = life.following if life is not None else None
    if action is None or (State(submission.state), action) not in TRANSITIONS:
        return None
    try:
        check_may_advance(submission, by)
    except NotAllowed:
        return None
    return action


@transaction.atomic
def advance(*, submission: Submission, seen: int, action: Action, by: Cadre, words: str, now: datetime) -> Decision:
    """One step on, recorded by the office; raises NotAllowed, IllegalTransition, StaleSubmission or ValueError."""
    if action not in IDEA_STEPS or submission.kind != Kind.IDEA:
        raise IllegalTransition("只有学以致用的建议有受理、实施和成效。")
    check_may_advance(submission, by)
    if submission.revision != seen:
        raise StaleSubmission
    before = State(submission.state)
    after = next_state(before, action)
    life = life_of(submission, submission.decisions.all())
    if life is None or life.following != action:
        raise IllegalTransition(f"这条建议现在是“{life.word if life else before.label}”，不能直接{action.label}。")
    if action in NEEDS_WORDS and not words.strip():
        raise ValueError(f"请写明{action.label}的情况。")
    move(submission, before, after, (submission.grade, submission.graded_version), now)
    decision = Decision.objects.create(
        submission=submission,
        version=submission.versions.handed_in().order_by("number").last(),
        actor=by,
        action=action,
        from_state=before,
        to_state=after,
        reason=words.strip()[:500],
    )
    detail = "；".join(filter(None, (action.label, decision.reason)))
    record_event(action=AccessAction.DECISION, actor=by, about=str(submission), detail=detail)
    send(
        recipients=[each.cadre for each in submission.contributors.select_related("cadre")],
        subject=f"您的建议{submission.quoted}：{action.label}",
        body=decision.reason,
        address=f"/works/{submission.pk}/",
        now=now,
    )
    return decision
