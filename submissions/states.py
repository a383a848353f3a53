"""The life of a work as a table: (state, action) -> state. Anything not listed is refused."""

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    PENDING = "pending", "待审"
    RETURNED = "returned", "退回"
    APPROVED = "approved", "通过"
    REJECTED = "rejected", "不通过"
    WITHDRAWN = "withdrawn", "已撤回"


CAN_STILL_COUNT = (State.PENDING, State.RETURNED, State.APPROVED)


class Action(models.TextChoices):
    SUBMIT = "submit", "上报"
    APPROVE = "approve", "通过"
    RETURN = "return", "退回修改"
    REJECT = "reject", "不通过"
    RATE = "rate", "评级"
    WITHDRAW = "withdraw", "撤回"
    REOPEN = "reopen", "撤销决定"
    REGISTER = "register", "登记导入"
    CONFIRM = "confirm", "确认署名"
    DECLINE = "decline", "谢绝署名"
    MEMBERS = "members", "调整成员"
    CONSENT = "consent", "更改展示授权"
    ACCEPT = "accept", "受理"
    IMPLEMENT = "implement", "实施"
    EFFECT = "effect", "成效"


TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.SUBMIT): State.PENDING,
    (State.RETURNED, Action.SUBMIT): State.PENDING,
    (State.PENDING, Action.APPROVE): State.APPROVED,
    (State.PENDING, Action.RETURN): State.RETURNED,
    (State.PENDING, Action.REJECT): State.REJECTED,
    (State.PENDING, Action.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Action.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Action.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Action.RATE): State.APPROVED,
    (State.APPROVED, Action.REOPEN): State.PENDING,
    (State.REJECTED, Action.REOPEN): State.PENDING,
    (State.PENDING, Action.CONFIRM): State.PENDING,
    (State.RETURNED, Action.CONFIRM): State.RETURNED,
    (State.APPROVED, Action.CONFIRM): State.APPROVED,
    (State.PENDING, Action.DECLINE): State.PENDING,
    (State.RETURNED, Action.DECLINE): State.RETURNED,
    (State.APPROVED, Action.DECLINE): State.APPROVED,
    (State.PENDING, Action.MEMBERS): State.PENDING,
    (State.RETURNED, Action.MEMBERS): State.RETURNED,
    (State.PENDING, Action.CONSENT): State.PENDING,
    (State.RETURNED, Action.CONSENT): State.RETURNED,
    (State.APPROVED, Action.CONSENT): State.APPROVED,
    (State.REJECTED, Action.CONSENT): State.REJECTED,
    (State.PENDING, Action.ACCEPT): State.PENDING,
    (State.APPROVED, Action.IMPLEMENT): State.APPROVED,
    (State.APPROVED, Action.EFFECT): State.APPROVED,
}

# Decisions that the person concerned must be able to understand.
NEEDS_REASON = frozenset({Action.RETURN, Action.REJECT, Action.REOPEN})
# What only the work's own people may do.
AUTHORS_ACTIONS = frozenset({Action.SUBMIT, Action.WITHDRAW})
# What leaves the work in its state: nobody's turn comes by it.
STAYING = (
    Action.RATE,
    Action.CONFIRM,
    Action.DECLINE,
    Action.MEMBERS,
    Action.CONSENT,
    Action.ACCEPT,
    Action.IMPLEMENT,
    Action.EFFECT,
)
# In these the author, or who handed it in for the author, may change the text.
EDITABLE = (State.DRAFT, State.RETURNED)
# The later life of an idea, step by step; adopting is the office's approval.
IDEA_STEPS = (Action.ACCEPT, Action.IMPLEMENT, Action.EFFECT)
# What the office decides at its desk, in the order in which the desk offers it.
OFFICES_ACTIONS = (Action.APPROVE, Action.RETURN, Action.REJECT, Action.RATE, Action.REOPEN)


class IllegalTransition(Exception):
    """The work's state does not allow the action; str() is a Chinese sentence for people."""


def next_state(state: State, action: Action) -> State:
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(f"作品现在是“{state.label}”，不能{action.label}。") from None


def offices_actions(state: State) -> list[Action]:
    """What the office can decide on a work in this state."""
    return [action for action in OFFICES_ACTIONS if (state, action) in TRANSITIONS]
