"""The pipeline parse -> plan -> apply that every register goes through.

A plan is made and applied inside one transaction: it holds what would change, row by row, and the
register's records carry why any of them is refused. Commands and pages show the same plan.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from shuxiang.workbooks.registers import Problem, Record, Register, write_refused

IMPORT_LOCK = 7_420_260_001
HELD_BACK = "同一人的其他行有误，本行一并退回，改正后一起导入"
# How many of the rows that share a value each of them names: naming all would cost the square of their number.
ROWS_NAMED = 10


class Line(NamedTuple):
    """One thing that an import adds or changes, for people; `details` say what changes, from what to what."""

    verb: str
    subject: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.verb} {self.subject}"
        return f"{said}：{'、'.join(self.details)}" if self.details else said


class Named(NamedTuple):
    """A name that the rows bring up for the first time; `near` is what it may have been meant to be, or empty."""

    name: str
    near: str = ""

    def __str__(self) -> str:
        return f"{self.name}（是否为“{self.near}”？）" if self.near else self.name


class Created(NamedTuple):
    """What comes into being beside the rows: `新建科室 2 个`, and which; of `shown` a line tells no more."""

    heading: str
    names: list[Named]
    shown: int | None = None

    def __str__(self) -> str:
        more = "等" if self.shown is not None and len(self.names) > self.shown else ""
        return f"{self.heading}：{'、'.join(str(named) for named in self.names[: self.shown])}{more}"


@dataclass
class Plan:
    """What an import would do; `apply` writes it. Everything is in the register's order.

    `held_back` are good rows that cannot be taken without a bad one, `rights` who may do more or less than before.
    """

    added: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    unchanged: int = 0
    created: list[Created] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    held_back: list[Record] = field(default_factory=list)
    apply: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Outcome:
    plan: Plan
    problems: list[Problem]
    refused: list[Record]
    written: bool


Planner = Callable[[Register], Plan]
_listeners: list[Callable[[], None]] = []


def after_import(listener: Callable[[], None]) -> None:
    """Registers what a higher floor does when facts came in; each floor does so once, at its start."""
    _listeners.append(listener)


def announce_import() -> None:
    """For entry points: tells the higher floors that facts came in."""
    for listener in _listeners:
        listener()


def refused_records(register: Register) -> list[Record]:
    return [record for records in register.records.values() for record in records if record.problems]


def refuse_repeated(records: Iterable[Record], column: str, key: Callable[[str], str] = str) -> None:
    """Refuses every row of a value that must stand once: `工号 A0001 在第 2、6 行重复`."""
    rows: dict[str, list[Record]] = {}
    for record in records:
        if value := record.values.get(column):
            rows.setdefault(key(value), []).append(record)
    for same in rows.values():
        if len(same) > 1:
            value, numbers = same[0].values[column], "、".join(str(record.row) for record in same[:ROWS_NAMED])
            more = f"等 {len(same)} " if len(same) > ROWS_NAMED else ""
            reason = f"{column} {value} 在第 {numbers} {more}行重复，请只保留一行"
            for record in same:
                record.refuse(column, reason)


def run_import(
    register: Register,
    planner: Planner,
    *,
    dry_run: bool,
    keep_refused: Callable[[Outcome], None] | None = None,
    record: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Plans, and applies unless it is a dry run or a row is bad.

    `keep_refused` saves bad rows elsewhere, so that the good ones can be applied. `record` leaves the events of
    what was written. Both run before the commit: where they fail nothing is written.
    """
    with transaction.atomic():
        one_at_a_time()
        plan = planner(register)
        refused = refused_records(register)
        written = not dry_run and (keep_refused is not None or not refused)
        outcome = Outcome(plan, register.problems, refused, written)
        if written:
            plan.apply()
            record(outcome)
        if refused and keep_refused is not None:
            keep_refused(outcome)
    return outcome


def give_back(register: Register, outcome: Outcome, path: Path) -> None:
    """Saves the refused rows with those that cannot be taken without them. Raises OSError."""
    for record in outcome.plan.held_back:
        record.refuse("工号", HELD_BACK)
    write_refused(path, register, [*outcome.refused, *outcome.plan.held_back])


def one_at_a_time() -> None:
    """Imports wait for each other until the transaction ends: on SQLite every writing transaction does anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
