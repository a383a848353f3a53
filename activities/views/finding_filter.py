"""What the ledger of findings shows, as its address says."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict

from activities.models.feedback import FindingQuerySet
from activities.states import FindingState
from shuxiang.searches import searched

OVERDUE, LACKING, EVERYTHING = "overdue", "lacking", "all"
STATES = [
    (FindingState.OPEN.value, "待整改"),
    (OVERDUE, "已超期"),
    (LACKING, "四项不全"),
    (FindingState.DONE.value, "已整改"),
    (FindingState.DROPPED.value, "不再跟踪"),
    (EVERYTHING, "全部"),
]
PUBLIC_STATES = [(EVERYTHING, "全部"), (FindingState.OPEN.value, "待整改"), (FindingState.DONE.value, "已整改")]
SOURCES = [
    ("questionnaire", "问卷"),
    ("talk", "座谈会"),
    ("meeting", "推进会"),
    ("activity", "其他活动"),
    ("feedback", "意见箱"),
]


@dataclass(frozen=True)
class FindingFilter:
    """Anything unknown is left out. Who does not follow them sees the public ones, with fewer filters."""

    follows: bool
    state: str
    source: str = ""
    owner: str = ""
    text: str = ""

    @classmethod
    def read(cls, address: QueryDict, follows: bool) -> Self:
        state, source = address.get("state", ""), address.get("source", "")
        known = STATES if follows else PUBLIC_STATES
        return cls(
            follows,
            state if state in dict(known) else known[0][0],
            source if source in dict(SOURCES) else "",
            searched(address, "owner") if follows else "",
            searched(address),
        )

    @property
    def known(self) -> list[tuple[str, str]]:
        return STATES if self.follows else PUBLIC_STATES

    @property
    def address(self) -> str:
        state = self.state if self.state != self.known[0][0] else ""
        parts = {"state": state, "source": self.source, "owner": self.owner, "q": self.text}
        return urlencode({name: part for name, part in parts.items() if part})

    @property
    def words(self) -> str:
        """For the auditor."""
        parts = (dict(self.known)[self.state], dict(SOURCES).get(self.source, ""), self.owner, self.text)
        return "，".join(filter(None, parts))

    @property
    def is_narrow(self) -> bool:
        return bool(self.source or self.owner or self.text)

    @property
    def sources(self) -> list[tuple[str, str]]:
        return SOURCES

    def states(self) -> list[tuple[str, str, bool]]:
        return [(label, replace(self, state=state).address, state == self.state) for state, label in self.known]

    def among(self, rows: FindingQuerySet, today: date) -> FindingQuerySet:
        if self.state == OVERDUE:
            rows = rows.overdue(today)
        elif self.state == LACKING:
            rows = rows.lacking()
        elif self.state != EVERYTHING:
            rows = rows.filter(state=self.state)
        rows = rows.found_in(self.source) if self.source else rows
        return rows.owned_by(self.owner).searched(self.text).overdue_first(today)
