"""The cells of a workbook as every kind of file gives them: row by row, whatever was read them from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

from openpyxl.utils.datetime import WINDOWS_EPOCH


@dataclass(frozen=True, slots=True)
class Cell:
    """`formula`: one without a stored result; `covered`: in a merged range, but not its top left.

    For `error` the value is its text (`#N/A`), for `formula` and `covered` it is None. Numbers are
    finite and within 10**307.
    """

    value: str | int | float | bool | datetime | date | time | timedelta | None
    kind: Literal["value", "error", "formula", "covered"] = "value"
    number_format: str = "General"


EMPTY = Cell(None)
UNCALCULATED = Cell(None, "formula")
COVERED = Cell(None, "covered")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number` is Excel's, from 1. The cells begin at column A and end at the last one that is not empty.

    `width`: how many fields a line of text has; None where rows have no width of their own.
    """

    number: int
    hidden: bool
    cells: tuple[Cell, ...]
    width: int | None = None


class Sheet(Protocol):
    """`title` is empty for a file that has no sheets."""

    title: str
    hidden: bool

    def rows(self) -> Iterator[SheetRow]:
        """The rows that are not wholly empty, in order; WorkbookRefused where the sheet cannot be read."""
        ...


@dataclass
class Workbook:
    """`epoch`: the day that serial numbers count from (1900 or 1904)."""

    sheets: list[Sheet]
    epoch: datetime = WINDOWS_EPOCH
