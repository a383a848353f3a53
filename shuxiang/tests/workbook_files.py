"""Builders of workbooks for tests: tidy ones through openpyxl, crooked ones part by part."""

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import get_column_letter

from shuxiang.workbooks.registers import (
    SheetSpec,
    date_column,
    employee_number_column,
    name_column,
    phone_column,
    text_column,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_PART, STRINGS_PART, STYLES_PART = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"

HEADERS = ("工号", "姓名", "科室", "入职日期")
PERSON = ("A0001", "张三", "办公室", "2020-03-01")
ROSTER = SheetSpec(
    "花名册",
    (
        employee_number_column("工号", required=True),
        name_column("姓名", required=True),
        text_column("科室", 100, required=True),
        text_column("职务", 50),
        date_column("入职日期", required=True),
        phone_column("手机号"),
    ),
)
POSTINGS = SheetSpec(
    "任职",
    (employee_number_column("工号", required=True), text_column("科室", 100, required=True), date_column("起")),
    optional=True,
)
SPECS = (ROSTER, POSTINGS)


def row_xml(number: int, *cells: str, attributes: str = "") -> str:
    """A row of ready-made cells (`<c …/>`) or of texts, from column A on."""
    written = (
        cell
        if cell.startswith("<c")
        else f'<c r="{get_column_letter(place)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for place, cell in enumerate(cells, start=1)
    )
    return f'<row r="{number}"{attributes}>{"".join(written)}</row>'


PEOPLE = row_xml(1, *HEADERS) + row_xml(2, *PERSON)


def sheet_xml(rows: str = PEOPLE, before: str = "", after: str = "") -> str:
    return f"<worksheet {NAMESPACES}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def strings_xml(*texts: str) -> str:
    return f"<sst {NAMESPACES}>{''.join(texts)}</sst>"


def workbook_xml(titles: Iterable[str] = ("花名册",), before: str = "") -> str:
    sheets = "".join(
        f'<sheet name="{title}" sheetId="{number}" r:id="rId1"/>' for number, title in enumerate(titles, 1)
    )
    return f"<workbook {NAMESPACES}>{before}<sheets>{sheets}</sheets></workbook>"


def parts(sheet: str | bytes = "", **others: str | bytes) -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet; `others`: workbook, strings, styles."""
    kinds = {"xl/workbook.xml": "sheet.main", STRINGS_PART: "sharedStrings"}
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{SPREADSHEET}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    rels = f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{rels}officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": others.get("workbook") or workbook_xml(),
        "xl/_rels/workbook.xml.rels": f'{rels}worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        STRINGS_PART: others.get("strings") or strings_xml(),
        SHEET_PART: sheet or sheet_xml(),
        **({STYLES_PART: others["styles"]} if "styles" in others else {}),
    }


def pack(path: Path, contents: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def write_rows(
    path: Path, *rows: Iterable[Any], title: str = "花名册", edit: Callable[[Any], None] | None = None
) -> Path:
    """A workbook with one sheet, written by openpyxl; `edit` gets the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(tuple(row))
    if edit:
        edit(sheet)
    book.save(path)
    return path


def write_sheets(path: Path, **sheets: Iterable[Iterable[Any]]) -> Path:
    """Sheets by title, each a list of rows; one named `hidden_…` is hidden and called `…`."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.removeprefix("hidden_"))
        sheet.sheet_state = "hidden" if title.startswith("hidden_") else "visible"
        for row in rows:
            sheet.append(tuple(row))
    book.save(path)
    return path
