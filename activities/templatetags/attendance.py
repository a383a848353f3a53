"""What the page of an activity says of its attendance."""

from typing import Any

from django import template
from django.utils import timezone

from activities.models import Activity
from activities.services.attendance import LABELS, why_closed
from activities.services.recorders import opens_the_roll
from activities.services.roll import counts_in
from organization.desk import signed_in, standpoint_of

register = template.Library()


@register.inclusion_tag("activities/parts/attendance.html", takes_context=True)
def attendance_part(context: dict[str, Any], activity: Activity) -> dict[str, Any]:
    """How many came and the own state, for everybody; the way to sheet, ticks and workbook for who looks after it;
    `activity` as `with_counts` gives it."""
    request = context["request"]
    viewer = signed_in(request)
    counts = counts_in(activity)
    return {
        "activity": activity,
        "counts": counts,
        "own": LABELS[counts.own] if counts.own else "",
        "opens": opens_the_roll(viewer, activity, standpoint_of(request)),
        "closed": why_closed(activity, timezone.localdate()),
    }
