"""Passwords change in one place; first passwords are drawn, printed, then stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from organization.models import AccessAction, Cadre
from organization.passwords import first_password
from organization.services.audit import record_event

REMEMBERED = 5


class StalePassword(Exception):
    """Somebody else changed a password in between; str() is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class FirstPassword:
    """A password drawn for a person, not yet stored; `replaces` is the hash that it is to replace."""

    cadre: Cadre
    password: str = field(repr=False)
    hash: str = field(repr=False)
    replaces: str = field(repr=False)


@transaction.atomic
def change_password(*, cadre: Cadre, password: str, now: datetime) -> None:
    """Stores a password that the person chose; the form has checked it."""
    cadre.former_passwords = remembered(cadre)
    cadre.set_password(password)
    cadre.must_change_password = False
    cadre.password_changed_at = now
    cadre.save(update_fields=["password", "former_passwords", "must_change_password", "password_changed_at"])
    record_event(action=AccessAction.PASSWORD, actor=cadre)


def is_former(*, cadre: Cadre, password: str) -> bool:
    """Whether the person used this password lately; slow, as comparing with hashes is."""
    return any(check_password(password, known) for known in cadre.former_passwords.split())


def remembered(cadre: Cadre) -> str:
    """The former passwords once the present one is replaced."""
    present = [cadre.password] if cadre.has_usable_password() else []
    return "\n".join([*present, *cadre.former_passwords.split()][:REMEMBERED])


def give_first_password(*, cadres: Iterable[Cadre], now: datetime) -> list[tuple[Cadre, str]]:
    """Draws and stores a first password for each; the only time that it can be read."""
    drawn = draw_first_passwords(cadres=cadres)
    store_first_passwords(drawn=drawn, now=now)
    return [(each.cadre, each.password) for each in drawn]


def draw_first_passwords(*, cadres: Iterable[Cadre]) -> list[FirstPassword]:
    """Hashing is slow on purpose, so it happens here, outside the transaction that stores."""
    drawn = []
    for cadre in cadres:
        password = first_password()
        drawn.append(FirstPassword(cadre, password, make_password(password), cadre.password))
    return drawn


@transaction.atomic
def store_first_passwords(*, drawn: Sequence[FirstPassword], now: datetime) -> None:
    """Stores all or none; raises StalePassword where a password is no longer the one that was to be replaced."""
    for each in drawn:
        cadre = each.cadre
        held = Cadre.objects.filter(pk=cadre.pk, password=each.replaces)
        changed = {"password": each.hash, "former_passwords": remembered(cadre), "must_change_password": True}
        if held.update(**changed, password_changed_at=now) != 1:
            raise StalePassword(f"{cadre} 的密码刚被别人改过，这一批都没有发放，请重新运行。")
    numbers = "、".join(each.cadre.employee_number for each in drawn)
    record_event(action=AccessAction.FIRST_PASSWORD, actor=None, about=f"{len(drawn)} 人", detail=f"工号 {numbers}")
    for each in drawn:
        each.cadre.former_passwords = remembered(each.cadre)
        each.cadre.password, each.cadre.must_change_password = each.hash, True
        each.cadre.password_changed_at = now
