from typing import Any

from django import template
from django.utils import timezone

from activities.kinds import SignUp
from activities.models import Activity
from activities.services.sign_up_lists import list_seen
from activities.views.scope import runs_here

register = template.Library()


@register.inclusion_tag("activities/parts/sign_up.html", takes_context=True)
def sign_up_part(context: dict[str, Any], activity: Activity) -> dict[str, Any]:
    """Nothing where nobody signs up; `activity` as `with_list` gives it. No query where the page says in `runs` who
    runs the activity."""
    if activity.sign_up == SignUp.NONE and not activity.seats_taken:
        return {}
    return {
        "activity": activity,
        "seen": list_seen(activity=activity, now=timezone.now()),
        "runs": runs_here(context, activity),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }
