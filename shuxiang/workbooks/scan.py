"""One streaming pass over an XML part before openpyxl reads it.

openpyxl builds objects from whatever a part holds and drops rows and cells that stand out of
order. So a part is scanned first, in constant memory: a DOCTYPE, bombs of elements, depth or
text, and a sheet whose rows and cells are out of order are refused. A sheet's scan also finds
what openpyxl does not tell in read-only mode: hidden rows, merged ranges, formulas that have no
stored value, and where the content ends.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from .refusal import DAMAGED, WorkbookRefused

CHUNK = 64 * 1024
MAX_TOKEN_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_ELEMENTS = 5_000_000
MAX_UNIT_ELEMENTS = 100_000
MAX_UNIT_TEXT = 5_000_000

MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
MAX_UNCALCULATED = 100_000
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
TITLE_SHOWN = 31  # Excel's own limit

TOO_COMPLEX = "工作簿的结构过于庞大，不像登记表。请新建工作簿，将数据粘贴为数值后重新导入。"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, CELL, FORMULA, VALUE, INLINE, MERGE = (MAIN + tag for tag in ("row", "c", "f", "v", "is", "mergeCell"))
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class PartScan:
    """Refuses a part that would cost its reader too much.

    A *unit* is what the reader holds in memory at once: an element at `unit_depth` with all in
    it (1: the whole part).
    """

    def __init__(self, unit_depth: int = 1) -> None:
        self.unit_depth = unit_depth
        self.depth = 0
        self.elements = 0
        self.unit_start = 0
        self.unit_text = 0

    def run(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        fed = 0
        try:
            while chunk := stream.read(CHUNK):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MAX_TOKEN_BYTES:
                    raise WorkbookRefused(TOO_COMPLEX)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise WorkbookRefused(DAMAGED) from error

    def doctype(self, name: str, system_id: str | None, public_id: str | None, has_internal_subset: int) -> None:
        raise WorkbookRefused(
            "工作簿内含 DTD 或实体声明，可能有害，没有读取。请新建工作簿，将数据粘贴为数值后重新导入。"
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth <= self.unit_depth:
            self.unit_start = self.elements
            self.unit_text = 0
            if self.elements == 1 and tag.startswith("http://purl.oclc.org/ooxml/"):
                raise WorkbookRefused(
                    "文件是“严格 Open XML”格式。请用 Excel 打开，另存为“Excel 工作簿 (*.xlsx)”后重新导入。"
                )
        if (
            self.elements > MAX_ELEMENTS
            or self.elements - self.unit_start > MAX_UNIT_ELEMENTS
            or self.depth > MAX_DEPTH
        ):
            raise WorkbookRefused(TOO_COMPLEX)

    def end(self, tag: str) -> None:
        self.depth -= 1

    def text(self, text: str) -> None:
        self.unit_text += len(text)
        if self.unit_text > MAX_UNIT_TEXT:
            raise WorkbookRefused(TOO_COMPLEX)


@dataclass
class SheetFacts:
    """Rows and columns are Excel's, from 1. `rows`: those with content, each with whether it is hidden."""

    rows: dict[int, bool] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    covered: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


class SheetScan(PartScan):
    """The scan of a worksheet; `title` is named in refusals. `facts` are complete after run()."""

    def __init__(self, title: str) -> None:
        super().__init__(unit_depth=3)
        self.title = title
        self.facts = SheetFacts()
        self.row = self.column = self.cells = self.outside = 0
        self.row_hidden = self.in_row = self.in_value = False
        self.cell_type: str | None = None
        self.has_formula = self.has_value = self.has_content = False
        self.merges: list[tuple[int, int, int, int]] = []

    def run(self, stream: IO[bytes]) -> None:
        super().run(stream)
        self.cover()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if self.in_row:
            if self.depth == 4:
                self.start_cell(tag, attributes)
            elif tag in (ROW, CELL):
                raise WorkbookRefused(DAMAGED)
            elif self.depth == 5:
                self.in_value = tag == VALUE
                self.has_value = self.has_value or tag == VALUE
                self.has_formula = self.has_formula or tag == FORMULA
                self.has_content = self.has_content or tag == INLINE
        elif tag == ROW:
            self.start_row(attributes)
        else:
            self.outside += 1
            if self.outside > MAX_UNIT_ELEMENTS:
                raise WorkbookRefused(TOO_COMPLEX)
            if tag == MERGE:
                self.merges.append(self.merge(attributes.get("ref", "")))

    def end(self, tag: str) -> None:
        if self.in_row:
            if self.depth == 3:
                self.in_row = False
            elif self.depth == 4:
                self.end_cell()
            elif self.depth == 5:
                self.in_value = False
        super().end(tag)

    def text(self, text: str) -> None:
        super().text(text)
        if self.in_value:
            self.has_content = True

    def start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", str(self.row + 1))
        if self.depth != 3 or not (number.isascii() and number.isdigit() and len(number) <= 7):
            raise WorkbookRefused(DAMAGED)
        if not self.row < int(number) <= EXCEL_ROWS:
            raise WorkbookRefused(DAMAGED)
        self.row, self.column = int(number), 0
        self.row_hidden = attributes.get("hidden") in ("1", "true")
        self.in_row = True

    def start_cell(self, tag: str, attributes: dict[str, str]) -> None:
        row, column = self.row, self.column + 1
        if "r" in attributes:
            row, column = position(attributes["r"])
        if tag != CELL or row != self.row or not self.column < column <= EXCEL_COLUMNS:
            raise WorkbookRefused(DAMAGED)
        self.column = column
        self.cell_type = attributes.get("t")
        self.has_formula = self.has_value = self.has_content = False

    def end_cell(self) -> None:
        # Excel stores an empty text as the result of a formula in this way.
        empty_text = self.has_value and self.cell_type == "str"
        uncalculated = self.has_formula and not self.has_content and not empty_text
        if not (self.has_content or uncalculated):
            return
        facts = self.facts
        self.cells += 1
        if self.row > MAX_ROWS:
            self.refuse(f"的内容超过 {MAX_ROWS} 行", "请删去多余的行，或分成几个文件后重新导入")
        if self.column > MAX_COLUMNS:
            self.refuse(f"的内容超过 {MAX_COLUMNS} 列", "请删去右侧多余的列后重新导入")
        if self.cells > MAX_CELLS:
            self.refuse("的内容过多", "请分成几个文件后重新导入")
        facts.rows[self.row] = self.row_hidden
        facts.last_row = self.row
        facts.last_column = max(facts.last_column, self.column)
        if uncalculated:
            facts.uncalculated.add((self.row, self.column))
            if len(facts.uncalculated) > MAX_UNCALCULATED:
                self.refuse("中没有计算结果的公式过多", "请将公式粘贴为数值后重新导入")

    def merge(self, reference: str) -> tuple[int, int, int, int]:
        first, _, last = reference.partition(":")
        first_row, first_column = position(first)
        last_row, last_column = position(last or first)
        return first_row, first_column, last_row, last_column

    def cover(self) -> None:
        """Notes for each row with content the columns that lie in a merged range, but not at its top left."""
        numbers = list(self.facts.rows)
        covered = self.facts.covered
        spent = 0
        for first_row, first_column, last_row, last_column in self.merges:
            columns = range(first_column, min(last_column, MAX_COLUMNS) + 1)
            rows = range(bisect_left(numbers, first_row), bisect_right(numbers, last_row))
            spent += len(rows) * len(columns)
            if spent > MAX_CELLS:
                self.refuse("的合并单元格过多", "请取消合并并逐行填写后重新导入")
            if columns:
                for index in rows:
                    covered[numbers[index]].update(columns)
                covered[first_row].discard(first_column)

    def refuse(self, what: str, remedy: str) -> None:
        raise WorkbookRefused(f"工作表“{self.title[:TITLE_SHOWN]}”{what}，{remedy}。")


def position(reference: str) -> tuple[int, int]:
    """Row and column of a reference like B12; WorkbookRefused for anything else."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        raise WorkbookRefused(DAMAGED)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
