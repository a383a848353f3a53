"""The sign-in sheet on paper; its QR code leads back to the ticking page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.kinds import SignUp
from activities.services.recorders import reach_of
from activities.services.roll import roll_of
from activities.services.sheets import ALL, HOST, NAMED_AND_HOST, NOBODY, REGISTERED, chosen_for, pages_of
from activities.views.attendance import recordable
from organization.desk import signed_in, standpoint_of
from shuxiang.symbols import portal_of, qr_of

WORDS = {
    REGISTERED: "报名和安排的人",
    NAMED_AND_HOST: "安排的人和主办科室的人",
    HOST: "主办科室的人",
    ALL: "范围内所有的人",
    NOBODY: "只要空白行",
}


@require_safe
@never_cache
@login_required
def sheet(request: HttpRequest, activity_id: int) -> HttpResponse:
    viewer, standpoint = signed_in(request), standpoint_of(request)
    activity, tree = recordable(request, activity_id), standpoint.tree
    everybody = roll_of(activity, reach_of(viewer, activity, standpoint), viewer, timezone.localdate(), tree)
    rows, who = chosen_for(activity, everybody, request.GET.get("who", ""), tree)
    here = {row.department for row in everybody}
    offered = [key for key in WORDS if key not in (NAMED_AND_HOST, HOST) or activity.department_id]
    words = [(key, WORDS[key]) for key in offered if key != NAMED_AND_HOST or activity.sign_up == SignUp.NONE]
    departments = [(str(node.id), tree.paths[node.id]) for node in tree.ordered if node.id in here]
    address = portal_of(request) + reverse("attendance", args=[activity.pk])
    context = {
        "activity": activity,
        "who": who,
        "choices": [*words, *departments],
        "pages": pages_of(rows),
        "count": len(rows),
        "qr": qr_of(address),
    }
    return render(request, "activities/sheet.html", context)
