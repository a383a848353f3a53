"""What pages show of a series: its year, day by day, and the next days of a rule that is not stored yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from activities.models import Activity, Series
from activities.models.series import SeriesQuerySet
from activities.recurrence import Occurrence, occurrences
from activities.services.generating import planned
from activities.services.given import edited_words, note_of
from activities.services.series import SeriesFacts
from activities.services.workdays import days_in
from activities.states import ActivityState
from shuxiang.periods import LAST_YEAR, Span

NEXT = 12
# Ahead of today: yearly ones show two years.
AHEAD = 2


@dataclass(frozen=True)
class Line:
    """An occurrence, its activity, or both; `day` is the activity's where there is one."""

    day: date
    last: date
    title: str
    note: str
    activity: Activity | None = None
    edited: str = ""
    is_surplus: bool = False


def with_year(rows: SeriesQuerySet, now: datetime) -> SeriesQuerySet:
    """Beside each series its next day, and how many activities of this year were held and stand."""
    today = timezone.localdate(now)
    this_year = Q(activities__date__year=today.year)
    return rows.annotate(
        next_day=Min(
            "activities__date", filter=Q(activities__state=ActivityState.SCHEDULED, activities__date__gte=today)
        ),
        held=Count("activities", filter=this_year & Q(activities__state=ActivityState.HELD)),
        standing=Count("activities", filter=this_year & ~Q(activities__state=ActivityState.CANCELLED)),
    )


def lines_of(series: Series, year: int, left_over: Collection[int]) -> list[Line]:
    """By day; two queries. `left_over` are the keys of what the series no longer yields (services.surplus)."""
    span = Span(date(year, 1, 1), date(year, 12, 31))
    yielded = {} if series.is_paused else {each.key: each for each in planned(series, span)}
    made = list(series.activities.filter(Q(occurrence__startswith=str(year)) | Q(date__year=year)))
    lines = [line_of(activity, activity.pk in left_over) for activity in made]
    known = {activity.occurrence for activity in made}
    lines += [empty_line(series.title, each) for key, each in yielded.items() if key not in known]
    return sorted(lines, key=lambda line: (line.day, line.title))


def line_of(activity: Activity, is_surplus: bool) -> Line:
    day, last, note = activity.date, activity.last_day, note_of(activity)
    return Line(day, last, activity.title, note, activity, edited_words(activity), is_surplus)


def empty_line(title: str, each: Occurrence) -> Line:
    return Line(each.first, each.last, each.title(title), each.note)


def preview(facts: SeriesFacts, today: date) -> list[Line]:
    """The next days that a series would have; one query."""
    first = max(today, facts.since)
    last = date(min(first.year + AHEAD, LAST_YEAR), 12, 31)
    last = min(facts.until or last, last)
    if last < first:
        return []
    days = days_in(Span(date(first.year, 1, 1), date(last.year, 12, 31)))
    found = occurrences(facts.rule, Span(first, last), days)
    return [empty_line(facts.title, each) for each in found[:NEXT]]
