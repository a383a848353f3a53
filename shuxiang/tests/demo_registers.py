"""The demo's registers as tests read them back from the files."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from shuxiang.demo import write_registers
from shuxiang.periods import Quarter, Span

NO_END = date.max

Record = dict[str, Any]


def records(path: Path, sheet: str, first_column: str) -> list[Record]:
    """The rows below the header, which stands in one of the first ten rows; dates must be real dates."""
    rows: list[list[Any]] = [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]
    header = next(position for position, row in enumerate(rows[:10]) if row[0] == first_column)
    plain = [[cell.date() if isinstance(cell, datetime) else cell for cell in row] for row in rows]
    return [dict(zip(rows[header], row, strict=True)) for row in plain[header + 1 :]]


@dataclass(frozen=True)
class Registers:
    today: date
    people: dict[str, Record]
    posting_rows: list[Record]
    leaves: list[Record]
    membership_rows: list[Record]
    works: list[Record]
    attendance: list[Record]

    @property
    def recorded(self) -> list[Quarter]:
        """From January of the first one's year, since a year is assessed with all its quarters."""
        return [*self.quarters[0].earlier_in_year, *self.quarters]

    @property
    def quarters(self) -> list[Quarter]:
        """The four quarters before today's and today's own."""
        current = Quarter.of(self.today)
        first = Quarter(current.year - 1, current.number)
        return [first, first.following, first.following.following, current.previous, current]

    def postings(self, number: str) -> list[tuple[str, date, date]]:
        return self._spans(self.posting_rows, number, "科室")

    def memberships(self, number: str) -> list[tuple[str, date, date]]:
        return self._spans(self.membership_rows, number, "党小组")

    def _spans(self, rows: list[Record], number: str, column: str) -> list[tuple[str, date, date]]:
        """From the sheet where it has rows for the person, else from the 花名册."""
        person = self.people[number]
        left = person["离职日期"] or NO_END
        spans = [(row[column], row["起"], row["止"] or left) for row in rows if row["工号"] == number]
        if not spans and person[column]:
            spans = [(person[column], person["入职日期"], left)]
        return sorted(spans, key=lambda span: span[1])

    def in_service(self, number: str, day: date) -> bool:
        return any(since <= day <= until for _, since, until in self.postings(number))

    def service_days(self, number: str, span: Span) -> int:
        return sum(
            max(0, (min(until, span.last) - max(since, span.first)).days + 1)
            for _, since, until in self.postings(number)
        )

    def authors(self, work: Record) -> list[str]:
        return [work["工号"], *(work["参与人"].split("；") if work["参与人"] else [])]

    def late_works(self) -> list[Record]:
        return [work for work in self.works if work["考核期"] and work["考核期"] != str(Quarter.of(work["上报日期"]))]


def read(folder: Path, today: date) -> Registers:
    files = write_registers(folder, today)
    people = records(files.roster, "花名册", "工号")
    assert len({person["工号"] for person in people}) == len(people)
    return Registers(
        today=today,
        people={person["工号"]: person for person in people},
        posting_rows=records(files.roster, "任职", "工号"),
        leaves=records(files.roster, "请假", "工号"),
        membership_rows=records(files.roster, "党小组", "工号"),
        works=records(files.submissions, "作品登记", "编号"),
        attendance=records(files.attendance, "活动签到", "活动编号"),
    )
