"""What the lists of addresses of each area have in common: who may open a page, and a stored row for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from organization.models import Cadre
from organization.roles import Role

EVERYBODY = frozenset(Role)
OFFICE = frozenset({Role.OFFICE})
LIBRARIANS = frozenset({Role.LIBRARIAN, Role.OFFICE})


@dataclass(frozen=True)
class AreaPage:
    """`arguments` makes a row for the viewer and gives the address's arguments; others than `readers` get `refused`.

    `stored` gives the arguments of a row that there is already, for tests that visit every page of a filled portal.
    """

    readers: frozenset[Role] = EVERYBODY
    method: str = "get"
    status: int = 200
    refused: int = 404
    arguments: Callable[[Cadre], dict[str, Any]] = lambda viewer: {}
    stored: Callable[[], Iterator[dict[str, Any]]] | None = None


def stored(model: Any, argument: str, column: str = "pk") -> Callable[[], Iterator[dict[str, Any]]]:
    """The arguments of one row that there is."""
    return lambda: ({argument: getattr(row, column)} for row in model.objects.all()[:1])


def for_librarians(arguments: Any, stored: Any, method: str = "get", status: int = 200) -> AreaPage:
    return AreaPage(readers=LIBRARIANS, method=method, status=status, arguments=arguments, stored=stored)


def stored_addresses(name: str, page: AreaPage) -> Callable[[], Iterator[str]]:
    """The addresses of stored rows, for `shuxiang.tests.objects`."""

    def found() -> Iterator[str]:
        assert page.stored is not None, f"{name} needs a stored row"
        yield from (reverse(name, kwargs=arguments) for arguments in page.stored())

    return found
