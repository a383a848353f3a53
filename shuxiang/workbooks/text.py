"""Reads a register that comes as text: CSV and its kin. Encoding and separator are found from the content."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from .archive import SAVE_AS
from .refusal import WorkbookRefused
from .scan import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from .stream import EMPTY, Cell, SheetRow, Workbook

SEPARATORS = (",", "\t", ";")
SAMPLED = 100
ONE_TABLE = "请分成几个文件后重新导入。"
AS_UTF8 = "请用记事本或 WPS 另存为 UTF-8 编码的 CSV 后重新导入。"
MARKUP = ("<!doctype html", "<html", "<head", "<meta", "<table", "<body", "<div", "<style", "<script")
UNREADABLE = f"文件不是 Excel 工作簿，也不是可读的 CSV 文本（如经加密软件加密，请先解密）。{SAVE_AS}"
# How exports keep a spreadsheet from making a number of digits: ="9787020002207".
KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
# What no table holds; a form feed and the old mark of the end of a file may stand in one.
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
BINARY = re.compile(rb"[\x01-\x08\x0b\x0e-\x19\x1b-\x1f]")


class TextSheet:
    title = ""
    hidden = False

    def __init__(self, text: str, separator: str) -> None:
        self._text = text
        self._separator = separator

    def rows(self) -> Iterator[SheetRow]:
        cells = 0
        for number, fields in enumerate(records(self._text, self._separator), start=1):
            cells += sum(field != "" for field in fields)
            if number > MAX_ROWS:
                raise WorkbookRefused(f"文件的内容超过 {MAX_ROWS} 行，{ONE_TABLE}")
            if cells > MAX_CELLS:
                raise WorkbookRefused(f"文件的内容过多，{ONE_TABLE}")
            read = [Cell(field) if field else EMPTY for field in map(shown_of, fields)]
            while read and read[-1] is EMPTY:
                read.pop()
            if len(read) > MAX_COLUMNS:
                raise WorkbookRefused(
                    f"文件第 {number} 行超过 {MAX_COLUMNS} 列，请删去右侧多余的列，或核对分隔符后重新导入。"
                )
            if read:
                yield SheetRow(number, False, tuple(read), width=len(fields))


def shown_of(field: str) -> str:
    kept = KEPT_AS_TEXT.fullmatch(field)
    return kept[1] if kept else field


def open_text(content: bytes) -> Workbook:
    """The one sheet of a text file; WorkbookRefused where it is no text, or a web page."""
    text = decode(content).removesuffix("\x1a")
    if CONTROLS.search(text):
        raise WorkbookRefused(UNREADABLE)
    refuse_markup(text[:4096].lstrip().lower())
    return Workbook([TextSheet(text, separator_of(text))])


def decode(content: bytes) -> str:
    """UTF-8 or UTF-16 by their mark, else by what the bytes can be; GB18030 reads GBK and GB2312 too."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise WorkbookRefused(f"文件的编码是 UTF-32，无法读取。{AS_UTF8}")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decoded(content, "utf-16")
    if b"\0" in content:
        return wide_text(content)
    if BINARY.search(content):
        raise WorkbookRefused(UNREADABLE)
    return decoded(content, "utf-8-sig", "gb18030")


def decoded(content: bytes, *encodings: str) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookRefused(f"无法识别文件的编码，或文件中有损坏的字符。{AS_UTF8}")


def wide_text(content: bytes) -> str:
    """UTF-16 without a mark: every second byte of Latin letters, digits and separators is zero."""
    found = []
    for encoding in ("utf-16-le", "utf-16-be"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            found.append((sum(character.isascii() for character in text), text))
    latin, text = max(found, default=(0, ""))
    if latin < max(content.count(0) / 2, len(text) / 10) or "\0" in text:
        raise WorkbookRefused(UNREADABLE if BINARY.search(content) else f"文件中有空字符，可能已损坏。{AS_UTF8}")
    return text


def refuse_markup(start: str) -> None:
    if start.startswith(MARKUP) or "<html" in start or "<table" in start:
        raise WorkbookRefused(f"文件是网页（HTML）表格，不是工作簿（可能是系统导出后改的名）。{SAVE_AS}")
    if start.startswith("<?xml"):
        raise WorkbookRefused(f"文件是 XML 文件，不是工作簿。{SAVE_AS}")
    if start.startswith("{\\rtf"):
        raise WorkbookRefused(f"文件是 RTF 文档，不是工作簿。请将表格复制到 Excel，{SAVE_AS.partition('，')[2]}")


def separator_of(text: str) -> str:
    """The one that cuts most of the first rows into the same number of fields, the more fields the better."""

    def fit(separator: str) -> int:
        widths: Counter[int] = Counter()
        with suppress(WorkbookRefused):
            for fields in islice(records(text, separator), SAMPLED):
                widths[len(fields)] += 1
        return max((count * (width - 1) for width, count in widths.items()), default=0)

    return max(SEPARATORS, key=fit)


def records(text: str, separator: str) -> Iterator[list[str]]:
    """Line by line as a spreadsheet counts them; a quoted field may hold line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            reason = "有一格过长" if "limit" in str(error) else "的引号没有成对，或引号后面还有文字"
            raise WorkbookRefused(f"文件第 {number} 行{reason}，无法分列。请改正后重新导入。") from error
        if fields is None:
            return
        yield fields
