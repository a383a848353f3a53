"""A work as a register wants it."""

from dataclasses import dataclass
from datetime import date

from shuxiang.periods import Quarter
from submissions.kinds import Kind
from submissions.states import State


@dataclass(frozen=True)
class Work:
    """One row as the register wants it; `people` are cadre ids, the main author first."""

    reference: str
    kind: Kind
    title: str
    people: tuple[int, ...]
    credit_date: date
    quarter: Quarter
    state: State
    grade: str
