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
from reading.models import DigitalResource, Picture
from reading.tests.factories import DigitalResourceFactory, PlaceFactory
from shuxiang.uploads import random_name

EVERYBODY = frozenset(Role)
LIBRARIANS = frozenset({Role.LIBRARIAN, Role.OFFICE})


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


def a_resource(viewer: Cadre) -> dict[str, Any]:
    return {"resource_id": DigitalResourceFactory().pk}


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
    "digital": ReadingPage(),
    "digital_new": ReadingPage(readers=LIBRARIANS),
    "digital_resource": ReadingPage(arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_edit": ReadingPage(
        readers=LIBRARIANS, arguments=a_resource, stored=stored(DigitalResource, "resource_id")
    ),
    "digital_open": ReadingPage(status=302, arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_check": ReadingPage(
        readers=LIBRARIANS,
        method="post",
        status=302,
        arguments=a_resource,
        stored=stored(DigitalResource, "resource_id"),
    ),
    # suggestions, donations, renewal
    # plans
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    # catalogue
    # loans
    # places
    # stocktake
    # digital resources
    "reading.digitalresource": (set(LIBRARIANS), set(LIBRARIANS)),
    # suggestions, donations
    # plans
}


def stored_addresses(name: str) -> Callable[[], Iterator[str]]:
    """The addresses of stored rows, for `shuxiang.tests.objects`."""

    def found() -> Iterator[str]:
        page = PAGES[name]
        assert page.stored is not None, f"{name} needs a stored row"
        yield from (reverse(name, kwargs=arguments) for arguments in page.stored())

    return found
