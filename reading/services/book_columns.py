"""What stands in the columns of the register of books that no other register has."""

import re
import unicodedata
from datetime import date, datetime

from reading.isbn import BadIsbn, normalise
from reading.marc.words import class_of
from shuxiang.workbooks.registers import Column
from shuxiang.workbooks.stream import Cell
from shuxiang.workbooks.values import clean_text, read_text, shown

MOST_COPIES = 500
EARLIEST_YEAR = 1000
SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}")
YEAR = re.compile(r"([0-9]{4})(?:年.{0,20}|[./-][0-9]{1,2}(?:[./-][0-9]{1,2})?|\.0)?")
COPIES = re.compile(r"([0-9]{1,6})(?:\.0+)?[册本套]?")
BARCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,29}")
BETWEEN = re.compile(r"[/／、;；,，|\s]+")
CLASS_WORD = re.compile(r"\s*类(?=$|[/／、;；,，|\s])")
TEXT_LENGTH = 100


def squeezed(cell: Cell) -> str:
    return "".join(unicodedata.normalize("NFKC", read_text(cell, TEXT_LENGTH)).split())


def read_isbn(cell: Cell, epoch: datetime) -> str:
    """13 digits, or '' for an empty cell."""
    text = squeezed(cell)
    if SCIENTIFIC.fullmatch(text.upper()):
        raise ValueError(f"“{shown(text)}”是科学计数法，后几位已经丢失，请把该列设为文本格式后重新填写")
    try:
        return normalise(text)
    except BadIsbn as error:
        hint = "；末尾的几个 0 可能是 Excel 改的，请把该列设为文本格式后重新填写" if text.endswith("0000") else ""
        raise ValueError(f"{error}{hint}") from error


def read_year(cell: Cell, epoch: datetime) -> int | None:
    """1998, 1998年, 1998.5, 1998年5月 or a date."""
    text = str(cell.value.year) if isinstance(cell.value, date) else squeezed(cell)
    if not text:
        return None
    found = YEAR.fullmatch(text)
    if found is None:
        raise ValueError(f"“{shown(text)}”不是年份，请写成 1998 的形式，不知道就留空")
    return int(found[1])


def read_copies(cell: Cell, epoch: datetime) -> int | None:
    text = squeezed(cell)
    if not text:
        return None
    found = COPIES.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= MOST_COPIES:
        raise ValueError(f"“{shown(text)}”不是册数，应为 1 至 {MOST_COPIES} 的整数")
    return int(found[1])


def read_barcode(cell: Cell, epoch: datetime) -> str:
    text = squeezed(cell)
    if text and not BARCODE.fullmatch(text):
        raise ValueError(f"“{shown(text)}”不能作条码，应为最多 30 位的字母和数字（可含 - _ .），请改正")
    return text


def read_divisions(cell: Cell, epoch: datetime) -> list[str]:
    """The words of 分类: areas and classes, told apart only where the areas are known."""
    text = clean_text(unicodedata.normalize("NFKC", read_text(cell, TEXT_LENGTH)))
    if whole := class_of(text):
        return [whole]
    return [word for word in BETWEEN.split(CLASS_WORD.sub(" ", text)) if word]


def column(name: str, read: object) -> Column:
    return Column(name, read)  # type: ignore[arg-type]
