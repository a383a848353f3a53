from datetime import date

from django import template

from shuxiang.typography import quoted

register = template.Library()
register.filter("quoted", quoted)


@register.filter
def days_since(today: date, day: date) -> int:
    """Whole days from `day` to today."""
    return (today - day).days
