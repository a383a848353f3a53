"""Reads an .xlsx workbook that somebody handed in: exactly, in bounded time and memory, or not at all.

openpyxl gives the values; before it sees a part, `archive` and `scan` have found it harmless.
"""

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import IO, Any

from defusedxml.ElementTree import iterparse
from openpyxl.packaging.relationship import Relationship
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from .archive import Archive, open_archive
from .cells import decode_text
from .refusal import DAMAGED, WorkbookRefused
from .scan import SheetFacts, SheetScan
from .stream import COVERED, EMPTY, UNCALCULATED, Cell, Sheet, SheetRow, Workbook

MAX_SHEETS = 255
BATCH = 500
# Excel in Chinese writes these formats for dates and times by number only; openpyxl does not know them.
CHINESE_DATE_FORMATS = frozenset((*range(27, 37), *range(50, 59)))
LARGEST_NUMBER = 10**307


class XlsxSheet:
    def __init__(self, reader: "RegisterReader", title: str, hidden: bool, part: str) -> None:
        self.title = title
        self.hidden = hidden
        self._reader = reader
        self._part = part

    def rows(self) -> Iterator[SheetRow]:
        with parsing():
            scan = SheetScan(self.title)
            with self._reader.archive.open_unscanned(self._part) as stream:
                scan.run(stream)
            facts = scan.facts
            worksheet: Any = StreamedWorksheet(self._reader, self.title, self._part)
            rows = worksheet.iter_rows(max_row=facts.last_row, max_col=facts.last_column)
        # What follows the last content is never parsed: it may be a million empty rows.
        last = facts.last_row
        with closing(rows):
            for start in range(1, last + 1, BATCH):
                numbers = range(start, min(start + BATCH, last + 1))
                with parsing():
                    batch = list(islice(rows, len(numbers)))
                    read = [_sheet_row(number, row, facts) for number, row in zip(numbers, batch, strict=True)]
                yield from (row for row in read if any(cell is not EMPTY and cell is not COVERED for cell in row.cells))


@contextmanager
def open_xlsx(file: IO[bytes]) -> Iterator[Workbook]:
    """The workbook in a zip archive; WorkbookRefused for whatever is none, is broken, locked or beyond the limits."""
    with open_archive(file) as archive:
        with parsing():
            reader = RegisterReader(archive)
            reader.read()
            sheets: list[Sheet] = [XlsxSheet(reader, *found) for found in reader.worksheets()]
            workbook = Workbook(sheets, reader.wb.epoch)
        yield workbook


@contextmanager
def parsing() -> Iterator[None]:
    """Makes whatever a broken part raises in the parsers a refusal. Never yield to a caller inside it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except WorkbookRefused:
            raise
        except Exception as error:
            raise WorkbookRefused(DAMAGED) from error


class RegisterReader(ExcelReader):
    """openpyxl's reader over a scanned archive; it leaves out all that a register does not need."""

    archive: Archive

    def __init__(self, archive: Archive) -> None:
        super().__init__(archive.file, read_only=True, data_only=True, keep_links=False)
        self.archive = archive

    def read_strings(self) -> None:
        """openpyxl's own keeps every element and drops `x005F_` from texts."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open_strings(part.PartName[1:]) as stream:
                self.shared_strings = read_strings(stream)

    def read_properties(self) -> None: ...

    def read_custom(self) -> None: ...

    def read_theme(self) -> None: ...

    def read_worksheets(self) -> None:
        """Sheets are opened when they are wanted; here only the styles are completed."""
        workbook: Any = self.wb
        for index, style in enumerate(workbook._cell_styles):
            if style.numFmtId in CHINESE_DATE_FORMATS:
                workbook._date_formats.add(index)

    def worksheets(self) -> list[tuple[str, bool, str]]:
        """Title, hidden, part of every worksheet; charts and other kinds of sheets are left out."""
        found: list[tuple[Any, Relationship]] = list(self.parser.find_sheets())
        if len(found) > MAX_SHEETS:
            raise WorkbookRefused(f"工作簿有 {len(found)} 个工作表，过多。请只保留需要的工作表后重新导入。")
        if len(found) < len(self.parser.sheets):  # openpyxl leaves out sheets that it cannot find
            raise WorkbookRefused(DAMAGED)
        worksheets = [(sheet, rel.target) for sheet, rel in found if rel.Type.endswith("/worksheet")]
        if not worksheets:
            raise WorkbookRefused("工作簿中没有工作表（可能只有图表）。请把数据放在工作表中，保存后重新导入。")
        if any(part not in self.valid_files for _, part in worksheets):
            raise WorkbookRefused(DAMAGED)
        return [(sheet.name, sheet.state in ("hidden", "veryHidden"), part) for sheet, part in worksheets]


class StreamedWorksheet(ReadOnlyWorksheet):
    _worksheet_path: str

    def __init__(self, reader: RegisterReader, title: str, part: str) -> None:
        self._archive = reader.archive
        super().__init__(reader.wb, title, part, reader.shared_strings)

    def _get_size(self) -> None:
        """The dimension in the file is a mere claim: the scan has found where the content ends."""

    def _get_source(self) -> IO[bytes]:
        return self._archive.open_unscanned(self._worksheet_path)


def read_strings(stream: IO[bytes]) -> list[str]:
    """The shared texts, still in Excel's encoding; phonetic guides left out."""
    entry, text, run = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("si", "t", "r"))
    strings: list[str] = []
    root = None
    for event, element in iterparse(stream, ("start", "end"), forbid_dtd=True):
        if root is None:
            root = element
        elif event == "end" and element.tag == entry:
            pieces = [*element.iterfind(text), *element.iterfind(f"{run}/{text}")]
            strings.append("".join(piece.text or "" for piece in pieces))
            root.clear()
    return strings


def _sheet_row(number: int, row: tuple[Any, ...], facts: SheetFacts) -> SheetRow:
    if number not in facts.rows:
        return SheetRow(number, False, ())
    covered = facts.covered.get(number, ())
    cells = []
    for column, raw in enumerate(row, 1):
        if column in covered:
            cells.append(COVERED)
        elif raw.value is not None:
            cells.append(_cell(raw))
        else:
            cells.append(UNCALCULATED if (number, column) in facts.uncalculated else EMPTY)
    while cells and cells[-1] is EMPTY:
        cells.pop()
    return SheetRow(number, facts.rows[number], tuple(cells))


def _cell(raw: Any) -> Cell:
    value = raw.value
    if raw.data_type == "e":
        return Cell(str(value), "error")
    if isinstance(value, str):
        return Cell(decode_text(value)) if value else EMPTY
    if isinstance(value, int | float) and not abs(value) < LARGEST_NUMBER:  # nor is nan
        return Cell("#NUM!", "error")
    return Cell(value, "value", raw.number_format)
