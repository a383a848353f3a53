"""Periods of the appraisal as values: quarters (`2024Q3`) and years (`2024`).

Rules: assessment rules section 1. Dates are calendar dates in Asia/Shanghai; both ends of a
span are included.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1949, 2199


@dataclass(frozen=True)
class Span:
    """Calendar days from `first` to `last`, both included."""

    first: date
    last: date

    @cached_property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= 4):
            raise ValueError(f"没有这样的季度：{self.year}Q{self.number}")

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def name(self) -> str:
        """`第三季度`"""
        return f"第{'一二三四'[self.number - 1]}季度"

    @property
    def label(self) -> str:
        """`2024年第三季度`, in sentences and file names."""
        return f"{self.year}年{self.name}"

    @property
    def heading(self) -> str:
        """`2024 年第三季度`, spaced as pages are."""
        return f"{self.year} 年{self.name}"

    @cached_property
    def span(self) -> Span:
        month = self.number * 3 - 2
        following = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, month + 3, 1)
        return Span(date(self.year, month, 1), following - timedelta(days=1))

    @cached_property
    def ytd(self) -> Span:
        """From 1 January to the last day of the quarter."""
        return Span(date(self.year, 1, 1), self.span.last)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def earlier_in_year(self) -> "tuple[Quarter, ...]":
        return tuple(Quarter(self.year, number) for number in range(1, self.number))

    @property
    def quarters(self) -> "tuple[Quarter, ...]":
        return (self,)

    @staticmethod
    def of(day: date) -> "Quarter":
        return Quarter(day.year, (day.month + 2) // 3)


@dataclass(frozen=True, order=True)
class Year:
    year: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"没有这样的年度：{self.year}")

    def __str__(self) -> str:
        return str(self.year)

    @property
    def label(self) -> str:
        return f"{self.year}年度"

    @property
    def heading(self) -> str:
        return f"{self.year} 年全年"

    @cached_property
    def span(self) -> Span:
        return Span(date(self.year, 1, 1), date(self.year, 12, 31))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return tuple(Quarter(self.year, number) for number in range(1, 5))


Period = Quarter | Year


def parse_period(text: str) -> Period:
    """`2024Q3` or `2024`, full-width too; ValueError with a Chinese message for anything else."""
    found = re.fullmatch(r"(\d{4})(?:[Qq]([1-4]))?", unicodedata.normalize("NFKC", text).strip(), re.ASCII)
    if not found:
        raise ValueError(f"“{text}”不是考核期，请写成 2024Q3（季度）或 2024（年度）。")
    year = int(found[1])
    return Quarter(year, int(found[2])) if found[2] else Year(year)


def parse_quarter(text: str) -> Quarter:
    """`2024Q3`; ValueError with a Chinese message for anything else."""
    try:
        period = parse_period(text)
    except ValueError as error:
        raise ValueError(f"“{text}”不是季度，请写成 2024Q3。") from error
    if not isinstance(period, Quarter):
        raise ValueError(f"“{text}”不是季度，请写成 2024Q3。")
    return period


def shanghai_date(instant: datetime) -> date:
    """The Shanghai calendar date of an aware instant."""
    return instant.astimezone(SHANGHAI).date()


def dated(day: date) -> str:
    """`2026 年 3 月 28 日 星期六`"""
    return f"{written(day)} 星期{'一二三四五六日'[day.weekday()]}"


def written(day: date) -> str:
    """`2026 年 3 月 28 日`"""
    return f"{day.year} 年 {spoken(day)}"


def timed(instant: datetime) -> str:
    """`2026 年 3 月 28 日 09:30`, the Shanghai time of an aware instant."""
    local = instant.astimezone(SHANGHAI)
    return f"{written(local.date())} {local:%H:%M}"


def spoken(day: date) -> str:
    """`11 月 28 日`, for sentences about days near by."""
    return f"{day.month} 月 {day.day} 日"
