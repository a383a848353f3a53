"""On which days the office works, as weekdays and the holiday table (调休) tell. Nothing here knows the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

SATURDAY = 6


class Special(NamedTuple):
    """A line of the holiday table."""

    name: str
    is_workday: bool


@dataclass(frozen=True)
class HolidayTable:
    """Days of rest that are weekdays, workdays that are weekends, and what they are called."""

    table: Mapping[date, Special] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        special = self.table.get(day)
        return special.is_workday if special is not None else day.isoweekday() < SATURDAY
