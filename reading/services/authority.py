"""Who may do what in the reading room."""

from organization.models import Cadre
from organization.roles import LIBRARIANS
from organization.services.roles import NotAllowed


def is_librarian(person: Cadre) -> bool:
    """The volunteer who runs the reading room, or the office."""
    return person.has_role(*LIBRARIANS)


def check_librarian(person: Cadre) -> None:
    if not is_librarian(person):
        raise NotAllowed("这项工作由图书管理员或办公室办理。")
