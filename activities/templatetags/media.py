from typing import Any

from django import template

from activities.kinds import PhotographKind
from activities.models import Activity, Call, Theme
from activities.services.authority import keeps_materials
from activities.services.materials import materials_of as stored_materials_of
from activities.views.scope import runs_here
from organization.desk import desk_scope, signed_in

register = template.Library()
# So many photographs stand on the page of the activity.
SHOWN = 8


@register.inclusion_tag("activities/parts/media.html", takes_context=True)
def media_part(context: dict[str, Any], activity: Activity) -> dict[str, Any]:
    """What came of the activity: minutes, conclusions, replay, materials, photographs."""
    able = runs_here(context, activity)
    photographs = list(activity.photographs.all())
    pictures = [each for each in photographs if each.kind == PhotographKind.PICTURE]
    sheet_count = len(photographs) - len(pictures) if able else 0
    return {
        "activity": activity,
        "runs": able,
        "materials": list(activity.materials.all()),
        "pictures": pictures[:SHOWN],
        "picture_count": len(pictures),
        "sheet_count": sheet_count,
        "photographed": bool(pictures or sheet_count),
    }


@register.inclusion_tag("activities/parts/materials.html", takes_context=True)
def materials_of(context: dict[str, Any], theme: Theme | None = None, call: Call | None = None) -> dict[str, Any]:
    """What is handed out with a theme or a call."""
    owner, request = theme or call, context["request"]
    assert owner is not None
    return {
        "materials": list(stored_materials_of(owner)),
        "theme": theme,
        "call": call,
        "keeps": keeps_materials(signed_in(request), owner, desk_scope(request)),
    }
