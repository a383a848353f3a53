from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessment.personal import own_year, years_on_record
from organization.places import place_of
from organization.roles import ADMINISTRATORS, Role


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
    context = {
        "place": place_of(viewer, today),
        "roles": [role for role in Role if role in viewer.roles],
        "is_administrator": viewer.has_role(*ADMINISTRATORS),
        "years": years,
        "own": own_year(viewer, int(chosen)),
    }
    return render(request, "home.html", context)
