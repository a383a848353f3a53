"""作品登记 as Excel: the checks that need more than one cell (assessment rules, section 10)."""

from collections.abc import Mapping, Sequence

from organization.directory import Directory, Member, number_key
from shuxiang.periods import Quarter, parse_quarter, written
from shuxiang.workbooks.importing import refuse_repeated
from shuxiang.workbooks.registers import (
    Record,
    SheetSpec,
    choice_column,
    date_column,
    employee_number_column,
    employee_numbers_column,
    text_column,
)
from submissions.kinds import Grade, Kind
from submissions.services.existing import Existing
from submissions.services.work import Work
from submissions.states import State
from submissions.windows import QuarterRefused, Windows, windows_for

SHEET = "作品登记"
REFERENCE, KIND, TITLE, NUMBER, MEMBERS = "编号", "类型", "题目", "工号", "参与人"
DATE, QUARTER, STATE, GRADE = "上报日期", "考核期", "状态", "评级"

STATES = {str(state.label): state for state in (State.PENDING, State.RETURNED, State.APPROVED, State.REJECTED)}

SPECS = (
    SheetSpec(
        SHEET,
        (
            text_column(REFERENCE, 40, required=True),
            choice_column(KIND, {kind.label: kind for kind in Kind}, required=True),
            text_column(TITLE, 200, required=True),
            employee_number_column(NUMBER, required=True),
            employee_numbers_column(MEMBERS),
            date_column(DATE, required=True),
            text_column(QUARTER, 10),
            choice_column(STATE, STATES, required=True),
            choice_column(GRADE, {grade.label: grade for grade in Grade}),
        ),
    ),
)


def check(records: Sequence[Record], directory: Directory, known: Mapping[str, Existing]) -> list[tuple[Record, Work]]:
    """Refuses bad records and returns the good ones as works, in the file's order.

    People, date and quarter of a stored work were checked when they came in; only a change is checked again.
    """
    refuse_repeated(records, REFERENCE)
    windows = windows_for(quarters_in(records))
    works = []
    for record in records:
        people = contributors_of(record, directory)
        quarter = stored_quarter(record, people, known)
        if quarter is None:
            quarter = quarter_of(record, windows)
            if people and quarter:
                check_service(record, people, quarter)
        if not record.problems and quarter:
            works.append((record, work_of(record, people, quarter)))
    return works


def quarters_in(records: Sequence[Record]) -> list[Quarter]:
    """Every quarter that a row may belong to."""
    own = {Quarter.of(record.values[DATE]) for record in records if record.values.get(DATE)}
    return sorted(own | {quarter.previous for quarter in own})


def contributors_of(record: Record, directory: Directory) -> list[Member]:
    main = record.values.get(NUMBER)
    named = [(NUMBER, main)] if main else []
    named += [(MEMBERS, number) for number in record.values.get(MEMBERS, ())]
    found: dict[str, Member] = {}
    for column, number in named:
        member = directory.find(number)
        if member is None:
            record.refuse(
                column, f"没有工号 {number}，请核对；工号以 0 开头时请把该列设为文本格式，新来的人先导入花名册"
            )
        elif number_key(number) in found:
            record.refuse(column, f"{member.name}（{member.number}）署名了两次，同一人只能署名一次")
        else:
            found[number_key(number)] = member
    return list(found.values())


def stored_quarter(record: Record, people: Sequence[Member], known: Mapping[str, Existing]) -> Quarter | None:
    """The quarter of the stored work of that number where people, date and quarter are as stored."""
    existing = known.get(record.values.get(REFERENCE) or "")
    credit_date = record.values.get(DATE)
    if existing is None or credit_date is None:
        return None
    quarter = record.values.get(QUARTER) or str(Quarter.of(credit_date))
    same = existing.names([member.id for member in people], credit_date, quarter)
    return parse_quarter(quarter) if same else None


def quarter_of(record: Record, windows: Windows) -> Quarter | None:
    credit_date = record.values.get(DATE)
    if credit_date is None:
        return None
    try:
        return windows.quarter_for(credit_date, record.values.get(QUARTER) or "")
    except QuarterRefused as error:
        record.refuse(QUARTER, str(error))
        return None


def check_service(record: Record, people: Sequence[Member], quarter: Quarter) -> None:
    """Everybody named must be in service on the credit date and, for a late work, listed in its quarter."""
    credit_date = record.values[DATE]
    for place, member in enumerate(people):
        column = MEMBERS if place else NUMBER
        if not member.in_service(credit_date):
            record.refuse(column, f"{member.name}（{member.number}）在 {written(credit_date)}不在职，请核对日期或任职")
        elif credit_date > quarter.span.last and not member.listed(quarter.span):
            record.refuse(column, f"{member.name}（{member.number}）在 {quarter} 没有在职，不能补报到 {quarter}")


def work_of(record: Record, people: Sequence[Member], quarter: Quarter) -> Work:
    values = record.values
    return Work(
        reference=values[REFERENCE],
        kind=values[KIND],
        title=values[TITLE],
        people=tuple(member.id for member in people),
        credit_date=values[DATE],
        quarter=quarter,
        state=values[STATE],
        grade=values.get(GRADE) or "",
    )
