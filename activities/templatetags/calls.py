from typing import Any

from django import template
from django.db.models import Q

from activities.models import Activity, Call
from activities.services.authority import is_office
from organization.desk import signed_in

register = template.Library()


@register.inclusion_tag("activities/parts/calls.html", takes_context=True)
def calls_part(context: dict[str, Any], activity: Activity) -> dict[str, Any]:
    """The calls that go with an activity, for who sees the activity: one query.

    A call that another department hosts may concern others: it stands on its own page only.
    """
    viewer = signed_in(context["request"])
    hosted = Q(department__isnull=True) | Q(department=activity.department_id)
    calls = Call.objects.published().filter(hosted, activity=activity).order_by("since", "pk")
    return {"activity": activity, "calls": list(calls), "may_call": is_office(viewer)}
