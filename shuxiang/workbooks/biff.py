"""One pass over the records of an old workbook, for what calamine does not tell.

Error values, hidden rows and number formats of cells, and how far the content reaches; numbers of rows and
columns count from 1.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from .compound import Broken

BOF, EOF, BOUNDSHEET, FILEPASS, DATEMODE, FORMAT, XF = (0x809, 0x0A, 0x85, 0x2F, 0x22, 0x41E, 0xE0)
ROW, FORMULA, BOOLERR, NUMBER, RK, MULRK = 0x208, 0x06, 0x205, 0x203, 0x27E, 0xBD
TEXTS = (0xFD, 0x204, 0xD6)
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
HIDDEN_ROW = 0x20
NEW_EXCEL = 0x600
OWN_FORMATS = 164


class Locked(Exception):
    """The workbook needs a password."""


@dataclass
class SheetMarks:
    hidden: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    first: tuple[int, int] = (1 << 16, 1 << 16)
    last: tuple[int, int] = (0, 0)

    def mark(self, row: int, column: int) -> tuple[int, int]:
        place = row + 1, column + 1
        self.first = min(self.first[0], place[0]), min(self.first[1], place[1])
        self.last = max(self.last[0], place[0]), max(self.last[1], place[1])
        return place

    @property
    def area(self) -> int:
        return max(self.last[0] - self.first[0] + 1, 0) * max(self.last[1] - self.first[1] + 1, 0)


@dataclass
class Marks:
    """`sheets` in the workbook's order; `is_1904`: which day serial numbers count from."""

    sheets: list[SheetMarks] = field(default_factory=list)
    is_1904: bool = False


class Scan:
    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.marks = Marks()
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self.is_new = True

    def run(self) -> Marks:
        """Raises Locked, Broken and struct.error."""
        starts = []
        for kind, data in self.records(0):
            if kind == BOF:
                self.is_new = struct.unpack_from("<H", data)[0] == NEW_EXCEL
            elif kind == FILEPASS:
                raise Locked
            elif kind == DATEMODE:
                self.marks.is_1904 = data[:1] == b"\1"
            elif kind == BOUNDSHEET:
                starts.append(struct.unpack_from("<I", data)[0])
            elif kind == FORMAT:
                self.formats[struct.unpack_from("<H", data)[0]] = self.format_text(data[2:])
            elif kind == XF:
                self.styles.append(struct.unpack_from("<H", data, 2)[0])
        if len(set(starts)) < len(starts):
            raise Broken
        self.marks.sheets = [self.sheet(start) for start in starts]
        return self.marks

    def records(self, place: int) -> Iterator[tuple[int, bytes]]:
        """The records of one part, from its beginning to its end; parts within it are passed over."""
        depth = 0
        while place + 4 <= len(self.stream):
            kind, length = struct.unpack_from("<HH", self.stream, place)
            data = self.stream[place + 4 : place + 4 + length]
            if len(data) < length:
                raise Broken
            depth += (kind == BOF) - (kind == EOF)
            if depth == 0 and kind != EOF:
                raise Broken
            if depth == 1:
                yield kind, data
            if depth == 0:
                return
            place += 4 + length
        raise Broken

    def format_text(self, data: bytes) -> str:
        if not self.is_new:
            return data[1 : 1 + data[0]].decode("latin-1")
        length, flags = struct.unpack_from("<HB", data)
        return data[3 : 3 + 2 * length].decode("utf-16-le") if flags & 1 else data[3 : 3 + length].decode("latin-1")

    def sheet(self, start: int) -> SheetMarks:
        found = SheetMarks()
        for kind, data in self.records(start):
            if kind == ROW:
                row, flags = struct.unpack_from("<H10xH", data)
                if flags & HIDDEN_ROW:
                    found.hidden.add(row + 1)
            elif kind in (NUMBER, RK, FORMULA, BOOLERR, *TEXTS):
                row, column, style = struct.unpack_from("<HHH", data)
                place = found.mark(row, column)
                self.note(found, kind, place, style, data)
            elif kind == MULRK:
                row, column = struct.unpack_from("<HH", data)
                for count, at in enumerate(range(4, len(data) - 2, 6)):
                    place = found.mark(row, column + count)
                    self.note(found, kind, place, struct.unpack_from("<H", data, at)[0], data)
        return found

    def note(self, found: SheetMarks, kind: int, place: tuple[int, int], style: int, data: bytes) -> None:
        if kind == BOOLERR and data[7]:
            found.errors[place] = ERRORS.get(data[6], "#?")
        elif kind == FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff":
            found.errors[place] = ERRORS.get(data[8], "#?")
        elif kind not in TEXTS and style < len(self.styles) and self.styles[style] >= OWN_FORMATS:
            found.formats[place] = self.formats.get(self.styles[style], "General")
