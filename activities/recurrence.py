"""On which days the activities of a series fall: a plain description of a pattern, and the days of a year.

Days are calendar days in Shanghai, without hours. Nothing here knows the database.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, YEARLY, rrule

from activities.kinds import DayType, LastWeek, Pattern, Shift
from shuxiang.holiday_table import HolidayTable
from shuxiang.periods import Quarter, Span, spoken

WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
DAY = timedelta(days=1)
# The week of 1 April is the first, so that of 22 April, three weeks on, is the fourth.
IN_FOURTH_WEEK = 22
WEEK = 7
NTH_WORDS = {1: "第一个", 2: "第二个", 3: "第三个", 4: "第四个", -1: "最后一个"}
NUMERALS = "一二三四五六日"
PLACES = {Shift.EARLIER: "提前", Shift.LATER: "顺延"}


@dataclass(frozen=True)
class Days(HolidayTable):
    """The holiday table as the patterns ask it."""

    def suits(self, day: date, day_type: str) -> bool:
        return day_type == DayType.ANY or self.is_workday(day) == (day_type == DayType.WORK)

    def said(self, day: date) -> str:
        """What is special about a day, empty for one like any other."""
        special = self.table.get(day)
        if special is None:
            return ""
        return "当天调休上班" if special.is_workday else f"当天放假：{special.name}"


@dataclass(frozen=True)
class Rule:
    """What `activities.models.Series` says of its days; the fields are explained there."""

    pattern: str
    last_week: str = LastWeek.LAST_SATURDAY
    nth: int = -1
    weekday: int = 3
    month: int = 1
    day: int = 1
    days: int = 1
    day_type: str = DayType.ANY
    shift: str = Shift.LATER

    @property
    def words(self) -> str:
        """`每季度第二个月的最后一个星期三；逢休息日顺延到工作日`"""
        words = WORDS[Pattern(self.pattern)](self)
        if self.day_type == DayType.ANY:
            return words
        wrong, right = ("休息日", "工作日") if self.day_type == DayType.WORK else ("工作日", "休息日")
        return f"{words}；逢{wrong}{PLACES[Shift(self.shift)]}到最近的{right}"

    @property
    def length(self) -> int:
        """For how many days an activity lasts."""
        return {Pattern.YEARLY: self.days, Pattern.READING_WEEK: WEEK}.get(Pattern(self.pattern), 1)


@dataclass(frozen=True)
class Occurrence:
    """One activity of a series: `key` is `2026-03` of a monthly one, `2026Q1` of a quarterly, `2026` of a yearly.

    `planned` is where the pattern puts its first day; `first` differs where the holiday table moved it, and `said` is
    what the table says of the planned day.
    """

    key: str
    first: date
    last: date
    planned: date
    said: str = ""

    @property
    def is_moved(self) -> bool:
        return self.first != self.planned

    @property
    def note(self) -> str:
        """`原为 9 月 26 日（当天调休上班），顺延到 9 月 27 日`; of a day that stays, what is special about it."""
        if not self.is_moved:
            return self.said
        way = PLACES[Shift.LATER if self.first > self.planned else Shift.EARLIER]
        return f"原为 {spoken(self.planned)}（{self.said}），{way}到 {spoken(self.first)}"

    def title(self, of: str) -> str:
        """`3 月职工读书日`, `2026 年第一季度读书分享会`, `2026 年世界读书日`"""
        words = key_words(self.key)
        return f"{words.removeprefix(f'{self.key[:4]} 年 ')}{of}"


def key_words(key: str) -> str:
    """`2026 年 3 月`, `2026 年第一季度`, `2026 年`"""
    year, rest = int(key[:4]), key[4:]
    if rest.startswith("-"):
        return f"{year} 年 {int(rest[1:])} 月"
    return Quarter(year, int(rest[1:])).heading if rest else f"{year} 年"


def occurrences(rule: Rule, span: Span, days: Days) -> list[Occurrence]:
    """Those whose first day lies in the span, by date."""
    years = range(span.first.year, span.last.year + 1)
    found = [each for year in years for each in occurrences_of_year(rule, year, days) if each.first in span]
    return sorted(found, key=lambda each: each.first)


def occurrences_of_year(rule: Rule, year: int, days: Days) -> list[Occurrence]:
    """In the order of their keys; every period of the pattern has one."""
    return [occurrence(rule, key, period, days) for key, period in periods_of(rule, year)]


def occurrence(rule: Rule, key: str, period: Span, days: Days) -> Occurrence:
    planned = PLANNED[Pattern(rule.pattern)](rule, period)
    first = moved(planned, rule, period, days)
    said = days.said(planned)
    if first != planned and not said:
        said = f"当天是星期{NUMERALS[planned.weekday()]}"
    return Occurrence(key, first, first + (rule.length - 1) * DAY, planned, said)


def moved(planned: date, rule: Rule, period: Span, days: Days) -> date:
    """The nearest day of the right type, first in the direction of `shift`, then in the other, never out of the
    period; where it has none, the day stays."""
    if days.suits(planned, rule.day_type):
        return planned
    later = [planned + n * DAY for n in range(1, (period.last - planned).days + 1)]
    earlier = [planned - n * DAY for n in range(1, (planned - period.first).days + 1)]
    ordered = (earlier, later) if rule.shift == Shift.EARLIER else (later, earlier)
    return next((day for way in ordered for day in way if days.suits(day, rule.day_type)), planned)


def periods_of(rule: Rule, year: int) -> Iterator[tuple[str, Span]]:
    if rule.pattern in (Pattern.READING_DAY, Pattern.MONTHLY):
        for month in range(1, 13):
            yield f"{year}-{month:02}", month_of(year, month)
    elif rule.pattern == Pattern.QUARTERLY:
        for number in range(1, 5):
            quarter = Quarter(year, number)
            yield str(quarter), quarter.span
    else:
        yield str(year), Span(date(year, 1, 1), date(year, 12, 31))


def month_of(year: int, month: int) -> Span:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Span(date(year, month, 1), following - DAY)


def reading_day(rule: Rule, month: Span) -> date:
    """A month's last whole week is the one that ends on its last Sunday."""
    if rule.last_week == LastWeek.WHOLE_WEEK:
        return only(month, byweekday=SU(-1)) - DAY
    return only(month, byweekday=SA(-1))


def nth_weekday(rule: Rule, month: Span) -> date:
    return only(month, byweekday=WEEKDAYS[rule.weekday - 1](rule.nth))


def in_quarter(rule: Rule, quarter: Span) -> date:
    return nth_weekday(rule, month_of(quarter.first.year, quarter.first.month + rule.month - 1))


def yearly(rule: Rule, year: Span) -> date:
    """The last day there is of those up to the one named: 31 April is the 30th."""
    days = range(1, rule.day + 1)
    return next(rrule_days(YEARLY, year, bymonth=rule.month, bymonthday=days, bysetpos=-1))


def reading_week(rule: Rule, year: Span) -> date:
    within = date(year.first.year, 4, IN_FOURTH_WEEK)
    return within - within.weekday() * DAY


def only(month: Span, **by: object) -> date:
    return next(rrule_days(MONTHLY, month, **by))


def rrule_days(frequency: int, span: Span, **by: object) -> Iterator[date]:
    start = datetime.combine(span.first, datetime.min.time())
    return (moment.date() for moment in rrule(frequency, dtstart=start, count=1, **by))


def weekday_words(rule: Rule) -> str:
    return f"{NTH_WORDS[rule.nth]}星期{NUMERALS[rule.weekday - 1]}"


PLANNED: dict[Pattern, Callable[[Rule, Span], date]] = {
    Pattern.READING_DAY: reading_day,
    Pattern.MONTHLY: nth_weekday,
    Pattern.QUARTERLY: in_quarter,
    Pattern.YEARLY: yearly,
    Pattern.READING_WEEK: reading_week,
}
WORDS: dict[Pattern, Callable[[Rule], str]] = {
    Pattern.READING_DAY: lambda rule: (
        "每月最后一个完整周（周一至周日）的星期六" if rule.last_week == LastWeek.WHOLE_WEEK else "每月最后一个星期六"
    ),
    Pattern.MONTHLY: lambda rule: f"每月{weekday_words(rule)}",
    Pattern.QUARTERLY: lambda rule: f"每季度第{NUMERALS[rule.month - 1]}个月的{weekday_words(rule)}",
    Pattern.YEARLY: lambda rule: (
        f"每年 {rule.month} 月 {rule.day} 日" + (f"起 {rule.days} 天" if rule.days > 1 else "")
    ),
    Pattern.READING_WEEK: lambda rule: "每年四月第四周（周一至周日）",
}
