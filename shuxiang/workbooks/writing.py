"""Formal sheets as an office prints and signs them: title, subtitle, header, rows; A4 landscape, one page wide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from shuxiang.workbooks.cells import text_cell

Kind = Literal["text", "long", "count", "money", "rate", "date"]
Value = str | int | Decimal | date | None

FORMATS = {"text": "@", "long": "@", "count": "0", "money": "0.00", "rate": "0.0%", "date": "yyyy-mm-dd"}
TITLE_ROW, SUBTITLE_ROW, HEADER_ROW = 1, 2, 3
NOTHING = "—"
SIGNATURES = "制表人：　　　　　　审核人：　　　　　　分管领导：　　　　　　日期：　　　　　　"
FACE = "宋体"
HAIRLINE = Side(style="thin", color="FF8C8577")
BOX = Border(left=HAIRLINE, right=HAIRLINE, top=HAIRLINE, bottom=HAIRLINE)


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters of the default font; numbers stand right, long text wraps."""

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
    styles = [style_of(sheet, column) for column in layout.columns]
    sheet.append(heading(sheet, layout, layout.title, Font(name=FACE, size=16, bold=True), 30, TITLE_ROW))
    sheet.append(heading(sheet, layout, layout.subtitle, Font(name=FACE, size=10), 18, SUBTITLE_ROW))
    sheet.append([header_cell(sheet, column.title) for column in layout.columns])
    last = HEADER_ROW
    for row in rows:
        sheet.append(
            [
                value_cell(sheet, value, column.kind, style)
                for value, column, style in zip(row, layout.columns, styles, strict=True)
            ]
        )
        last += 1
    end = get_column_letter(len(layout.columns))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{end}{last}"
    sheet.print_area = f"A1:{end}{last}"
    sheet.close()


def prepare_page(sheet: Any, layout: Layout) -> None:
    for place, column in enumerate(layout.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = f"{get_column_letter(layout.frozen + 1)}{HEADER_ROW + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4 if hasattr(sheet, "PAPERSIZE_A4") else 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{TITLE_ROW}:{HEADER_ROW}"
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


def style_of(sheet: Any, column: Column) -> Any:
    """One style per column, made once: setting fonts and borders cell by cell costs most of a large sheet's time."""
    cell = WriteOnlyCell(sheet)
    cell.font = Font(name=FACE, size=10)
    cell.border = BOX
    cell.number_format = FORMATS[column.kind]
    left = column.kind in ("text", "long")
    cell.alignment = Alignment(
        horizontal="left" if left else "center" if column.kind == "date" else "right",
        vertical="center",
        wrap_text=left,
    )
    return cell._style


def value_cell(sheet: Any, value: Value, kind: Kind, style: Any) -> Any:
    if isinstance(value, str):
        return text_cell(sheet, value, _style=style)
    cell = WriteOnlyCell(sheet, value)
    cell._style = style
    return cell
