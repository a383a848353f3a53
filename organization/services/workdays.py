"""On which days the office works, as weekdays and the holiday table (调休) tell."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from organization.models import Holiday

DAY = timedelta(days=1)
SATURDAY = 6


@dataclass(frozen=True)
class Workdays:
    """`moved` are weekends on which the office works, `rest` are weekdays on which it does not."""

    moved: frozenset[date]
    rest: frozenset[date]

    @classmethod
    def load(cls, since: date) -> Self:
        """From `since` on; one query."""
        days: dict[bool, set[date]] = {True: set(), False: set()}
        for day, is_workday in Holiday.objects.filter(date__gte=since).values_list("date", "is_workday"):
            days[is_workday].add(day)
        return cls(frozenset(days[True]), frozenset(days[False]))

    def is_workday(self, day: date) -> bool:
        return day in self.moved or (day not in self.rest and day.isoweekday() < SATURDAY)

    def after(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`; the day itself for 0."""
        while number > 0 and day < date.max:
            day += DAY
            number -= self.is_workday(day)
        return day


def days_after(day: date, number: int) -> date:
    """No later than the calendar goes."""
    return day + min(number * DAY, date.max - day)
