from django import template
from django.utils import timezone

from assessment.boards.sheet import Sheet
from assessment.models import Period

register = template.Library()


@register.filter
def stands(subject: Period | Sheet) -> str:
    """Where a period stands today."""
    return subject.stands(timezone.localdate())
