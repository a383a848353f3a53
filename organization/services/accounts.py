"""Opening a person's account by hand; the roster opens many at once."""

from django.contrib.auth.models import Group
from django.db import transaction

from organization.models import AccessAction, Cadre, work_scope_of
from organization.roles import Role
from organization.services.audit import record_event
from organization.services.roles import NotAllowed


def open_account(*, cadre: Cadre, role: Role = Role.CADRE, actor: Cadre | None = None) -> Cadre:
    """Stores a new person who may log in as soon as a password slip was printed.

    Commands on the server pass no actor. Raises NotAllowed where the actor is no office clerk in service,
    or gives more than the plain role.
    """
    if actor is not None:
        check_opener(actor, role)
    cadre.set_unusable_password()
    cadre.must_change_password = True
    with transaction.atomic():
        cadre.save(force_insert=True)
        cadre.groups.add(Group.objects.get(name=role))
        record_event(action=AccessAction.ACCOUNT, actor=actor, about=str(cadre), detail=f"新建账号，角色：{role}")
    return cadre


def check_opener(actor: Cadre, role: Role) -> None:
    scope = work_scope_of(actor)
    if not actor.has_role(Role.OFFICE) or not (scope.everybody or scope.departments):
        raise NotAllowed("只有在任的办公室人员能新建干部。")
    if role != Role.CADRE:
        raise NotAllowed(f"角色“{role}”由安全管理员授予，新建干部时只能是“{Role.CADRE}”。")
