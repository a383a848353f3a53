"""Who acts in the demo, and when: days are told as days before or after the first start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from organization.models import Cadre
from organization.services.workdays import Workdays
from shuxiang.periods import SHANGHAI, shanghai_date

LIBRARIAN, CLERK = "YZ042", "YZ005"
SATURDAY = 5


@dataclass(frozen=True)
class Office:
    now: datetime
    people: dict[str, Cadre]

    @classmethod
    def at_work(cls, now: datetime) -> Self:
        return cls(now, {person.employee_number: person for person in Cadre.objects.all()})

    @property
    def today(self) -> date:
        return shanghai_date(self.now)

    @property
    def librarian(self) -> Cadre:
        return self.people[LIBRARIAN]

    @property
    def clerk(self) -> Cadre:
        return self.people[CLERK]

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def workday(self, ago: int) -> date:
        """That day, or the Friday before it."""
        day = self.day(ago)
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))

    def ahead(self, days: int) -> date:
        """The first working day from then on, as weekdays and the holiday table tell."""
        return Workdays.load(self.today).after(self.day(1 - days), 1)

    def at(self, day: date, at: time = time(12, 40)) -> datetime:
        """Never after now."""
        return min(self.now, datetime.combine(day, at, SHANGHAI))


# A moment and what is done then, told the moment.
Deed = tuple[datetime, Callable[[datetime], object]]


def live_through(deeds: Iterable[Deed]) -> None:
    """One after another as time goes: each finds what those before it left."""
    for at, do in sorted(deeds, key=lambda deed: deed[0]):
        do(at)
