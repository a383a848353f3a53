"""On which days the reading room is open, and when things fall due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from organization.services.workdays import Workdays, days_after
from reading.models import ClosedDay, LendingPolicy

# However many days are closed, a date is found: beyond this many in a row the first one asked for stands.
LONGEST_CLOSURE = 400


@dataclass(frozen=True)
class Calendar:
    """`weekdays` as 1 (Monday) to 7; `workdays` are weekends on which the office works (调休)."""

    weekdays: frozenset[int]
    workdays: frozenset[date]
    rest_days: frozenset[date]
    closed: Sequence[tuple[date, date]]

    @classmethod
    def load(cls, policy: LendingPolicy, today: date) -> Self:
        """From today on; two queries."""
        days = Workdays.load(today)
        return cls(
            weekdays=frozenset(int(digit) for digit in policy.open_weekdays if digit in "1234567"),
            workdays=days.moved,
            rest_days=days.rest,
            closed=list(ClosedDay.objects.filter(until__gte=today).values_list("since", "until")),
        )

    def is_open(self, day: date) -> bool:
        if day in self.rest_days or any(since <= day <= until for since, until in self.closed):
            return False
        return day in self.workdays or day.isoweekday() in self.weekdays

    def next_open(self, day: date) -> date:
        """The day itself where it is open."""
        return self.opens_on(day) or day

    def opens_on(self, day: date) -> date | None:
        """The same; None where the room is closed for longer than anybody plans."""
        days = (days_after(day, number) for number in range(LONGEST_CLOSURE))
        return next((found for found in days if self.is_open(found)), None)

    def due_on(self, today: date, loan_days: int) -> date:
        return self.next_open(days_after(today, loan_days))

    def held_until(self, today: date, hold_days: int) -> date:
        """The last of that many open days after today; where the room stays closed, days are counted as they come."""
        day = today
        for number in range(hold_days):
            found = self.opens_on(days_after(day, 1))
            if found is None:
                return days_after(day, hold_days - number)
            day = found
        return day
