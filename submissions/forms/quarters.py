"""The quarters that a form offers for a work that is handed in for the first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from shuxiang.periods import Quarter, parse_quarter, spoken
from submissions.windows import Windows, windows_for


@dataclass(frozen=True)
class Quarters:
    """Those of a day: its own, and in the grace days the one before.

    `lapsed` is what the draft names although it can no longer be named: its author is asked before it changes.
    """

    own: Quarter
    windows: Windows
    takes_before: bool
    lapsed: Quarter | None

    @classmethod
    def on(cls, today: date, named: str) -> Self:
        own = Quarter.of(today)
        windows = windows_for([own, own.previous])
        takes_before = today <= windows.last_day(own.previous) and own.previous not in windows.closed
        quarter = parse_quarter(named) if named else own
        is_open = quarter == own or (takes_before and quarter == own.previous)
        return cls(own, windows, takes_before, None if is_open else quarter)

    @property
    def open_choices(self) -> Sequence[tuple[str, str]]:
        choices = [("", f"{self.own.heading}（按上报日期）")]
        if self.takes_before:
            last = self.windows.last_day(self.own.previous)
            before = f"{self.own.previous.heading}（补报，{spoken(last)}前）"
            choices.append((str(self.own.previous), before))
        return choices

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        if self.lapsed is None:
            return self.open_choices
        return [*self.open_choices, (str(self.lapsed), f"{self.lapsed.heading}（补报已截止）")]


def is_over(named: str, today: date) -> bool:
    """Whether this is a quarter before that of the day."""
    try:
        return parse_quarter(named) < Quarter.of(today)
    except ValueError:
        return False
