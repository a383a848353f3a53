from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

from notices.models import Notice
from organization.models import Cadre, Department

register = template.Library()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. `unit` is empty before the first roster, `unread` None before the log-in."""

    unit: str
    unread: int | None
    at_notices: bool = False


@register.simple_tag(takes_context=True)
def frame(context: dict[str, Any]) -> Frame:
    """The name of the whole tree's root and the number of unread notices, together in one query."""
    roots = Department.objects.filter(parent=None)
    request = context["request"]
    viewer = getattr(request, "user", None)  # absent where a request was refused before its person was known
    if not isinstance(viewer, Cadre) or viewer.password_due:
        return Frame(roots.values_list("name", flat=True).first() or "", None)
    unread = Notice.objects.of(viewer).unread()
    count = unread.order_by().values("recipient").annotate(count=Count("pk")).values("count")
    found = roots.annotate(unread=Coalesce(Subquery(count), 0)).values_list("name", "unread").first()
    unit, waiting = found or ("", unread.count())
    return Frame(unit, waiting, request.path.startswith("/notices/"))
