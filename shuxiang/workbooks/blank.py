"""An empty register to fill in: the sheets with their headers."""

import io
from collections.abc import Sequence

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .registers import SheetSpec

BOLD = Font(bold=True)
WIDTH = 16


def blank_register(specs: Sequence[SheetSpec]) -> bytes:
    """Required columns bear a star; every column is text, so that a 工号 keeps its zeros."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for spec in specs:
        sheet = book.create_sheet(spec.name)
        sheet.freeze_panes = "A2"
        for place, column in enumerate(spec.columns, start=1):
            header = sheet.cell(1, place, f"{column.name}*" if column.required else column.name)
            header.font = BOLD
            dimension = sheet.column_dimensions[get_column_letter(place)]
            dimension.width = WIDTH
            dimension.number_format = "@"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
