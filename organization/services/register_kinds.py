"""The registers that the desk takes in. Each floor installs its own when it starts, so that no import goes up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from organization.models import Cadre
from shuxiang.workbooks.importing import Plan
from shuxiang.workbooks.registers import Register, SheetSpec


class PlanFor(Protocol):
    def __call__(self, register: Register, *, today: date, now: datetime, by: Cadre) -> Plan: ...


@dataclass(frozen=True)
class RegisterKind:
    """`noun` counts what the register brings, `subject` names it, `hints` say what to write, by sheet and column.

    `model`: whose list it fills, as `app.model`.
    """

    key: str
    title: str
    noun: str
    subject: str
    about: str
    specs: Sequence[SheetSpec]
    hints: Mapping[tuple[str, str], str]
    plan: PlanFor
    model: str

    def hint(self, sheet: str, column: str) -> str:
        return self.hints.get((sheet, column), "")


KINDS: dict[str, RegisterKind] = {}


def install(kind: RegisterKind) -> None:
    KINDS[kind.key] = kind


def kind_of_model(label: str) -> RegisterKind | None:
    return next((kind for kind in KINDS.values() if kind.model == label), None)
