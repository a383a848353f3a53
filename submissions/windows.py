"""Which quarters a work may be handed in for.

The assessment's floor lies above this one and knows schemes and closed quarters; it hands its answers
down by calling `install` when it starts. Until then the default rules hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from shuxiang.periods import Quarter, parse_quarter, written

DEFAULT_GRACE_DAYS = 10


class QuarterRefused(ValueError):
    """The work cannot belong to the quarter; str() says why and what to do."""


@dataclass(frozen=True)
class Windows:
    """`grace_days` by quarter (default 10 where absent); `closed` quarters take nothing new."""

    grace_days: Mapping[Quarter, int] = field(default_factory=dict)
    closed: frozenset[Quarter] = frozenset()

    def last_day(self, quarter: Quarter) -> date:
        """The last credit date on which a work may still be named for the quarter."""
        return quarter.span.last + timedelta(days=self.grace_days.get(quarter, DEFAULT_GRACE_DAYS))

    def quarter_for(self, credit_date: date, named: str) -> Quarter:
        """The quarter of a work (assessment rules, section 3); `named` is empty or what the author chose."""
        own = Quarter.of(credit_date)
        if not named:
            return own
        try:
            quarter = parse_quarter(named)
        except ValueError as error:
            raise QuarterRefused(str(error)) from error
        if quarter == own:
            return own
        if quarter != own.previous:
            raise QuarterRefused(
                f"上报日期 {written(credit_date)}属于 {own}，"
                f"考核期只能是 {own}，或在宽限期内是 {own.previous}；请改正或留空。"
            )
        if credit_date > self.last_day(quarter):
            raise QuarterRefused(
                f"{quarter} 的补报截止到 {written(self.last_day(quarter))}，"
                f"{written(credit_date)}上报的已过宽限期，请留空计入 {own}。"
            )
        return quarter

    def check_open(self, quarter: Quarter) -> None:
        if quarter in self.closed:
            raise QuarterRefused(f"{quarter} 已公示或封存，不再接收新作品。")


class WindowsSource(Protocol):
    def __call__(self, quarters: Sequence[Quarter]) -> Windows: ...


def default_source(quarters: Sequence[Quarter]) -> Windows:
    return Windows()


_source: WindowsSource = default_source


def install(source: WindowsSource) -> None:
    global _source
    _source = source


def windows_for(quarters: Sequence[Quarter]) -> Windows:
    return _source(quarters)
