from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessment.services.personal import own_year, years_on_record
from organization.roles import ADMINISTRATORS, Role
from organization.services.places import place_of


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    viewer = request.user
    assert viewer.is_authenticated
    today = timezone.localdate()
    recorded = years_on_record(viewer)
    years = sorted({today.year, *recorded}, reverse=True)
    chosen = request.GET.get("year", str((recorded or years)[0]))
    if chosen not in map(str, years):
        raise Http404
    place = place_of(viewer, today)
    for_administration = place is None and viewer.has_role(*ADMINISTRATORS)
    where = place.path if place else "" if for_administration else "目前没有任职科室"
    roles = "、".join(role for role in Role if role in viewer.roles)
    context = {
        "introduction": " · ".join(filter(None, [where, roles])),
        "for_administration": for_administration,
        "years": years,
        "own": own_year(viewer, int(chosen)),
    }
    return render(request, "home.html", context)
