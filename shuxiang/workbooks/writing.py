"""Formal sheets as an office prints and signs them: title, subtitle, header, rows; A4 landscape, one page wide."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from shuxiang.workbooks.cells import text_cell

Kind = Literal["text", "center", "count", "money", "rate", "date"]
Value = str | int | Decimal | date | None

FORMATS: dict[Kind, str] = {
    "text": "@",
    "center": "@",
    "count": "0",
    "money": "0.00",
    "rate": "0.0%",
    "date": "yyyy-mm-dd",
}
TITLE_ROW, SUBTITLE_ROW, HEADER_ROW = 1, 2, 3
NOTHING = "—"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIGNATURES = "制表人：　　　　　　审核人：　　　　　　分管领导：　　　　　　日期：　　　　　　"
FACE = "宋体"
A4 = 9
ROW_HEIGHT, LINE_HEIGHT = 20, 14
HAIRLINE = Side(style="thin", color="FF8C8577")
BOX = Border(left=HAIRLINE, right=HAIRLINE, top=HAIRLINE, bottom=HAIRLINE)


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters of the default font. A whole number in a money column is shown as a count."""

    title: str
    width: float
    kind: Kind = "text"


@dataclass(frozen=True)
class Layout:
    """`frozen` columns stay in sight when the sheet is scrolled sideways."""

    name: str
    title: str
    subtitle: str
    columns: Sequence[Column]
    frozen: int = 0


def write_sheet(book: Workbook, layout: Layout, rows: Iterable[Sequence[Value]]) -> None:
    """Appends one sheet to a write-only workbook, row by row.

    Numbers of kind money are written as they are, rates as quotients; a None leaves the cell empty.
    """
    sheet = book.create_sheet(layout.name)
    prepare_page(sheet, layout)
    styles = {kind: style_of(sheet, kind) for kind in FORMATS}
    sheet.append(heading(sheet, layout, layout.title, Font(name=FACE, size=16, bold=True), 30, TITLE_ROW))
    sheet.append(heading(sheet, layout, layout.subtitle, Font(name=FACE, size=10), 18, SUBTITLE_ROW))
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.append([header_cell(sheet, column.title) for column in layout.columns])
    try:
        last = append_rows(sheet, layout, rows, styles)
        end = get_column_letter(len(layout.columns))
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{end}{last}"
        sheet.print_area = f"A1:{end}{last}"
    finally:
        sheet.close()


def append_rows(sheet: Any, layout: Layout, rows: Iterable[Sequence[Value]], styles: dict[Kind, Any]) -> int:
    """Appends the rows below the header and returns the number of the last one."""
    last = HEADER_ROW
    for last, row in enumerate(rows, start=HEADER_ROW + 1):
        if (lines := lines_needed(row, layout.columns)) > 1:
            sheet.row_dimensions[last].height = LINE_HEIGHT * lines + 6
        sheet.append(
            [
                value_cell(sheet, value, styles[kind_of(value, column)])
                for value, column in zip(row, layout.columns, strict=True)
            ]
        )
        sheet.row_dimensions.pop(last, None)
    return last


def lines_needed(row: Sequence[Value], columns: Sequence[Column]) -> int:
    """How many lines the longest wrapped text takes: Excel keeps a row's height unless it is told."""
    return max(
        (
            math.ceil(display_width(value) / (column.width - 3))
            for value, column in zip(row, columns, strict=True)
            if isinstance(value, str)
        ),
        default=1,
    )


def display_width(text: str) -> int:
    """In characters of the default font: Chinese ones count double."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def prepare_page(sheet: Any, layout: Layout) -> None:
    for place, column in enumerate(layout.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = f"{get_column_letter(layout.frozen + 1)}{HEADER_ROW + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{TITLE_ROW}:{HEADER_ROW}"
    sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.9, 0.3, 0.3
    sheet.oddFooter.left.text = SIGNATURES
    sheet.oddFooter.left.size = 10
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    sheet.oddFooter.right.size = 10


def heading(sheet: Any, layout: Layout, text: str, font: Font, height: float, row: int) -> list[Any]:
    """A row merged over all columns."""
    sheet.merged_cells.add(f"A{row}:{get_column_letter(len(layout.columns))}{row}")
    sheet.row_dimensions[row].height = height
    return [text_cell(sheet, text, font=font, alignment=Alignment(horizontal="center", vertical="center"))]


def header_cell(sheet: Any, title: str) -> Any:
    return text_cell(
        sheet,
        title,
        font=Font(name=FACE, size=10, bold=True),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        fill=PatternFill("solid", fgColor="FFF1EBDD"),
        border=BOX,
    )


def kind_of(value: Value, column: Column) -> Kind:
    return "count" if column.kind == "money" and isinstance(value, int) else column.kind


def style_of(sheet: Any, kind: Kind) -> Any:
    """One style per kind, made once: setting fonts and borders cell by cell costs most of a large sheet's time."""
    cell = WriteOnlyCell(sheet)
    cell.font = Font(name=FACE, size=10)
    cell.border = BOX
    cell.number_format = FORMATS[kind]
    side = {"text": "left", "money": "right", "rate": "right"}.get(kind, "center")
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=side != "right", indent=side != "center")
    return cell._style  # type: ignore[attr-defined]


def value_cell(sheet: Any, value: Value, style: Any) -> Any:
    if isinstance(value, str) and value:
        return text_cell(sheet, value, _style=style)
    cell: Any = WriteOnlyCell(sheet, None if value == "" else value)  # type: ignore[arg-type]
    cell._style = style
    return cell


def saved(book: Workbook) -> BytesIO:
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content
