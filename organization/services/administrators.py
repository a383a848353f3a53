from datetime import datetime

from django.db import transaction

from organization.models import Cadre
from organization.roles import ADMINISTRATORS, Role
from organization.services.accounts import open_account
from organization.services.passwords import give_first_password


@transaction.atomic
def create_administrator(*, employee_number: str, name: str, role: Role, now: datetime) -> tuple[Cadre, str]:
    """A person without postings with just this one role, and the first password.

    Raises ValidationError (Chinese) where the 工号 is taken or a value is missing; ValueError for any other role.
    """
    if role not in ADMINISTRATORS:
        raise ValueError(f"“{role}”不是管理员角色。")
    cadre = Cadre(employee_number=employee_number, name=name)
    cadre.full_clean(exclude=["password"])
    [given] = give_first_password(cadres=[open_account(cadre=cadre, role=role)], now=now)
    return given
