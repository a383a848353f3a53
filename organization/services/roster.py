"""Bringing the roster in: its sheets and the checks that need more than one cell (assessment rules, section 10)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from organization.directory import number_key
from organization.models import DepartmentKind
from organization.roles import ROSTER_ROLES, Role
from shuxiang.periods import written
from shuxiang.workbooks.importing import refuse_repeated
from shuxiang.workbooks.registers import (
    Column,
    Record,
    Register,
    SheetSpec,
    close_gaps,
    date_column,
    employee_number_column,
    name_column,
    phone_column,
    text_column,
)

ROSTER, POSTINGS, LEAVES, PARTY = "花名册", "任职", "请假", "党小组"
NUMBER, NAME, DEPARTMENT, GROUP, TITLE, ROLES = "工号", "姓名", "科室", "党小组", "职务", "角色"
HIRED, LEFT, PHONE, SINCE, UNTIL, CATEGORY = "入职日期", "离职日期", "手机号", "起", "止", "类型"


def dated_sheet(name: str, place: Column) -> SheetSpec:
    """An optional sheet of spans, one row each: who, what, from, to."""
    columns = (
        employee_number_column(NUMBER, required=True),
        place,
        date_column(SINCE, required=True),
        date_column(UNTIL),
    )
    return SheetSpec(name, columns, optional=True)


SPECS = (
    SheetSpec(
        ROSTER,
        (
            employee_number_column(NUMBER, required=True),
            name_column(NAME, required=True),
            text_column(DEPARTMENT, 500, required=True),
            text_column(GROUP, 50),
            text_column(TITLE, 50),
            text_column(ROLES, 50),
            date_column(HIRED, required=True),
            date_column(LEFT),
            phone_column(PHONE),
        ),
    ),
    dated_sheet(POSTINGS, text_column(DEPARTMENT, 500, required=True)),
    dated_sheet(LEAVES, text_column(CATEGORY, 20, required=True)),
    dated_sheet(PARTY, text_column(GROUP, 50, required=True)),
)

Path = tuple[str, ...]


class Root(NamedTuple):
    """The tree's root, as it stands or as it is named now."""

    name: str
    kind: str


Dated = tuple[date, date | None, Any]


@dataclass
class Row:
    """One person as the file wants it. None means that the file says nothing: leave as it is.

    `posting_rows` are the rows of 任职 that the postings come from, none where the roster's own row gives it.
    """

    record: Record
    number: str
    name: str
    title: str | None
    phone: str | None
    roles: frozenset[Role] | None
    home: Path
    posting_rows: list[int]
    postings: list[Dated]
    memberships: list[Dated] | None
    leaves: set[tuple[str, date, date | None]] | None


def check(register: Register, root: Root) -> tuple[list[Row], list[Record]]:
    """Refuses bad records; returns the people whose every row is good, and the good rows held back.

    One bad row of a person holds back all rows of that person: postings are taken as a whole, and the
    file of refused rows can be imported on its own after it was mended.
    """
    roster = register.records[ROSTER]
    refuse_repeated(roster, NUMBER, number_key)
    for record in roster:
        check_person(record, root)
    people = {number_key(record.values[NUMBER]): record for record in roster if NUMBER in record.values}
    for sheet in (POSTINGS, LEAVES, PARTY):
        for record in register.records.get(sheet, ()):
            check_dated(record, people, root)
    for sheet in (POSTINGS, PARTY):
        for records in by_person(register, sheet).values():
            refuse_overlaps(records)
    held = held_back(register)
    bad = {key_of(record) for record in held}
    kept = [record for record in roster if not record.problems and key_of(record) not in bad]
    return rows_of(kept, register), held


def check_person(record: Record, root: Root) -> None:
    hired, left = record.values.get(HIRED), record.values.get(LEFT)
    if hired and left and left < hired:
        record.refuse(LEFT, f"离职日期 {written(left)}早于入职日期 {written(hired)}，请改正其中之一")
    check_path(record, root)
    known = {role.value for role in ROSTER_ROLES}
    for name in split_roles(record.values.get(ROLES) or ""):
        if name not in known:
            record.refuse(ROLES, f"角色“{name}”无效，只能是{'、'.join(role.value for role in ROSTER_ROLES)}")


def check_path(record: Record, root: Root) -> None:
    """Replaces the department's text by its path: a tuple of names below the root, () for the root."""
    text = record.values.get(DEPARTMENT)
    if text is None:
        return
    names = tuple(close_gaps(name) for name in text.replace("／", "/").split("/"))
    if names in (("", ""), (root.name,)):
        names = ()
    elif names[0] == root.name and root.kind == DepartmentKind.AGENCY:
        record.refuse(DEPARTMENT, f"路径从单位的下一级写起，请去掉开头的“{root.name}/”")
    if any(len(name) > 50 for name in names):
        record.refuse(DEPARTMENT, "科室名称太长，每一级最多 50 字，请改短")
    if any(not name for name in names):
        record.refuse(DEPARTMENT, f"“{text}”不是科室路径，请写成 办公室 或 审计局/办公室，单独一个 / 表示单位本身")
    record.values[DEPARTMENT] = names


def split_roles(text: str) -> list[str]:
    for mark in ",，;；":
        text = text.replace(mark, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


def check_dated(record: Record, people: dict[str, Record], root: Root) -> None:
    """A row of 任职, 请假 or 党小组: of somebody on the roster, in order, within 入职..离职."""
    number, since, until = (record.values.get(column) for column in (NUMBER, SINCE, UNTIL))
    if DEPARTMENT in record.values:
        check_path(record, root)
    if number is not None and number_key(number) not in people:
        record.refuse(
            NUMBER, f"工号 {number} 不在“{ROSTER}”中，请核对；以 0 开头时请把该列设为文本格式，新来的人先写进“{ROSTER}”"
        )
        return
    if since and until and until < since:
        record.refuse(UNTIL, f"结束日期 {written(until)}早于开始日期 {written(since)}，请改正其中之一")
        return
    if number is None or since is None or record.sheet == LEAVES:
        return
    person = people[number_key(number)].values
    hired, left = person.get(HIRED), person.get(LEFT)
    if hired and since < hired:
        record.refuse(SINCE, f"{written(since)}早于入职日期 {written(hired)}，请改正其中之一")
    if left and (until or since) > left:
        record.refuse(
            UNTIL if until else SINCE, f"{written(until or since)}晚于离职日期 {written(left)}，请改正其中之一"
        )


def by_person(register: Register, sheet: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in register.records.get(sheet, ()):
        if record.values.get(NUMBER):
            found[number_key(record.values[NUMBER])].append(record)
    return found


def refuse_overlaps(records: list[Record]) -> None:
    dated = [record for record in records if record.values.get(SINCE) and UNTIL not in unreadable(record)]
    dated.sort(key=lambda record: record.values[SINCE])
    latest: Record | None = None
    for record in dated:
        if latest is not None and record.values[SINCE] <= end_of(latest):
            for one, other in ((latest, record), (record, latest)):
                one.refuse(SINCE, f"与第 {other.row} 行的日期重叠，同一人同一天只能有一条{one.sheet}，请改正起止日期")
        if latest is None or end_of(record) > end_of(latest):
            latest = record


def unreadable(record: Record) -> set[str]:
    return {problem.column for problem in record.problems}


def end_of(record: Record) -> date:
    return record.values.get(UNTIL) or date.max


def held_back(register: Register) -> list[Record]:
    """The good rows of everybody who has a bad one."""
    everything = [record for records in register.records.values() for record in records]
    bad = {key_of(record) for record in everything if record.problems}
    return [record for record in everything if not record.problems and key_of(record) in bad]


def key_of(record: Record) -> str:
    return number_key(record.values.get(NUMBER, ""))


def rows_of(records: Iterable[Record], register: Register) -> list[Row]:
    postings, leaves, memberships = (by_person(register, sheet) for sheet in (POSTINGS, LEAVES, PARTY))
    headers = register.headers[ROSTER]
    rows = []
    for record in records:
        values, key = record.values, key_of(record)
        hired, left = values[HIRED], values.get(LEFT)
        rows.append(
            Row(
                record=record,
                number=values[NUMBER],
                name=values[NAME],
                title=values[TITLE] if TITLE in headers else None,
                phone=values[PHONE] if PHONE in headers else None,
                roles=frozenset(Role(name) for name in split_roles(values.get(ROLES, ""))) or None,
                home=values[DEPARTMENT],
                posting_rows=[each.row for each in postings.get(key, ())],
                postings=[dated(each, DEPARTMENT, left) for each in postings.get(key, ())]
                or [(hired, left, values[DEPARTMENT])],
                memberships=[dated(each, GROUP, left) for each in memberships.get(key, ())]
                or single_membership(values.get(GROUP), hired, left),
                leaves={
                    (each.values[CATEGORY], each.values[SINCE], each.values.get(UNTIL)) for each in leaves.get(key, ())
                }
                if LEAVES in register.records
                else None,
            )
        )
    return rows


def dated(record: Record, place: str, left: date | None) -> Dated:
    """An empty end runs to the day of leaving."""
    return record.values[SINCE], record.values.get(UNTIL) or left, record.values[place]


def single_membership(group: str | None, hired: date, left: date | None) -> list[Dated] | None:
    """`group` is None where the file has no such column, empty for people outside the Party."""
    if group is None:
        return None
    return [(hired, left, group)] if group else []
