from typing import Any

from django import template
from django.utils import timezone

from assessment.services.filling import filling
from submissions.kinds import Kind
from submissions.models import Submission

register = template.Library()


@register.inclusion_tag("works/form/filling.html", takes_context=True)
def filling_of(context: dict[str, Any], kind: Kind, work: Submission | None) -> dict[str, Any]:
    """The assessment's part of the form of a work: what it counts for."""
    main = next((each.cadre for each in context.get("others", ())), context["request"].user)
    return {"filling": filling(kind, main, work, timezone.localdate()), "kind": kind}
