"""Who may do what in the reading room."""

from datetime import date

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


def is_reader(person: Cadre, today: date) -> bool:
    """Whether the reading room lends to the person: to whoever serves in the office now, and no administrator does."""
    return person.is_active and person.in_service(today)


def why_no_reader(person: Cadre, who: str, what: str) -> str:
    """The sentence for somebody who `is_reader` denies. An account that never had a post is no reader's."""
    if person.is_active and not person.postings.exists():
        return f"系统管理员等账号不是读者，不能{what}；任职没有登记的请联系办公室。"
    return f"{who}现在不在岗或账号已停用，不能{what}；任职有误请联系办公室。"
