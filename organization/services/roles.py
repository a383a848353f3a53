"""Who may do what, where more than one service asks."""

from collections.abc import Iterable

from organization.roles import ADMINISTRATORS


class NotAllowed(Exception):
    """The person may not do this; str() is a Chinese sentence."""


def check_roles(roles: Iterable[str]) -> None:
    """三员分立: an administrator's role excludes every other. Raises ValueError with a Chinese sentence."""
    held = set(roles)
    administrator = next((role for role in ADMINISTRATORS if role in held), None)
    if administrator is not None and len(held) > 1:
        others = "、".join(sorted(str(role) for role in held if role != administrator))
        raise ValueError(f"“{administrator}”不能兼任其他角色（{others}），请只保留其中之一，另一角色由别人担任。")
