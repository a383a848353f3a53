"""Text as it stands in a cell of a workbook that we write."""

import re
from copy import copy
from typing import Any

from openpyxl.cell import WriteOnlyCell

MAX_TEXT = 32_767
SHORTENED = "…（内容过长，请在系统中查看全文）"
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
# What XML cannot hold: control characters but tab and line breaks, surrogates, non-characters.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LOOKS_ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def text_cell(sheet: Any, value: object, **style: Any) -> Any:
    """A text cell (openpyxl's Cell) for a write-only `sheet`; `style` names attributes of the cell (font, alignment…).

    Whatever the value looks like (`=1+1`, `#N/A`), it stays text and is shown as it is.
    """
    text = ILLEGAL.sub(" ", "" if value is None else str(value))
    cell: Any = WriteOnlyCell(sheet, _fitting(text))
    cell.data_type = "s"
    for name, setting in style.items():
        setattr(cell, name, setting)
    if text.startswith(FORMULA_START):
        cell._style = copy(cell._style)  # it may be shared with other cells
        cell.quotePrefix = True
    return cell


def decode_text(stored: str) -> str:
    """Undoes Excel's own encoding, where `_x000D_` is a carriage return and `_x005F_` an underscore."""
    if "_x" not in stored:
        return stored
    decoded = ENCODED.sub(lambda found: chr(int(found[1], 16)), stored)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _encode_text(text: str) -> str:
    # XML readers turn a bare carriage return into a line feed, so it is stored in Excel's encoding.
    return LOOKS_ENCODED.sub("_x005F_", text).replace("\r", "_x000D_")


def _fitting(text: str) -> str:
    """The text as stored; beyond Excel's limit, counted in UTF-16 units, it is shortened visibly."""
    stored = _encode_text(text)
    if _units(stored) <= MAX_TEXT:
        return stored
    kept = MAX_TEXT
    while (excess := _units(stored := _encode_text(text[:kept]) + SHORTENED) - MAX_TEXT) > 0:
        kept -= max(excess // 8, 1)
    return stored


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
