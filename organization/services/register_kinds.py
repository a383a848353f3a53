"""The registers that the desk takes in. Each floor installs its own when it starts, so that no import goes up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from organization.models import Cadre
from organization.roles import Role
from shuxiang.workbooks.importing import Outcome, Plan, give_back
from shuxiang.workbooks.registers import Register, SheetSpec, read_register


class PlanFor(Protocol):
    def __call__(self, register: Register, *, today: date, now: datetime, by: Cadre) -> Plan: ...


class Form(Protocol):
    """How the files of a kind are read and given back. `unit` is what one of their rows is called, `column` what a
    problem's place in it; `command` brings in what is too large for a page."""

    accept: str
    about: str
    refused_name: str
    unit: str
    column: str
    command: str

    def read(self, path: Path, specs: Sequence[SheetSpec], max_rows: int | None) -> Register: ...

    def give_back(self, register: Register, outcome: Outcome, path: Path) -> None: ...


class Workbooks:
    accept = ".xlsx,.xls,.csv,.txt"
    about = ".xlsx、.xls，或 CSV、TXT（UTF-8、GBK、GB18030、UTF-16；逗号、分号、制表符分隔都行）。看内容，不看扩展名。"
    refused_name = "退回的行.xlsx"
    unit = "行"
    column = "列"
    command = ""

    def read(self, path: Path, specs: Sequence[SheetSpec], max_rows: int | None) -> Register:
        return read_register(path, specs, max_rows)

    def give_back(self, register: Register, outcome: Outcome, path: Path) -> None:
        give_back(register, outcome, path)


WORKBOOKS = Workbooks()


class FollowUp(NamedTuple):
    """What one does next with what came in."""

    words: str
    address: str


@dataclass(frozen=True)
class RegisterKind:
    """`noun` counts what the register brings, `subject` names it, `hints` say what to write, by sheet and column.

    `model`: whose list it fills, as `app.model`. `importers` bring it in beside the office that sees everybody.
    `follow` tells what to do with what came in at a moment.
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
    form: Form = WORKBOOKS
    importers: Sequence[Role] = ()
    follow: Callable[[datetime], FollowUp] | None = None

    def hint(self, sheet: str, column: str) -> str:
        return self.hints.get((sheet, column), "")


KINDS: dict[str, RegisterKind] = {}


def install(kind: RegisterKind) -> None:
    KINDS[kind.key] = kind


def kinds_of_model(label: str) -> list[RegisterKind]:
    return [kind for kind in KINDS.values() if kind.model == label]
