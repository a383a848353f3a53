"""What the review desk's pages have in common: the words for a decision, the next work, decisions on many works."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from submissions.models import Decision
from submissions.reports import Row
from submissions.services.review import StaleSubmission
from submissions.states import Action, IllegalTransition, State, next_state

BULK_LIMIT = 200
OWN = "您参与或登记了这件作品，请由另一位同事办理。"
EFFECTS = {
    Action.APPROVE: "作品即为通过，按方案计分，并计入应报任务。",
    Action.RETURN: "作品退回作者修改；改好再报，仍按原上报日期计。",
    Action.REJECT: "作品不通过，不计分，也不计入应报任务。",
    Action.RATE: "评级登记在各件作品最新的一版上，加分随之变化。",
}
DONE = {
    Action.APPROVE: "已通过",
    Action.RETURN: "已退回修改",
    Action.REJECT: "已定为不通过",
    Action.RATE: "已评级",
    Action.REOPEN: "已撤销决定，重新待审",
}


def outcome(decision: Decision) -> str:
    """`已通过，评为优秀`."""
    graded = f"，评为{decision.get_grade_display()}" if decision.grade else ""
    return DONE[Action(decision.action)] + graded


def log_words(decision: Decision) -> str:
    return f"审阅：{outcome(decision)}" + (f"；意见：{decision.reason}" if decision.reason else "")


@dataclass(frozen=True)
class Place:
    """Where a work stands in the queue as it is shown: ids before and after it, its number from 1 where it is in it."""

    total: int
    number: int | None
    previous: int | None
    following: int | None


def place_in(queue: Sequence[int], work: int) -> Place:
    if work not in queue:
        return Place(len(queue), None, None, queue[0] if queue else None)
    at = queue.index(work)
    following = queue[at + 1] if at + 1 < len(queue) else None
    return Place(len(queue), at + 1, queue[at - 1] if at else None, following)


def next_after(queue: Sequence[int], work: int, left: Sequence[int]) -> int | None:
    """The first work after `work` that is still left, from the queue's start again where the end is reached."""
    at = queue.index(work) + 1 if work in queue else 0
    waiting = set(left) - {work}
    return next((each for each in [*queue[at:], *queue[:at]] if each in waiting), None)


@dataclass(frozen=True)
class BulkRow:
    """A ticked work with the revision that was seen; `refusal` says why it will not be, or was not, decided."""

    row: Row
    seen: int
    refusal: str = ""
    outcome: str = ""


def foreseen(row: Row, seen: int, action: Action) -> BulkRow:
    """What the confirmation says of the work; the service decides again when it is confirmed."""
    refusal = ""
    if row.is_own:
        refusal = OWN
    elif row.submission.revision != seen:
        refusal = str(StaleSubmission())
    else:
        try:
            next_state(State(row.submission.state), action)
        except IllegalTransition as error:
            refusal = str(error)
    return BulkRow(row, seen, refusal)


def sorted_out(rows: Sequence[BulkRow], missing: int) -> dict[str, Any]:
    """For the page: what is done and what is refused, with the people concerned; `missing` works are out of sight."""
    doable, refused = [each for each in rows if not each.refusal], [each for each in rows if each.refusal]
    people = {person.cadre_id for each in doable for person in each.row.submission.contributors.all()}
    counts = {"people": len(people), "missing": missing, "refused_count": len(refused) + missing}
    return {"rows": rows, "doable": doable, "refused": refused, **counts}
