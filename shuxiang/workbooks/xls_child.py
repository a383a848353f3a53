"""Reads an old .xls workbook in a process of its own, since a broken one may take its reader down.

`python -m shuxiang.workbooks.xls_child FILE FOLDER` writes the sheets into FOLDER: `sheets.json`, and for each
sheet one line per row that is not empty. Standard output then says `ok`, or why there is nothing.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from shuxiang.workbooks.biff import Locked, Marks, Scan, SheetMarks
from shuxiang.workbooks.compound import Compound

MEMORY, SECONDS, WRITTEN = 450 * 1024 * 1024, 20, 200 * 1024 * 1024
MAX_AREA = 2_000_000
LARGEST_NUMBER = 10**307
OK, LOCKED, TOO_LARGE, BROKEN = "ok", "locked", "too large", "broken"


def main(file: Path, folder: Path) -> str:
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
    ):
        resource.setrlimit(kind, (limit, limit))
    container = Compound(file.read_bytes())
    name = next((name for name in container.streams if name.lower() in ("workbook", "book")), None)
    if name is None:
        return BROKEN
    try:
        marks = Scan(container.read(name)).run()
    except Locked:
        return LOCKED
    if sum(sheet.area for sheet in marks.sheets) > MAX_AREA:
        return TOO_LARGE
    del container
    write_sheets(file, folder, marks)
    return OK


def write_sheets(file: Path, folder: Path, marks: Marks) -> None:
    book = CalamineWorkbook.from_path(file)
    known = list(zip(book.sheets_metadata, marks.sheets, strict=True))
    sheets = []
    for number, (metadata, found) in enumerate(known):
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheets.append([metadata.name, metadata.visible != SheetVisibleEnum.Visible, number])
        with (folder / str(number)).open("w", encoding="utf-8") as out:
            write_rows(book.get_sheet_by_index(number), found, out)
    (folder / "sheets.json").write_text(json.dumps([marks.is_1904, sheets]))


def write_rows(sheet: CalamineSheet, found: SheetMarks, out: Any) -> None:
    """Each line: number, hidden, and the cells from column A on: a plain value, or a list of kind and content."""
    covered = covered_places(sheet)
    if sheet.start is None and not found.errors:
        return
    before = sheet.start[1] if sheet.start else 0
    values = list(sheet.iter_rows()) if sheet.start else []
    for number in range(1, max(len(values), found.last[0]) + 1):
        row = [None] * before + [*values[number - 1]] if number <= len(values) else []
        row += [None] * (found.last[1] - len(row))
        cells = [written(value, (number, column), found, covered) for column, value in enumerate(row, 1)]
        while cells and cells[-1] is None:
            cells.pop()
        if any(cell is not None and cell != ["covered"] for cell in cells):
            out.write(json.dumps([number, number in found.hidden, cells]) + "\n")


def covered_places(sheet: CalamineSheet) -> set[tuple[int, int]]:
    """The places within merged ranges but their top left, as far as the content reaches."""
    if sheet.end is None:
        return set()
    found: set[tuple[int, int]] = set()
    spent = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        rows, columns = range(top, min(bottom, sheet.end[0]) + 1), range(left, min(right, sheet.end[1]) + 1)
        spent += len(rows) * len(columns)
        if spent > MAX_AREA:
            raise ValueError
        found |= {(row + 1, column + 1) for row in rows for column in columns} - {(top + 1, left + 1)}
    return found


def written(value: Any, place: tuple[int, int], found: SheetMarks, covered: set[tuple[int, int]]) -> Any:
    if place in found.errors:
        return ["error", found.errors[place]]
    if place in covered:
        return ["covered"]
    if value is None or value == "":
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        if not abs(value) < LARGEST_NUMBER:  # nor is nan
            return ["error", "#NUM!"]
        return ["number", value, found.formats[place]] if place in found.formats else value
    return [kind_of(value), value.total_seconds() if isinstance(value, timedelta) else value.isoformat()]


def kind_of(value: datetime | date | time | timedelta) -> str:
    return next(kind.__name__ for kind in (datetime, date, time, timedelta) if isinstance(value, kind))


if __name__ == "__main__":
    try:
        answer = main(Path(sys.argv[1]), Path(sys.argv[2]))
    except PasswordError:
        answer = LOCKED
    sys.stdout.write(f"{answer}\n")
