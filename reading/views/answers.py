"""What the pages of the reading room do alike: say how a step went, and go back to where it was asked."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from organization.desk import signed_in
from organization.models import Cadre
from organization.services.roles import NotAllowed
from organization.ways import is_ours
from reading.services.authority import is_librarian
from reading.services.copies import StaleCopy
from reading.services.refusals import LendingRefused

REFUSALS = (NotAllowed, LendingRefused, StaleCopy)


def tell(request: HttpRequest, step: Callable[[], str]) -> None:
    """Says what the step gives, or why it was refused."""
    try:
        messages.success(request, step())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))


def back(request: HttpRequest, default: str, *arguments: object) -> HttpResponse:
    """To the portal's own page that the form names, else to the default."""
    target = request.POST.get("next", "")
    return redirect(target) if is_ours(request, target) else redirect(default, *arguments)


def librarian_of(request: HttpRequest) -> Cadre:
    """The librarian behind a request; a stranger gets 404."""
    viewer = signed_in(request)
    if not is_librarian(viewer):
        raise Http404
    return viewer
