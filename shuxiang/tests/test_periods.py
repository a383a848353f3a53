import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shuxiang.periods import (
    Quarter,
    Span,
    Year,
    dated,
    parse_period,
    parse_quarter,
    shanghai_date,
    spoken,
    timed,
    written,
)

BEIJING = timezone(timedelta(hours=8))


def exactly(message: str) -> str:
    return rf"\A{re.escape(message)}\Z"


@pytest.mark.parametrize(
    ("code", "first", "last", "days"),
    [
        ("2023Q1", date(2023, 1, 1), date(2023, 3, 31), 90),
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31), 91),
        ("2024Q2", date(2024, 4, 1), date(2024, 6, 30), 91),
        ("2024Q3", date(2024, 7, 1), date(2024, 9, 30), 92),
        ("2024Q4", date(2024, 10, 1), date(2024, 12, 31), 92),
        ("2023", date(2023, 1, 1), date(2023, 12, 31), 365),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), 366),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(code, first, last, days):
    period = parse_period(code)
    assert period.span == Span(first, last)
    assert period.span.days == days
    assert str(period) == code


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2023, 12, 31), Quarter(2023, 4)),
        (date(2024, 1, 1), Quarter(2024, 1)),
        (date(2024, 2, 29), Quarter(2024, 1)),
        (date(2024, 3, 31), Quarter(2024, 1)),
        (date(2024, 4, 1), Quarter(2024, 2)),
        (date(2024, 6, 30), Quarter(2024, 2)),
        (date(2024, 7, 1), Quarter(2024, 3)),
        (date(2024, 9, 30), Quarter(2024, 3)),
        (date(2024, 10, 1), Quarter(2024, 4)),
        (date(2024, 12, 31), Quarter(2024, 4)),
        (date(2025, 1, 1), Quarter(2025, 1)),
    ],
)
def test_a_day_lies_in_one_quarter_on_either_side_of_each_edge(day, quarter):
    assert Quarter.of(day) == quarter
    assert day in quarter.span
    assert day not in quarter.previous.span
    assert day not in quarter.following.span


def test_every_day_of_a_leap_year_lies_in_the_quarter_of_its_month():
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    assert [Quarter.of(day).number for day in days] == [1] * 91 + [2] * 91 + [3] * 92 + [4] * 92


def test_a_span_includes_both_its_ends():
    span = Span(date(2024, 7, 2), date(2024, 7, 3))
    assert span.days == 2
    assert [number for number in range(1, 6) if date(2024, 7, number) in span] == [2, 3]


@pytest.mark.parametrize(("number", "last"), [(1, (3, 31)), (2, (6, 30)), (3, (9, 30)), (4, (12, 31))])
def test_the_year_to_date_ends_with_the_quarter(number, last):
    assert Quarter(2024, number).ytd == Span(date(2024, 1, 1), date(2024, *last))


def test_quarters_follow_each_other_over_new_year():
    assert Quarter(2024, 4).following == Quarter(2025, 1)
    assert Quarter(2025, 1).previous == Quarter(2024, 4)
    assert Quarter(2024, 2).following == Quarter(2024, 3)
    assert Quarter(2024, 3).previous == Quarter(2024, 2)


def test_quarters_are_in_the_order_of_time():
    quarters = [Quarter(2024, 2), Quarter(2025, 1), Quarter(2023, 4), Quarter(2024, 1)]
    assert sorted(quarters) == [Quarter(2023, 4), Quarter(2024, 1), Quarter(2024, 2), Quarter(2025, 1)]


def test_a_period_knows_its_quarters():
    assert Year(2024).quarters == (Quarter(2024, 1), Quarter(2024, 2), Quarter(2024, 3), Quarter(2024, 4))
    assert Quarter(2024, 3).quarters == (Quarter(2024, 3),)
    assert Quarter(2024, 3).earlier_in_year == (Quarter(2024, 1), Quarter(2024, 2))
    assert Quarter(2024, 1).earlier_in_year == ()


def test_labels_are_chinese():
    labels = [Quarter(2024, number).label for number in range(1, 5)]
    assert labels == ["2024年第一季度", "2024年第二季度", "2024年第三季度", "2024年第四季度"]
    assert Year(2024).label == "2024年度"


def test_days_are_told_as_the_pages_tell_them():
    day = date(2026, 3, 8)
    assert (spoken(day), written(day), dated(day)) == ("3 月 8 日", "2026 年 3 月 8 日", "2026 年 3 月 8 日 星期日")
    assert timed(datetime(2026, 3, 8, 16, 5, tzinfo=UTC)) == "2026 年 3 月 9 日 00:05"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024Q3", Quarter(2024, 3)),
        ("2024q1", Quarter(2024, 1)),
        (" 2024Q4\n", Quarter(2024, 4)),
        ("2024", Year(2024)),
        ("1949", Year(1949)),
        ("２０２４", Year(2024)),
        ("2024Ｑ１", Quarter(2024, 1)),
        ("2199Q4", Quarter(2199, 4)),
    ],
)
def test_a_period_is_read_from_text(text, period):
    assert parse_period(text) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024Q0",
        "2024Q5",
        "2024Q",
        "24Q1",
        "2024Q11",
        "2024 Q1",
        "2024-Q1",
        "2024年",
        "-2024",
        "第一季度",
    ],
)
def test_what_is_not_a_period_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=exactly(f"“{text}”不是考核期，请写成 2024Q3（季度）或 2024（年度）。")):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1948", "没有这样的年度：1948"),
        ("2200", "没有这样的年度：2200"),
        ("1948Q4", "没有这样的季度：1948Q4"),
        ("2200Q1", "没有这样的季度：2200Q1"),
        ("0000", "没有这样的年度：0"),
    ],
)
def test_years_far_away_are_refused(text, message):
    with pytest.raises(ValueError, match=exactly(message)):
        parse_period(text)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_year_has_four_quarters(number):
    with pytest.raises(ValueError, match=exactly(f"没有这样的季度：2024Q{number}")):
        Quarter(2024, number)


def test_where_a_quarter_is_asked_a_year_is_refused():
    assert parse_quarter("2024Q2") == Quarter(2024, 2)
    with pytest.raises(ValueError, match=exactly("“2024”不是季度，请写成 2024Q3。")):
        parse_quarter("2024")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2024, 3, 31, 15, 59, 59, 999999, tzinfo=UTC), date(2024, 3, 31)),
        (datetime(2024, 3, 31, 16, 0, tzinfo=UTC), date(2024, 4, 1)),
        (datetime(2024, 3, 31, 23, 59, tzinfo=UTC), date(2024, 4, 1)),
        (datetime(2024, 4, 1, 0, 0, tzinfo=UTC), date(2024, 4, 1)),
        (datetime(2023, 12, 31, 16, 0, tzinfo=UTC), date(2024, 1, 1)),
        (datetime(2024, 2, 28, 16, 0, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2024, 4, 1, 0, 0, tzinfo=BEIJING), date(2024, 4, 1)),
        (datetime(2024, 3, 31, 23, 59, tzinfo=BEIJING), date(2024, 3, 31)),
    ],
)
def test_an_instant_falls_on_its_day_in_shanghai(instant, day):
    assert shanghai_date(instant) == day
