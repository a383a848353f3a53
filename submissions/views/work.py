from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organization.roles import Role
from submissions.models import Submission, Version
from submissions.views.showcase import shown_work


@require_safe
@never_cache
@login_required
def work(request: HttpRequest, work_id: int) -> HttpResponse:
    """One work with its newest version, or the one that the address names.

    A colleague sees what the showcase shows of it; any other stranger gets 404.
    """
    viewer = request.user
    assert viewer.is_authenticated
    places = ("owner_department", "owner_party_group", "graded_version", "entered_by")
    found = Submission.objects.visible_to(viewer).select_related(*places).filter(pk=work_id).first()
    if found is None:
        return shown_work(request, work_id)
    versions = list(found.versions.prefetch_related("attachments"))
    people = list(found.contributors.select_related("cadre", "confirmed_by"))
    is_own = viewer.pk in {found.entered_by_id, *(each.cadre_id for each in people)}
    context = {
        "work": found,
        "version": chosen_version(versions, request.GET.get("version")),
        "versions": versions,
        "people": people,
        "decisions": found.decisions.select_related("actor", "version").order_by("-created_at", "-id"),
        "publications": found.publications.filter(is_void=False),
        "may_decide": viewer.has_role(Role.OFFICE) and not is_own,
        "from_board": viewer.has_role(Role.OFFICE, Role.LEADER) and not is_own,
    }
    return render(request, "work.html", context)


def chosen_version(versions: Sequence[Version], number: str | None) -> Version | None:
    """The newest where none is named; None for a work without any."""
    if number is None:
        return versions[-1] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404
