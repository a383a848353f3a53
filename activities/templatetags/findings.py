"""What was found at an activity or in a questionnaire, on the pages of these."""

from typing import Any

from django import template

from activities.kinds import PROGRESS_MEETING
from activities.models import Activity, Finding, Questionnaire
from activities.models.feedback import ANSWERERS, FindingQuerySet
from activities.services.findings import may_raise
from activities.views.scope import runs_here
from organization.desk import desk_scope, signed_in
from organization.models import Cadre

register = template.Library()


@register.inclusion_tag("activities/parts/findings.html", takes_context=True)
def findings_part(context: dict[str, Any], activity: Activity) -> dict[str, Any]:
    """All of them for who runs the activity, the public ones for everybody else."""
    viewer: Cadre = context["request"].user
    rows: FindingQuerySet = activity.findings.all()
    part = shown(rows, works=runs_here(context, activity))
    is_meeting = activity.category == PROGRESS_MEETING
    leads = is_meeting and (part["may_raise"] or viewer.has_role(*ANSWERERS))
    return {**part, "source": f"activity={activity.pk}", "meeting": activity if leads else None}


@register.inclusion_tag("activities/parts/findings.html", takes_context=True)
def findings_of(context: dict[str, Any], questionnaire: Questionnaire) -> dict[str, Any]:
    """The same on the page of a questionnaire's results."""
    rows: FindingQuerySet = questionnaire.findings.all()
    request = context["request"]
    part = shown(rows, works=may_raise(signed_in(request), questionnaire, desk_scope(request)))
    return {**part, "source": f"questionnaire={questionnaire.pk}", "meeting": None}


def shown(rows: FindingQuerySet, *, works: bool) -> dict[str, Any]:
    """Of a source that the viewer may see: the public ones, or all where they are the viewer's work."""
    found: list[Finding] = list((rows if works else rows.public()).order_by("raised_on", "pk"))
    return {"findings": found, "may_raise": works}
