"""Whose business something is that a department hosts: the staff of its agency, or everybody where the root does."""

from datetime import date

from django.db.models import QuerySet

from organization.models import Cadre, Posting, Tree
from organization.roles import Role


def circle_of(host: int | None, tree: Tree) -> set[int]:
    """Departments of the host's agency; where the host stands above other agencies, theirs too. All of them see what
    it hosts (`in_sight_of`)."""
    if host is None:
        return set(tree.nodes)
    agency = tree.agency(host)
    agencies = {department: tree.agency(department) for department in tree.nodes}
    return {
        department
        for department, own in agencies.items()
        if own == agency or any(node.id == host for node in tree.ancestors(own))
    }


def staff_of(host: int | None, day: date) -> QuerySet[Cadre]:
    """Who is in service there on the day. Reads the tree at once."""
    posted = Posting.objects.filter(department__in=circle_of(host, Tree.load())).covering(day)
    return Cadre.objects.filter(is_active=True, pk__in=posted.values("cadre")).order_by("pk")


def liaisons_of(host: int | None, day: date) -> QuerySet[Cadre]:
    return staff_of(host, day).filter(groups__name=Role.LIAISON)
