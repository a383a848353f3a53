"""What every instance has from the first day; called by a migration and by the tests."""

from typing import Any

from organization.roles import Role


def seed_roles(group_model: Any) -> None:
    """Makes the groups that stand for the roles; running it again changes nothing."""
    for role in Role:
        group_model.objects.get_or_create(name=role.value)
