"""The life of a work as a table: (state, action) -> state. Anything not listed is refused."""

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    PENDING = "pending", "待审"
    RETURNED = "returned", "退回"
    APPROVED = "approved", "通过"
    REJECTED = "rejected", "不通过"
    WITHDRAWN = "withdrawn", "已撤回"


class Action(models.TextChoices):
    SUBMIT = "submit", "上报"
    APPROVE = "approve", "通过"
    RETURN = "return", "退回修改"
    REJECT = "reject", "不通过"
    RATE = "rate", "评级"
    WITHDRAW = "withdraw", "撤回"
    REOPEN = "reopen", "撤销决定"
    REGISTER = "register", "登记导入"


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
}

# Decisions that the person concerned must be able to understand.
NEEDS_REASON = frozenset({Action.RETURN, Action.REJECT, Action.REOPEN})
# What only the work's own people may do.
AUTHORS_ACTIONS = frozenset({Action.SUBMIT, Action.WITHDRAW})
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
