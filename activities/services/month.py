"""A month as a calendar: its weeks from Monday on, with what is on each day and on which days the office rests."""

import re
from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from activities.models import Activity
from activities.states import ActivityState
from organization.models import Holiday
from shuxiang.periods import FIRST_YEAR, LAST_YEAR, dated

MONDAY, SATURDAY = 0, 5


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """`2026-03`; None for anything else."""
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        year = int(found[1]) if found else 0
        return cls(year, int(found[2])) if found and FIRST_YEAR <= year <= LAST_YEAR else None

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def heading(self) -> str:
        return f"{self.year} 年 {self.number} 月"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        following = date(self.year + self.number // 12, self.number % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def previous(self) -> "Month | None":
        day = self.first - timedelta(days=1)
        return Month.of(day) if day.year >= FIRST_YEAR else None

    @property
    def following(self) -> "Month | None":
        day = self.last + timedelta(days=1)
        return Month.of(day) if day.year <= LAST_YEAR else None


@dataclass
class Day:
    """`holiday` is the name of a day that the table of holidays has, `is_moved` one on which the office works."""

    date: date
    is_today: bool = False
    is_past: bool = False
    holiday: str = ""
    is_moved: bool = False
    activities: list[Activity] = field(default_factory=list)

    @property
    def words(self) -> str:
        """`3 月 28 日 星期六`, beneath the heading that has the year."""
        return dated(self.date).removeprefix(f"{self.date.year} 年 ")

    @property
    def is_rest(self) -> bool:
        return not self.is_moved and (bool(self.holiday) or self.date.weekday() >= SATURDAY)


@dataclass(frozen=True)
class Sheet:
    """The weeks of a month, None where a day belongs to another; `lasting` are activities of several days."""

    month: Month
    weeks: list[list[Day | None]]
    lasting: list[Activity]
    count: int
    today: date

    @property
    def has_past(self) -> bool:
        return any(day.is_past and day.activities for week in self.weeks for day in week if day is not None)

    @property
    def has_more(self) -> bool:
        """Whether anything that stands is on today or later in the month."""
        single = (each for week in self.weeks for day in week if day is not None for each in day.activities)
        standing = (each for each in (*single, *self.lasting) if each.state != ActivityState.CANCELLED)
        return any(each.last_day >= self.today for each in standing)


def sheet_of(month: Month, activities: Iterable[Activity], today: date) -> Sheet:
    """`activities` are those that touch the month, in order. One query."""
    known = {row.date: row for row in Holiday.objects.filter(date__range=(month.first, month.last))}
    days: dict[date, Day] = {}
    for number in range((month.last - month.first).days + 1):
        day = month.first + timedelta(days=number)
        holiday = known.get(day)
        days[day] = Day(
            day, day == today, day < today, holiday.name if holiday else "", bool(holiday and holiday.is_workday)
        )
    lasting, count = [], 0
    for activity in activities:
        count += 1
        if activity.last_day == activity.date:
            days[activity.date].activities.append(activity)
        else:
            lasting.append(activity)
    weeks = Calendar(MONDAY).monthdatescalendar(month.year, month.number)
    return Sheet(month, [[days.get(day) for day in week] for week in weeks], lasting, count, today)
