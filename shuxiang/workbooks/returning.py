"""Giving back the rows that were refused, to be mended and imported."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter

from .cells import text_cell
from .records import Record, Register
from .saving import save_whole
from .stream import EMPTY, Cell

REASON = "原因"
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
WIDTH, REASON_WIDTH = 16, 60


def write_refused(path: Path, register: Register, records: Iterable[Record]) -> None:
    """Saves the records as they stood in the file, with all their reasons in a column at the end.

    The main sheet is always there, so that the file can be imported again. Raises OSError.
    """
    by_sheet: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_sheet[record.sheet].append(record)
    workbook = openpyxl.Workbook(write_only=True)
    workbook.epoch = register.epoch
    for name, headers in register.headers.items():
        if name in by_sheet or not workbook.worksheets:
            _write_sheet(workbook, name, headers, sorted(by_sheet[name], key=lambda record: record.row))
    save_whole(workbook, path)


def _write_sheet(workbook: openpyxl.Workbook, name: str, headers: list[str], records: list[Record]) -> None:
    sheet: Any = workbook.create_sheet(name)
    sheet.freeze_panes = "A2"
    for place in range(1, len(headers) + 2):
        width = WIDTH if place <= len(headers) else REASON_WIDTH
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([text_cell(sheet, header, font=BOLD) for header in [*headers, REASON]])
    for record in records:
        reasons = "；".join(dict.fromkeys(problem.within_row.removeprefix("：") for problem in record.problems))
        cells = [_as_it_was(sheet, record.cells.get(header, EMPTY)) for header in headers]
        sheet.append([*cells, text_cell(sheet, reasons, alignment=WRAPPED)])
    sheet.close()


def _as_it_was(sheet: Any, cell: Cell) -> Any:
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        # Formatted as text, so that a mended 工号 keeps its zeros.
        return text_cell(sheet, value, number_format="@")
    written: Any = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # the stubs know fewer types
    if not isinstance(value, datetime | date | time | timedelta) or is_date_format(cell.number_format):
        written.number_format = cell.number_format
    elif isinstance(value, datetime) and not any((value.hour, value.minute, value.second)):
        written.number_format = "yyyy-mm-dd"
    return written
