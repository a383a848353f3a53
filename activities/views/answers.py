"""What the pages of activities have in common."""

from django.http import Http404, HttpRequest

from activities.services.authority import is_office
from organization.desk import signed_in
from organization.models import Cadre
from organization.services.lives import IllegalStep, Stale
from organization.services.roles import NotAllowed

REFUSED = (NotAllowed, IllegalStep, Stale, ValueError)


def office_of(request: HttpRequest) -> Cadre:
    """Who does the office's work; a stranger gets 404."""
    viewer = signed_in(request)
    if not is_office(viewer):
        raise Http404
    return viewer
