"""The holiday table of a year, from what the State Council announced, as chinesecalendar knows it."""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from django.db import transaction

from organization.models import AccessAction, Cadre, Holiday, work_scope_of
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.roles import NotAllowed

NAMES = {
    chinese_calendar.Holiday.new_years_day: "元旦",
    chinese_calendar.Holiday.spring_festival: "春节",
    chinese_calendar.Holiday.tomb_sweeping_day: "清明节",
    chinese_calendar.Holiday.labour_day: "劳动节",
    chinese_calendar.Holiday.dragon_boat_festival: "端午节",
    chinese_calendar.Holiday.national_day: "国庆节",
    chinese_calendar.Holiday.mid_autumn_festival: "中秋节",
    chinese_calendar.Holiday.anti_fascist_70th_day: "抗战胜利七十周年",
}
BY_ENGLISH = {holiday.value: name for holiday, name in NAMES.items()}
WORKED = "{}调休上班"
HOW_TO = (
    "软件里还没有 {year} 年的放假安排。国务院办公厅一般在上一年十一月前后发布通知，请照通知把放假的日子和"
    "调休上班的日子逐条填进工作台的“节假日”；系统升级以后也可以再来填入，已有的日子不会改动。"
)


class UnknownYear(ValueError):
    """Nobody knows the year's holidays yet, or any more; str() says in Chinese what to do."""

    def __init__(self, year: int) -> None:
        super().__init__(HOW_TO.format(year=year))


@dataclass(frozen=True)
class Imported:
    year: int
    new: int
    kept: int

    @property
    def words(self) -> str:
        kept = f"，表里已有的 {self.kept} 天没有动" if self.kept else ""
        return f"{self.year} 年的放假安排：新填入 {self.new} 天{kept}。"


@transaction.atomic
def import_holidays(*, year: int, by: Cadre | None = None) -> Imported:
    """Fills in what is missing; a date that is there stays as the office has it. `by` is None for a command.

    Raises NotAllowed, UnknownYear.
    """
    if by is not None:
        check_keeper(by)
    announced = announced_days(year)
    known = set(Holiday.objects.filter(date__in=[each.date for each in announced]).values_list("date", flat=True))
    missing = [each for each in announced if each.date not in known]
    # Somebody may type one of them at this moment: theirs stays.
    Holiday.objects.bulk_create(missing, ignore_conflicts=True)
    done = Imported(year, len(missing), len(known))
    if missing:
        record_event(action=AccessAction.SETTING, actor=by, about=f"节假日 {year} 年", detail=done.words)
    return done


def keeps_holidays(person: Cadre) -> bool:
    """As at the desk: the office that sees everybody, and the system administrator."""
    return person.has_role(Role.SYSTEM) or (person.has_role(Role.OFFICE) and work_scope_of(person).everybody)


def check_keeper(person: Cadre) -> None:
    if not keeps_holidays(person):
        raise NotAllowed("节假日表由根单位的办公室或系统管理员填写。")


def announced_days(year: int) -> list[Holiday]:
    """The days off, weekends among them too, and the weekends worked; not stored."""
    try:
        days = [date(year, 1, 1) + timedelta(days=number) for number in range(days_of(year))]
        found = [(day, *chinese_calendar.get_holiday_detail(day)) for day in days]
    except (NotImplementedError, ValueError, OverflowError) as error:
        raise UnknownYear(year) from error
    rows = []
    for day, is_off, english in found:
        if english is not None:
            name = BY_ENGLISH[english]
            rows.append(Holiday(date=day, name=name if is_off else WORKED.format(name), is_workday=not is_off))
    return rows


def days_of(year: int) -> int:
    return (date(year, 12, 31) - date(year, 1, 1)).days + 1
