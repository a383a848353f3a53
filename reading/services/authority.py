"""Who may do what in the reading room."""

from django.db.models import QuerySet

from organization.models import Cadre
from organization.roles import LIBRARIANS, Role
from organization.services.roles import NotAllowed


def is_librarian(person: Cadre) -> bool:
    """The volunteer who runs the reading room, or the office."""
    return person.has_role(*LIBRARIANS)


def check_librarian(person: Cadre) -> None:
    if not is_librarian(person):
        raise NotAllowed("这项工作由图书管理员或办公室办理。")


def librarians(*, without: Cadre | None = None) -> QuerySet[Cadre]:
    """Whom the reading room's business is told to: its volunteers; where nobody else is one, the office."""
    people = Cadre.objects.filter(is_active=True).exclude(pk=without.pk if without else None).order_by("pk")
    volunteers = people.filter(groups__name=Role.LIBRARIAN)
    return volunteers if volunteers.exists() else people.filter(groups__name=Role.OFFICE)
