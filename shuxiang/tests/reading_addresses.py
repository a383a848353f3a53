"""The reading room's addresses and models: who may open them, and a stored row for each address that needs one.

One entry per address; the tests of every address, role and page read it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from organization.models import Cadre
from organization.roles import Role
from reading.models import Donation, Picture, Suggestion
from reading.tests.acquisitions import a_donation, a_suggestion, accepted
from reading.tests.factories import PlaceFactory
from shuxiang.uploads import random_name

EVERYBODY = frozenset(Role)
LIBRARIANS = frozenset({Role.LIBRARIAN, Role.OFFICE})
RENEWAL = LIBRARIANS | {Role.LEADER}


@dataclass(frozen=True)
class ReadingPage:
    """`arguments` makes a row for the viewer and gives the address's arguments; others than `readers` get `refused`.

    `stored` gives the arguments of a row that there is already, for tests that visit every page of a filled portal.
    """

    readers: frozenset[Role] = EVERYBODY
    method: str = "get"
    status: int = 200
    refused: int = 404
    arguments: Callable[[Cadre], dict[str, Any]] = lambda viewer: {}
    stored: Callable[[], Iterator[dict[str, Any]]] | None = None


def a_picture(viewer: Cadre) -> dict[str, Any]:
    picture = Picture(original_name="照片", size=1, width=40, height=40, uploaded_by=viewer, created_at=timezone.now())
    picture.place = PlaceFactory()
    picture.file.save(random_name(None, ""), ContentFile(b"x"))
    return {"picture_id": picture.pk}


def a_suggestion_of(viewer: Cadre) -> dict[str, Any]:
    return {"suggestion_id": a_suggestion().pk}


def an_own_suggestion(viewer: Cadre) -> dict[str, Any]:
    return {"suggestion_id": a_suggestion(viewer).pk}


def a_donation_of_another(viewer: Cadre) -> dict[str, Any]:
    return {"donation_id": a_donation().pk}


def a_certificate_of_another(viewer: Cadre) -> dict[str, Any]:
    return {"donation_id": accepted().pk}


def a_year(viewer: Cadre) -> dict[str, Any]:
    return {"year": timezone.localdate().year}


def this_year() -> Iterator[dict[str, Any]]:
    yield {"year": timezone.localdate().year}


def stored(model: Any, argument: str) -> Callable[[], Iterator[dict[str, Any]]]:
    """The arguments of one row that there is."""
    return lambda: ({argument: row.pk} for row in model.objects.all()[:1])


PAGES: dict[str, ReadingPage] = {
    "picture": ReadingPage(arguments=a_picture, stored=stored(Picture, "picture_id")),
    # catalogue
    # loans
    # places
    # stocktake
    # digital resources
    # suggestions, donations, renewal
    "suggestions": ReadingPage(),
    "suggestion_new": ReadingPage(),
    "suggestion": ReadingPage(arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")),
    "suggestion_edit": ReadingPage(arguments=an_own_suggestion, stored=stored(Suggestion, "suggestion_id")),
    "suggestion_vote": ReadingPage(
        method="post", status=302, arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "suggestion_decide": ReadingPage(
        LIBRARIANS, "post", arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "suggestion_buy": ReadingPage(
        LIBRARIANS, "post", arguments=a_suggestion_of, stored=stored(Suggestion, "suggestion_id")
    ),
    "donations": ReadingPage(),
    "donation_new": ReadingPage(),
    "donation": ReadingPage(LIBRARIANS, arguments=a_donation_of_another, stored=stored(Donation, "donation_id")),
    "donation_step": ReadingPage(
        LIBRARIANS, "post", 409, arguments=a_donation_of_another, stored=stored(Donation, "donation_id")
    ),
    "donation_certificate": ReadingPage(
        LIBRARIANS, arguments=a_certificate_of_another, stored=stored(Donation, "donation_id")
    ),
    "renewal": ReadingPage(RENEWAL, arguments=a_year, stored=this_year),
    "renewal_titles": ReadingPage(
        RENEWAL,
        arguments=lambda viewer: {**a_year(viewer), "part": "new"},
        stored=lambda: ({**each, "part": "new"} for each in this_year()),
    ),
    "renewal_workbook": ReadingPage(RENEWAL, arguments=a_year, stored=this_year),
    "renewal_planner": ReadingPage(LIBRARIANS),
    "buying_list": ReadingPage(LIBRARIANS),
    # plans
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    # catalogue
    # loans
    # places
    # stocktake
    # digital resources
    # suggestions, donations
    "reading.suggestion": (set(LIBRARIANS), set()),
    "reading.suggestionevent": (set(LIBRARIANS), set()),
    "reading.donation": (set(LIBRARIANS), set()),
    "reading.donationevent": (set(LIBRARIANS), set()),
    # plans
}


def stored_addresses(name: str) -> Callable[[], Iterator[str]]:
    """The addresses of stored rows, for `shuxiang.tests.objects`."""

    def found() -> Iterator[str]:
        page = PAGES[name]
        assert page.stored is not None, f"{name} needs a stored row"
        yield from (reverse(name, kwargs=arguments) for arguments in page.stored())

    return found
