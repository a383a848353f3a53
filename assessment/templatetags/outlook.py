from typing import Any

from django import template

from assessment.services.outlook import outlook
from submissions.models import Submission

register = template.Library()


@register.inclusion_tag("assessment/outlook.html")
def outlook_of(work: Submission) -> dict[str, Any]:
    """What the work counts for: the assessment's part of a page of a floor below."""
    return {"work": work, "outlook": outlook(work)}
