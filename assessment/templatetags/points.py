"""What a work has earned, for pages of the floor of works."""

from typing import Any

from django import template

from assessment.services.earned import earned_by
from submissions.models import Submission

register = template.Library()


@register.inclusion_tag("works/points.html", takes_context=True)
def points_of(context: dict[str, Any], work: Submission) -> dict[str, Any]:
    """The ledger's lines of the work that the reader may see, rule by rule."""
    return {"work": work, "earned": earned_by(work, context["request"].user)}
