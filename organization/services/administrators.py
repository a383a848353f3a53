from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from organization.models import Cadre
from organization.roles import ADMINISTRATORS, Role
from organization.services.passwords import give_first_password


@transaction.atomic
def create_administrator(*, employee_number: str, name: str, role: Role, now: datetime) -> tuple[Cadre, str]:
    """A person without postings with just this one role, and the first password.

    Raises ValidationError (Chinese) where the 工号 is taken or empty; ValueError for any other role.
    """
    if role not in ADMINISTRATORS:
        raise ValueError(f"“{role}”不是管理员角色。")
    cadre = Cadre(employee_number=employee_number, name=name, password=make_password(None))
    cadre.full_clean()
    cadre.save()
    cadre.groups.set([Group.objects.get(name=role)])
    [(_, password)] = give_first_password(cadres=[cadre], now=now)
    return cadre, password
