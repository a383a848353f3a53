"""Themes that return every year: what the form of a new one is filled with, to be written over."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from activities.kinds import BOOK_DAY, NATIONAL_DAY, PARTY_DAY, READING_MONTH, READING_WEEK, Pattern
from activities.recurrence import Rule, reading_week
from shuxiang.periods import Year

Dates = tuple[date, date]


class Template(NamedTuple):
    """`categories` are those of the activities that are ticked beforehand."""

    title: str
    dates: Callable[[int], Dates]
    description: str
    categories: tuple[str, ...] = ()

    def filled(self, year: int) -> dict[str, Any]:
        since, until = self.dates(year)
        return {"title": f"{year} 年{self.title}", "since": since, "until": until, "description": self.description}


def between(first: tuple[int, int], last: tuple[int, int]) -> Callable[[int], Dates]:
    """Months and days of one year."""
    return lambda year: (date(year, *first), date(year, *last))


def book_week(year: int) -> Dates:
    """The activity week, and World Book Day (23 April) where it falls on the Monday after it."""
    monday = reading_week(Rule(Pattern.READING_WEEK), Year(year).span)
    return monday, max(monday + timedelta(days=6), date(year, 4, 23))


TEMPLATES: dict[str, Template] = {
    "reading_month": Template(
        "全局读书月", between((12, 1), (12, 31)),
        "结合“三会一课”安排集体学习：支部党员大会、支部委员会、党小组会各安排一次读书交流，党课讲一本书。",
        (READING_MONTH,),
    ),
    "book_day": Template(
        "世界读书日与全民阅读活动周", book_week,
        "按上级通知安排；在“依据文件”写明通知的名称和文号。", (BOOK_DAY, READING_WEEK),
    ),
    "party_history": Template(
        "党史学习教育读书月", between((6, 1), (6, 30)), "读党史、讲党史：一份书目，一次交流，一份征集令。", (PARTY_DAY,)
    ),
    "party_day": Template(
        "建党节主题阅读", between((6, 25), (7, 5)), "围绕七一安排诵读、重温入党誓词和主题党日。", (PARTY_DAY,)
    ),
    "national_day": Template(
        "国庆节主题阅读", between((9, 25), (10, 7)), "围绕国庆安排诵读和征文。", (NATIONAL_DAY,)
    ),
    "family": Template("家风主题阅读", between((5, 8), (5, 20)), "读家书、谈家风，可以请家属一起参加。"),
    "constitution": Template("宪法宣传周主题阅读", between((12, 1), (12, 7)), "读宪法原文，结合本职谈体会。"),
}  # fmt: skip
