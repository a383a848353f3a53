"""The office's holiday table as the series read it."""

from collections.abc import Iterable

from activities.recurrence import Days
from organization.models import Holiday
from organization.services.workdays import specials
from shuxiang.periods import Span


def days_in(span: Span) -> Days:
    """One query."""
    return Days(specials(Holiday.objects.filter(date__range=(span.first, span.last))))


def unfilled(years: Iterable[int]) -> list[int]:
    """Those of the years of which the holiday table has no day at all; one query."""
    asked = sorted(set(years))
    known = Holiday.objects.filter(date__year__in=asked).values_list("date__year", flat=True)
    return sorted(set(asked).difference(known.distinct().order_by()))
