"""The pipeline parse -> plan -> apply that every register goes through.

A plan is made and applied inside one transaction: it holds what would change, row by row, and the
register's records carry why any of them is refused. Commands and pages show the same plan.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

from shuxiang.workbooks.registers import Problem, Record, Register

IMPORT_LOCK = 7_420_260_001


@dataclass
class Plan:
    """What an import would do; `apply` writes it. Lines are for people, in the register's order.

    `held_back` are good rows that cannot be taken without a bad one.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    created: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    held_back: list[Record] = field(default_factory=list)
    apply: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Outcome:
    plan: Plan
    problems: list[Problem]
    refused: list[Record]
    written: bool


Planner = Callable[[Register], Plan]


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
            numbers = "、".join(str(record.row) for record in same)
            for record in same:
                value = same[0].values[column]
                record.refuse(column, f"{column} {value} 在第 {numbers} 行重复，请只保留一行")


def run_import(
    register: Register, planner: Planner, *, dry_run: bool, keep_refused: Callable[[Outcome], None] | None = None
) -> Outcome:
    """Plans, and applies unless it is a dry run or a row is bad.

    `keep_refused` saves bad rows elsewhere, so that the good ones can be applied; it runs before the
    commit, and where it fails nothing is written.
    """
    with transaction.atomic():
        one_at_a_time()
        plan = planner(register)
        refused = refused_records(register)
        written = not dry_run and (keep_refused is not None or not refused)
        outcome = Outcome(plan, register.problems, refused, written)
        if written:
            plan.apply()
        if refused and keep_refused is not None:
            keep_refused(outcome)
    return outcome


def one_at_a_time() -> None:
    """Imports wait for each other until the transaction ends: on SQLite every writing transaction does anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
