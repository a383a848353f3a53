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
from reading.models import Difference, Picture, Place, Project, Stocktake
from reading.tests.factories import PlaceFactory
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


def a_space(viewer: Cadre) -> dict[str, Any]:
    return {"space_id": PlaceFactory().pk}


def a_project(viewer: Cadre) -> dict[str, Any]:
    return {"project_id": Project.objects.create(title="三楼阅览室改造").pk}


def a_stocktake(viewer: Cadre, state: str = "counting") -> dict[str, Any]:
    made = Stocktake.objects.create(place=PlaceFactory(), started_by=viewer, started_at=timezone.now(), state=state)
    if state == "compared":
        Stocktake.objects.filter(pk=made.pk).update(compared_at=timezone.now(), expected=0)
    return {"stocktake_id": made.pk}


def a_compared_stocktake(viewer: Cadre) -> dict[str, Any]:
    return a_stocktake(viewer, "compared")


def a_difference(viewer: Cadre) -> dict[str, Any]:
    arguments = a_compared_stocktake(viewer)
    row = Difference.objects.create(kind="unknown", barcode="X1", **arguments)
    return {**arguments, "difference_id": row.pk}


def stored_differences() -> Iterator[dict[str, Any]]:
    for row in Difference.objects.all()[:1]:
        yield {"stocktake_id": row.stocktake_id, "difference_id": row.pk}


def for_librarians(arguments: Any, stored: Any, method: str = "get", status: int = 200) -> ReadingPage:
    return ReadingPage(readers=LIBRARIANS, method=method, status=status, arguments=arguments, stored=stored)


def stored(model: Any, argument: str) -> Callable[[], Iterator[dict[str, Any]]]:
    """The arguments of one row that there is."""
    return lambda: ({argument: row.pk} for row in model.objects.all()[:1])


PAGES: dict[str, ReadingPage] = {
    "picture": ReadingPage(arguments=a_picture, stored=stored(Picture, "picture_id")),
    # catalogue
    # loans
    # places
    "spaces": ReadingPage(),
    "space": ReadingPage(arguments=a_space, stored=stored(Place, "space_id")),
    "space_new": ReadingPage(readers=LIBRARIANS),
    "space_edit": for_librarians(a_space, stored(Place, "space_id")),
    "space_move": for_librarians(a_space, stored(Place, "space_id")),
    "space_photograph": for_librarians(a_space, stored(Place, "space_id")),
    "photograph_remove": for_librarians(a_picture, stored(Picture, "picture_id")),
    "projects": ReadingPage(),
    "project": ReadingPage(arguments=a_project, stored=stored(Project, "project_id")),
    "project_new": ReadingPage(readers=LIBRARIANS),
    "project_edit": for_librarians(a_project, stored(Project, "project_id")),
    "project_photograph": for_librarians(a_project, stored(Project, "project_id")),
    # stocktake
    "stocktakes": ReadingPage(readers=LIBRARIANS),
    "stocktake_start": ReadingPage(readers=LIBRARIANS, method="post"),
    "stocktake": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_live": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_scan": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post"),
    "stocktake_unscan": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_list": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_compare": for_librarians(a_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_count": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_finish": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id"), "post", 302),
    "stocktake_report": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_workbook": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "stocktake_differences": for_librarians(a_compared_stocktake, stored(Stocktake, "stocktake_id")),
    "difference_resolve": for_librarians(a_difference, stored_differences, "post"),
    "difference_undo": for_librarians(a_difference, stored_differences, "post", 302),
    # digital resources
    # suggestions, donations, renewal
    # plans
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    # catalogue
    # loans
    # places
    "reading.place": (set(LIBRARIANS), set(LIBRARIANS)),
    "reading.project": (set(LIBRARIANS), set(LIBRARIANS)),
    # stocktake
    "reading.stocktake": (set(LIBRARIANS), set()),
    "reading.difference": (set(LIBRARIANS), set()),
    # digital resources
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
