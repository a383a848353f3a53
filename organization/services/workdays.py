"""The office's holiday table as it is stored, and its working days counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db.models import QuerySet

from organization.models import Holiday
from shuxiang.holiday_table import HolidayTable, Special

DAY = timedelta(days=1)


def specials(rows: QuerySet[Holiday]) -> dict[date, Special]:
    """One query."""
    columns = rows.values_list("date", "name", "is_workday")
    return {day: Special(name, is_workday) for day, name, is_workday in columns}


@dataclass(frozen=True)
class Workdays(HolidayTable):
    @classmethod
    def load(cls, since: date) -> Self:
        """From `since` on; one query."""
        return cls(specials(Holiday.objects.filter(date__gte=since)))

    @property
    def moved(self) -> frozenset[date]:
        """Days, mostly of weekends, on which the office works by the table."""
        return frozenset(day for day, special in self.table.items() if special.is_workday)

    @property
    def rest(self) -> frozenset[date]:
        """Days on which it rests by the table."""
        return frozenset(day for day, special in self.table.items() if not special.is_workday)

    def after(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`; the day itself for 0."""
        while number > 0 and day < date.max:
            day += DAY
            number -= self.is_workday(day)
        return day


def days_after(day: date, number: int) -> date:
    """No later than the calendar goes."""
    return day + min(number * DAY, date.max - day)
