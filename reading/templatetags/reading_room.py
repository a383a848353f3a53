from datetime import date

from django import template

register = template.Library()


@register.filter
def days_since(today: date, day: date) -> int:
    """Whole days from `day` to today."""
    return (today - day).days
