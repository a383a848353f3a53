from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html

from organization.services.kept import WRITER, sign_writer
from shuxiang.typography import quoted

register = template.Library()
register.filter("quoted", quoted)


@register.filter
def days_since(today: date, day: date) -> int:
    """Whole days from `day` to today."""
    return (today - day).days


@register.simple_tag(takes_context=True)
def writer(context: dict[str, Any]) -> str:
    """In a form whose text outlives the session: whose it is."""
    signed = sign_writer(context["request"].user)
    return format_html('<input type="hidden" name="{}" value="{}">', WRITER, signed)
