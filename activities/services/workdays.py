"""The office's holiday table as the series read it."""

from activities.recurrence import Days
from organization.models import Holiday
from organization.services.workdays import specials
from shuxiang.periods import Span


def days_in(span: Span) -> Days:
    """One query."""
    return Days(specials(Holiday.objects.filter(date__range=(span.first, span.last))))
