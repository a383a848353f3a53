"""What a register holds once it is read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from openpyxl.utils.datetime import WINDOWS_EPOCH

from .stream import Cell


@dataclass(frozen=True, order=True)
class Problem:
    """`row` is Excel's, from 1; `column` is empty where the whole row is meant. `unit` is what a row is called."""

    sheet: str
    row: int
    column: str
    reason: str
    unit: str = "行"

    def __str__(self) -> str:
        return f"“{self.sheet}”第 {self.row} {self.unit}{self.within_row}"

    @property
    def within_row(self) -> str:
        return f"“{self.column}”：{self.reason}" if self.column else f"：{self.reason}"


@dataclass(eq=False)
class Record:
    """One row. `sheet` is the name in the specification, whatever the file calls its sheet.

    `values`: by column name, only of columns that the file has and cells that could be read.
    `cells`: what stands in the file, by the header in `Register.headers`.
    """

    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unit: ClassVar[str] = "行"

    def refuse(self, column: str, reason: str) -> None:
        """`column` is empty where the whole row is meant."""
        self.problems.append(Problem(self.sheet, self.row, column, reason, self.unit))


@dataclass
class Register:
    """`records` and `headers` by SheetSpec.name, in the order of the specifications; no key for a missing
    or wholly empty sheet.

    `headers`: the columns of the file from left to right, known ones under their name in the
    specification. `epoch`: the day that serial numbers count from.
    """

    records: dict[str, list[Record]] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    epoch: datetime = WINDOWS_EPOCH

    @property
    def problems(self) -> list[Problem]:
        return sorted(problem for records in self.records.values() for record in records for problem in record.problems)
