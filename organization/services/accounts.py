"""Opening a person's account by hand; the roster opens many at once."""

from django.contrib.auth.models import Group
from django.db import transaction

from organization.models import Cadre
from organization.roles import Role


def open_account(*, cadre: Cadre, role: Role = Role.CADRE) -> Cadre:
    """Stores a new person who may log in as soon as a password slip was printed."""
    cadre.set_unusable_password()
    cadre.must_change_password = True
    with transaction.atomic():
        cadre.save(force_insert=True)
        cadre.groups.add(Group.objects.get(name=role))
    return cadre
