"""On which days a series falls, against computations written differently and against the State Council's notices."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.kinds import DayType, LastWeek, Pattern, Shift
from activities.recurrence import Days, Occurrence, Rule, occurrences, occurrences_of_year
from shuxiang.holiday_table import Special
from shuxiang.periods import Quarter, Span

NO_TABLE = Days()
YEARS = range(2020, 2036)
MONTHS = [(year, month) for year in YEARS for month in range(1, 13)]
DAY = timedelta(days=1)


def firsts(rule: Rule, year: int, days: Days = NO_TABLE) -> list[date]:
    return [each.first for each in occurrences_of_year(rule, year, days)]


def reading_days(last_week: LastWeek) -> dict[tuple[int, int], date]:
    found = [day for year in YEARS for day in firsts(Rule(Pattern.READING_DAY, last_week=last_week), year)]
    assert len(found) == 16 * 12
    return {(day.year, day.month): day for day in found}


def rests(*days: str) -> dict[date, Special]:
    return {date.fromisoformat(day): Special("放假", False) for day in days}


def works(*days: str) -> dict[date, Special]:
    return {date.fromisoformat(day): Special("调休", True) for day in days}


def test_the_last_saturday_of_every_month_as_the_wall_calendar_has_it():
    """`monthcalendar` draws weeks from Monday to Sunday, with 0 for days of other months."""
    expected = {}
    for year, month in MONTHS:
        saturdays = [week[5] for week in calendar.monthcalendar(year, month) if week[5]]
        expected[year, month] = date(year, month, saturdays[-1])
    assert reading_days(LastWeek.LAST_SATURDAY) == expected


def test_the_saturday_of_the_last_whole_week_of_every_month_by_walking_back():
    """From the month's last day back to the first Saturday whose Monday and Sunday lie in the month too."""
    expected = {}
    for year, month in MONTHS:
        day = date(year + month // 12, month % 12 + 1, 1) - DAY
        while not (day.weekday() == 5 and (day - 5 * DAY).month == month and (day + DAY).month == month):
            day -= DAY
        expected[year, month] = day
    assert reading_days(LastWeek.WHOLE_WEEK) == expected


def test_the_two_settings_differ_where_the_month_ends_on_a_saturday_and_only_there():
    last, whole = reading_days(LastWeek.LAST_SATURDAY), reading_days(LastWeek.WHOLE_WEEK)
    differ = [f"{year}-{month:02}" for year, month in MONTHS if last[year, month] != whole[year, month]]
    assert [key for key in differ if key < "2029"] == [
        "2020-02", "2020-10", "2021-07", "2022-04", "2022-12", "2023-09", "2024-08", "2024-11", "2025-05",
        "2026-01", "2026-02", "2026-10", "2027-07", "2028-09",
    ]  # fmt: skip
    assert all(last[key] - whole[key] in (0 * DAY, 7 * DAY) for key in MONTHS)


def test_a_year_of_reading_days_by_hand():
    both = [[f"{day:%m-%d}" for day in firsts(Rule(Pattern.READING_DAY, last_week=week), 2026)] for week in LastWeek]
    assert both == [
        ["01-31", "02-28", "03-28", "04-25", "05-30", "06-27", "07-25", "08-29", "09-26", "10-31", "11-28", "12-26"],
        ["01-24", "02-21", "03-28", "04-25", "05-30", "06-27", "07-25", "08-29", "09-26", "10-24", "11-28", "12-26"],
    ]


def test_the_fourth_week_of_april():
    weeks = [occurrences_of_year(Rule(Pattern.READING_WEEK), year, NO_TABLE)[0] for year in range(2026, 2036)]
    assert [(each.first.isoformat(), each.last.day) for each in weeks] == [
        ("2026-04-20", 26), ("2027-04-19", 25), ("2028-04-17", 23), ("2029-04-16", 22), ("2030-04-22", 28),
        ("2031-04-21", 27), ("2032-04-19", 25), ("2033-04-18", 24), ("2034-04-17", 23), ("2035-04-16", 22),
    ]  # fmt: skip


def test_keys_spans_and_titles():
    def shown(rule: Rule) -> list[tuple[str, str, str, str]]:
        found = occurrences_of_year(rule, 2026, NO_TABLE)
        return [(each.key, f"{each.first:%m-%d}", f"{each.last:%m-%d}", each.title("读书会")) for each in found]

    monthly, quarterly = Rule(Pattern.MONTHLY, nth=2, weekday=5), Rule(Pattern.QUARTERLY, month=2, nth=-1, weekday=3)
    assert shown(monthly)[2] == ("2026-03", "03-13", "03-13", "3 月读书会")
    assert shown(quarterly) == [
        ("2026Q1", "02-25", "02-25", "2026 年第一季度读书会"),
        ("2026Q2", "05-27", "05-27", "2026 年第二季度读书会"),
        ("2026Q3", "08-26", "08-26", "2026 年第三季度读书会"),
        ("2026Q4", "11-25", "11-25", "2026 年第四季度读书会"),
    ]
    yearly = Rule(Pattern.YEARLY, month=12, day=1, days=31)
    assert shown(yearly) == [("2026", "12-01", "12-31", "2026 年读书会")]
    assert shown(Rule(Pattern.YEARLY, month=12, day=20, days=15)) == [("2026", "12-20", "01-03", "2026 年读书会")]


@pytest.mark.parametrize(
    ("month", "day", "year", "expected"),
    [(2, 29, 2024, "02-29"), (2, 29, 2025, "02-28"), (2, 31, 2024, "02-29"), (4, 31, 2026, "04-30"),
     (4, 30, 2026, "04-30"), (1, 31, 2026, "01-31"), (11, 31, 2026, "11-30")],
)  # fmt: skip
def test_a_yearly_day_that_a_month_does_not_have_is_its_last(month, day, year, expected):
    assert [f"{each:%m-%d}" for each in firsts(Rule(Pattern.YEARLY, month=month, day=day), year)] == [expected]


SPRING_2026 = rests(*(f"2026-02-{day}" for day in range(15, 24))) | works("2026-02-14", "2026-02-28")
SEPTEMBER_2026 = rests("2026-09-25", "2026-09-26", "2026-09-27") | works("2026-09-20")
MAY_2026 = rests(*(f"2026-05-0{day}" for day in range(1, 6))) | works("2026-05-09")
OCTOBER_2025 = rests(*(f"2025-10-0{day}" for day in range(1, 9))) | works("2025-09-28", "2025-10-11")
OCTOBER_2024 = rests(*(f"2024-10-0{day}" for day in range(1, 8))) | works("2024-09-29", "2024-10-12")


@pytest.mark.parametrize(
    ("rule", "table", "key", "first", "note"),
    [
        (
            Rule(Pattern.READING_DAY, day_type="rest"),
            SPRING_2026,
            "2026-02",
            "2026-02-23",
            "原为 2 月 28 日（当天调休上班），提前到 2 月 23 日",
        ),
        (Rule(Pattern.READING_DAY), SPRING_2026, "2026-02", "2026-02-28", "当天调休上班"),
        (Rule(Pattern.READING_DAY), SEPTEMBER_2026, "2026-09", "2026-09-26", "当天放假：放假"),
        (Rule(Pattern.READING_DAY, day_type="rest"), SEPTEMBER_2026, "2026-09", "2026-09-26", "当天放假：放假"),
        (
            Rule(Pattern.MONTHLY, nth=-1, weekday=5, day_type="work"),
            SEPTEMBER_2026,
            "2026-09",
            "2026-09-28",
            "原为 9 月 25 日（当天放假：放假），顺延到 9 月 28 日",
        ),
        (
            Rule(Pattern.MONTHLY, nth=1, weekday=5, day_type="work"),
            MAY_2026,
            "2026-05",
            "2026-05-06",
            "原为 5 月 1 日（当天放假：放假），顺延到 5 月 6 日",
        ),
        (
            Rule(Pattern.MONTHLY, nth=1, weekday=5, day_type="work", shift="earlier"),
            MAY_2026,
            "2026-05",
            "2026-05-06",
            "原为 5 月 1 日（当天放假：放假），顺延到 5 月 6 日",
        ),
        (
            Rule(Pattern.MONTHLY, nth=-1, weekday=7, day_type="rest"),
            OCTOBER_2025,
            "2025-09",
            "2025-09-27",
            "原为 9 月 28 日（当天调休上班），提前到 9 月 27 日",
        ),
        (
            Rule(Pattern.QUARTERLY, month=1, nth=1, weekday=3, day_type="work"),
            OCTOBER_2025,
            "2025Q4",
            "2025-10-09",
            "原为 10 月 1 日（当天放假：放假），顺延到 10 月 9 日",
        ),
        (
            Rule(Pattern.MONTHLY, nth=2, weekday=6, day_type="rest"),
            OCTOBER_2024,
            "2024-10",
            "2024-10-13",
            "原为 10 月 12 日（当天调休上班），顺延到 10 月 13 日",
        ),
        (
            Rule(Pattern.MONTHLY, nth=-1, weekday=7, day_type="rest", shift="earlier"),
            OCTOBER_2024,
            "2024-09",
            "2024-09-28",
            "原为 9 月 29 日（当天调休上班），提前到 9 月 28 日",
        ),
        (
            Rule(Pattern.YEARLY, month=9, day=30, day_type="work", shift="earlier"),
            {},
            "2028",
            "2028-09-29",
            "原为 9 月 30 日（当天是星期六），提前到 9 月 29 日",
        ),
    ],
)
def test_a_day_of_the_wrong_type_moves_as_the_holiday_table_says(rule, table, key, first, note):
    found = next(each for each in occurrences_of_year(rule, int(key[:4]), Days(table)) if each.key == key)
    assert (found.first.isoformat(), found.note) == (first, note)


def test_an_activity_of_several_days_moves_as_a_whole():
    rule = Rule(Pattern.YEARLY, month=5, day=1, days=3, day_type="work")
    found = occurrences_of_year(rule, 2026, Days(MAY_2026))[0]
    assert (found.first, found.last) == (date(2026, 5, 6), date(2026, 5, 8))


def test_a_day_stays_where_its_month_has_none_of_the_right_type():
    always = {date(2026, 3, day): Special("值班", True) for day in range(1, 32)}
    found = occurrences_of_year(Rule(Pattern.READING_DAY, day_type="rest"), 2026, Days(always))[2]
    assert (found.first, found.note) == (date(2026, 3, 28), "当天调休上班")


def test_a_span_takes_the_days_that_lie_in_it_both_ends_included():
    rule = Rule(Pattern.READING_DAY)
    found = occurrences(rule, Span(date(2026, 12, 26), date(2027, 1, 30)), NO_TABLE)
    assert [each.first for each in found] == [date(2026, 12, 26), date(2027, 1, 30)]
    assert occurrences(rule, Span(date(2026, 12, 27), date(2027, 1, 29)), NO_TABLE) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(Pattern.READING_DAY), "每月最后一个星期六"),
        (Rule(Pattern.READING_DAY, last_week="whole_week"), "每月最后一个完整周（周一至周日）的星期六"),
        (Rule(Pattern.MONTHLY, nth=2, weekday=7), "每月第二个星期日"),
        (
            Rule(Pattern.QUARTERLY, month=2, day_type="work"),
            "每季度第二个月的最后一个星期三；逢休息日顺延到最近的工作日",
        ),
        (
            Rule(Pattern.YEARLY, month=4, day=23, day_type="rest", shift="earlier"),
            "每年 4 月 23 日；逢工作日提前到最近的休息日",
        ),
        (Rule(Pattern.YEARLY, month=12, days=31), "每年 12 月 1 日起 31 天"),
        (Rule(Pattern.READING_WEEK), "每年四月第四周（周一至周日）"),
    ],
)
def test_a_rule_in_words(rule, words):
    assert rule.words == words


RULES = st.builds(
    Rule,
    pattern=st.sampled_from(Pattern),
    last_week=st.sampled_from(LastWeek),
    nth=st.sampled_from([1, 2, 3, 4, -1]),
    weekday=st.integers(1, 7),
    month=st.integers(1, 3),
    day=st.integers(1, 31),
    days=st.integers(1, 92),
    day_type=st.sampled_from(DayType),
    shift=st.sampled_from(Shift),
)
TABLES = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.builds(Special, st.just("某"), st.booleans()), max_size=80
)


def period_of(found: Occurrence) -> Span:
    year, rest = int(found.key[:4]), found.key[4:]
    if rest.startswith("Q"):
        return Quarter(year, int(rest[1:])).span
    first, last = (int(rest[1:]),) * 2 if rest else (1, 12)
    return Span(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


@given(rule=RULES, table=TABLES, year=st.integers(2020, 2035))
def test_every_period_has_one_occurrence_inside_it_on_a_day_of_the_right_type(rule, table, year):
    days = Days(table)
    found = occurrences_of_year(rule, year, days)
    counts = {Pattern.READING_DAY: 12, Pattern.MONTHLY: 12, Pattern.QUARTERLY: 4}
    assert len({each.key for each in found}) == len(found) == counts.get(rule.pattern, 1)
    assert found == sorted(found, key=lambda each: each.key)
    for each in found:
        period = period_of(each)
        whole = [period.first + n * DAY for n in range(period.days)]
        right = [day for day in whole if days.suits(day, rule.day_type)]
        assert each.first in (right or [each.planned])
        assert each.first in period
        # Nothing nearer would have done, in the direction in which it went.
        between = sorted([each.first, each.planned])
        assert [day for day in right if between[0] < day < between[1]] == []
        assert each.last - each.first == (rule.length - 1) * DAY
    assert occurrences_of_year(rule, year, days) == found
