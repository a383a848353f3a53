from typing import Any

from django import template
from django.utils import timezone

from assessment.services.filling import filling
from organization.models import Cadre
from submissions.kinds import Kind
from submissions.models import Submission

register = template.Library()


@register.inclusion_tag("works/form/filling.html")
def filling_of(kind: Kind, main: Cadre, work: Submission | None) -> dict[str, Any]:
    """The assessment's part of the form of a work: what it counts for, for its main author."""
    return {"filling": filling(kind, main, work, timezone.localdate()), "kind": kind}
