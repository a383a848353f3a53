"""The office's holiday table as the series read it."""

from activities.recurrence import Days, Special
from organization.models import Holiday
from shuxiang.periods import Span


def days_in(span: Span) -> Days:
    """One query."""
    rows = Holiday.objects.filter(date__range=(span.first, span.last)).values_list("date", "name", "is_workday")
    return Days({day: Special(name, is_workday) for day, name, is_workday in rows})
