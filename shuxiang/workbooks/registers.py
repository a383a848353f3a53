"""Registers: sheets with a header row and one record per row below it.

A file is refused as a whole (WorkbookRefused) where its sheets or headers are not what they should
be; otherwise every row becomes a record that collects its own problems.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from openpyxl.utils import get_column_letter

from .columns import (
    Column,
    SheetSpec,
    choice_column,
    date_column,
    employee_number_column,
    employee_numbers_column,
    header_key,
    name_column,
    phone_column,
    text_column,
    title_key,
)
from .reading import EMPTY, Cell, Sheet, SheetRow, Workbook, WorkbookRefused, open_workbook
from .records import Problem, Record, Register
from .returning import REASON, write_refused
from .values import clean_text, close_gaps, shown

__all__ = [
    "Column",
    "Problem",
    "Record",
    "Register",
    "SheetSpec",
    "WorkbookRefused",
    "choice_column",
    "close_gaps",
    "date_column",
    "employee_number_column",
    "employee_numbers_column",
    "name_column",
    "phone_column",
    "read_in_pieces",
    "read_register",
    "text_column",
    "write_refused",
]

HEADER_WITHIN = 10
FOOTER = re.compile("(合计|总计|小计|共计|制表|填表|审核|备注|说明|注)(人|[:：]|$)")
NAMES_SHOWN = 20


def read_register(path: Path, specs: Sequence[SheetSpec], max_rows: int | None = None) -> Register:
    """The first specification is of the main sheet: found by name, or the only visible sheet.

    `max_rows`: of all sheets together, where that is fewer than a workbook may have.
    """
    with open_workbook(path) as workbook:
        register = Register(epoch=workbook.epoch)
        for spec, sheet in _choose_sheets(workbook, specs, register.notices):
            _read_sheet(spec, sheet, register, max_rows)
    # A file of refused rows may have rows in the other sheets only.
    if not any(register.records.values()):
        raise WorkbookRefused(f"“{specs[0].name}”没有数据行。请在表头下方逐行填写后重新导入。")
    return register


def read_in_pieces(path: Path, spec: SheetSpec, size: int) -> Iterator[Register]:
    """A register of one sheet, so many rows at a time; the notices of the file come with every piece."""
    with open_workbook(path) as workbook:
        whole = Register(epoch=workbook.epoch)
        ((_, sheet),) = _choose_sheets(workbook, [spec], whole.notices)
        rows = _records(spec, sheet, whole)
        piece = list(islice(rows, size))
        if not piece:
            raise WorkbookRefused(f"“{spec.name}”没有数据行。请在表头下方逐行填写后重新导入。")
        while piece:
            yield Register({spec.name: piece}, whole.headers, whole.notices, whole.epoch)
            piece = list(islice(rows, size))
    _tell_ignored(spec, whole)


def _choose_sheets(workbook: Workbook, specs: Sequence[SheetSpec], notices: list[str]) -> list[tuple[SheetSpec, Sheet]]:
    chosen: dict[str, Sheet] = {}
    for spec in specs:
        matches = [sheet for sheet in workbook.sheets if title_key(sheet.title) == title_key(spec.name)]
        if any(sheet.hidden for sheet in matches):
            raise WorkbookRefused(f"工作表“{spec.name}”是隐藏的，没有读取。请取消隐藏（不需要就删除）后重新导入。")
        if len(matches) > 1:
            raise WorkbookRefused(f"有 {len(matches)} 个名为“{spec.name}”的工作表。请只保留一个后重新导入。")
        if matches:
            chosen[spec.name] = matches[0]
    visible = [sheet for sheet in workbook.sheets if not sheet.hidden]
    main = specs[0]
    if not chosen and len(visible) == 1:
        chosen[main.name] = visible[0]
        if visible[0].title:
            notices.append(f"唯一的工作表“{shown(visible[0].title)}”按“{main.name}”读取")
    for spec in specs:
        if spec.name not in chosen and (spec is main or not spec.optional):
            raise WorkbookRefused(
                f"没有名为“{spec.name}”的工作表（可见的有：{_listed(sheet.title for sheet in visible) or '无'}）。"
                f"请把相应的工作表改名为“{spec.name}”后重新导入。"
            )
    for hidden, label in ((True, "已忽略隐藏的工作表"), (False, "已忽略工作表")):
        others = [sheet for sheet in workbook.sheets if sheet.hidden == hidden and sheet not in chosen.values()]
        if others:
            notices.append(f"{label}：{_listed(sheet.title for sheet in others)}")
    return [(spec, chosen[spec.name]) for spec in specs if spec.name in chosen]


def _listed(titles: Iterable[str]) -> str:
    names = [shown(title) for title in titles]
    more = f"等 {len(names)} 个" if len(names) > NAMES_SHOWN else ""
    return "、".join(names[:NAMES_SHOWN]) + more


def _read_sheet(spec: SheetSpec, sheet: Sheet, register: Register, max_rows: int | None) -> None:
    read = _records(spec, sheet, register)
    first = next(read, None)
    if first is None and spec.name not in register.headers:
        return
    records = register.records[spec.name] = []
    for record in chain([first] if first is not None else [], read):
        records.append(record)
        if max_rows is not None and sum(map(len, register.records.values())) > max_rows:
            raise WorkbookRefused(
                f"登记表超过 {max_rows} 行，网页上一次导入不了。请分成几个文件，或请系统维护人员在服务器上用命令导入。"
            )
    _tell_ignored(spec, register)


def _records(spec: SheetSpec, sheet: Sheet, register: Register) -> Iterator[Record]:
    """The rows one by one; sets the sheet's headers, which grow with what stands below none."""
    rows = sheet.rows()
    columns = {header_key(column.name): column for column in spec.columns}
    top = list(islice(rows, HEADER_WITHIN))
    found = next((place for place, row in enumerate(top) if _is_header(row, columns)), None)
    if found is None:
        if spec.optional and not top:
            return
        raise WorkbookRefused(
            f"“{spec.name}”前 {HEADER_WITHIN} 行中没有找到表头。"
            f"请在数据上方加一行表头（{'、'.join(column.name for column in spec.columns)}）后重新导入。"
        )
    header = top[found]
    places = _find_columns(spec, header, columns)
    titles = _titles(header, places)
    own = {place for place, cell in enumerate(header.cells) if header_key(_header_text(cell)) == REASON}
    register.headers[spec.name] = [titles[place] for place in sorted(titles)]
    for row in chain(top[found + 1 :], rows):
        if all(_blank(cell) for cell in row.cells):
            continue
        for place, cell in enumerate(row.cells):
            if place not in titles and place not in own and not _blank(cell):
                titles[place] = f"{get_column_letter(place + 1)} 列（无表头）"
                register.headers[spec.name] = [titles[place] for place in sorted(titles)]
        record = _read_row(spec, row, places, titles, register.epoch)
        if row.width is not None and not len(row.cells) <= (header.width or 0) <= row.width:
            record.refuse("", f"列数不对：这一行有 {row.width} 列，表头有 {header.width} 列，请核对分隔符和引号")
        yield record


def _tell_ignored(spec: SheetSpec, register: Register) -> None:
    known = {column.name for column in spec.columns}
    ignored = [shown(title) for title in register.headers[spec.name] if title not in known]
    if ignored:
        register.notices.append(f"“{spec.name}”已忽略列：{'、'.join(ignored)}")


def _header_text(cell: Cell) -> str:
    return clean_text(str(cell.value)) if cell.kind == "value" and cell.value is not None else ""


def _is_header(row: SheetRow, columns: dict[str, Column]) -> bool:
    found = {header_key(_header_text(cell)) for cell in row.cells} & columns.keys()
    return len(found) >= min(2, len(columns))


def _find_columns(spec: SheetSpec, header: SheetRow, columns: dict[str, Column]) -> dict[str, int]:
    """The place of each column that the file has, by its name, counted from 0."""
    places: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        column = columns.get(header_key(_header_text(cell)))
        if column is None:
            continue
        if column.name in places:
            cells = "、".join(f"{get_column_letter(each + 1)}{header.number}" for each in (places[column.name], place))
            raise WorkbookRefused(f"“{spec.name}”有两个“{column.name}”列（{cells}）。请只保留一个后重新导入。")
        places[column.name] = place
    missing = [f"“{column.name}”" for column in spec.columns if column.required and column.name not in places]
    if missing:
        raise WorkbookRefused(
            f"“{spec.name}”缺少{'、'.join(missing)}列（表头在第 {header.number} 行）。请补上后重新导入。"
        )
    return places


def _titles(header: SheetRow, places: dict[str, int]) -> dict[int, str]:
    """A title of its own for each column with a header, by place; our own column of reasons has none."""
    titles = {place: name for name, place in places.items()}
    for place, cell in enumerate(header.cells):
        text = _header_text(cell)[:200]
        if place in titles or not text or header_key(text) == REASON:
            continue
        titles[place] = f"{text}（{get_column_letter(place + 1)} 列）" if text in titles.values() else text
    return titles


def _blank(cell: Cell) -> bool:
    if cell.kind == "value":
        return cell.value is None or (isinstance(cell.value, str) and not clean_text(cell.value))
    return cell.kind == "covered"


def _is_footer(row: SheetRow) -> bool:
    """A row of sums or signatures below the table, by its first words."""
    first = next((cell for cell in row.cells if not _blank(cell)), EMPTY)
    return isinstance(first.value, str) and bool(FOOTER.match(clean_text(first.value)))


def _read_row(
    spec: SheetSpec, row: SheetRow, places: dict[str, int], titles: dict[int, str], epoch: datetime
) -> Record:
    def cell_at(place: int) -> Cell:
        return row.cells[place] if place < len(row.cells) else EMPTY

    record = Record(spec.name, row.number, cells={title: cell_at(place) for place, title in titles.items()})
    if row.hidden:
        record.refuse("", "是隐藏行，请取消隐藏或筛选，或删除后重新导入")
    footer = _is_footer(row)
    if footer:
        record.refuse("", "像是合计或备注行，请删除后重新导入")
    for column in spec.columns:
        if column.name not in places:
            continue
        cell = cell_at(places[column.name])
        if column.required and _blank(cell) and footer:
            continue
        if column.required and _blank(cell):
            hint = "（合并单元格），请取消合并并逐行填写" if cell.kind == "covered" else "，请填写"
            record.refuse(column.name, f"为空{hint}")
            continue
        try:
            record.values[column.name] = column.read(cell, epoch)
        except ValueError as error:
            record.refuse(column.name, str(error))
    return record
