"""Questionnaires on the page of their activity."""

from typing import Any

from django import template
from django.utils import timezone

from activities.models import Activity, Questionnaire
from activities.states import ActivityState
from activities.views.scope import runs_here
from organization.desk import signed_in

register = template.Library()


@register.inclusion_tag("activities/parts/questionnaires.html", takes_context=True)
def questionnaires_part(context: dict[str, Any], activity: Activity) -> dict[str, Any]:
    """What the viewer is asked about the activity, and for who runs it all of its questionnaires; nothing for others.
    One query, beside the viewer's scope."""
    viewer, today = signed_in(context["request"]), timezone.localdate()
    runs = runs_here(context, activity)
    rows = Questionnaire.objects.issued().filter(activity=activity).with_own(viewer)
    rows = rows if runs else rows.inviting(viewer)
    return {
        "activity": activity,
        "questionnaires": list(rows.order_by("pk")),
        "runs": runs,
        "today": today,
        "may_issue": runs and activity.state != ActivityState.CANCELLED and activity.date <= today,
    }
