from typing import Any

from django import template
from django.core.paginator import Paginator

from activities.models import Call
from organization.desk import is_id, signed_in, standpoint_of
from organization.models import Scope
from submissions.kinds import Kind
from submissions.services.call_works import answers_to, listed, rows_of, tallies

register = template.Library()
PER_PAGE = 30


@register.inclusion_tag("works/of_call.html", takes_context=True)
def works_of_call(context: dict[str, Any], call: Call, manages: bool) -> dict[str, Any]:
    """The works that answered: what the showcase shows and the own; for who `manages` the call, all of the own scope.

    Filters stand in the page's address. Three queries, beside the viewer's standpoint.
    """
    request = context["request"]
    viewer, standpoint = signed_in(request), standpoint_of(request)
    desk, tree = standpoint.work_scope, standpoint.tree
    works = answers_to(call, viewer, desk if manages else Scope(desk.day))
    counted = tallies(works, tree)
    places = {each.department: each.name for each in counted if each.department is not None}
    asked, kind = request.GET.get("department", ""), request.GET.get("kind", "")
    department = int(asked) if is_id(asked) and int(asked) in places else None
    chosen = Kind(kind) if kind in Kind.values else None
    page = Paginator(listed(works, tree, department, chosen), PER_PAGE).get_page(request.GET.get("page"))
    kept = "".join(f"{name}={value}&" for name, value in (("department", department), ("kind", chosen)) if value)
    sums: dict[str, int] = {}
    for each in counted:
        sums[each.name] = sums.get(each.name, 0) + each.count
    return {
        "call": call,
        "manages": manages,
        "total": sum(each.count for each in counted),
        "sums": sums.items(),
        "places": places.items(),
        "kinds": [(each.value, each.label) for each in Kind if each in call.work_kinds],
        "department": department,
        "kind": chosen,
        "page": page,
        "rows": rows_of(list(page.object_list), tree),
        "kept": kept,
    }
