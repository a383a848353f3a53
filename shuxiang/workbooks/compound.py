"""The container of old Office files: finds a stream in it, within bounds whatever the tables in it say."""

import struct

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
HEADER = 512
LAST_SECTOR = 0xFFFFFFFA
ENTRY = 128
STREAM, ROOT = 2, 5
SMALL = 4096


class Broken(ValueError):
    """The container contradicts itself."""


class Compound:
    """A container in memory; `names` are of its streams, in any storage."""

    def __init__(self, content: bytes) -> None:
        if len(content) < HEADER or not content.startswith(OLE_MAGIC):
            raise Broken
        self.content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise Broken
        self.size, self.small_size = 1 << shift, 1 << small_shift
        directory, small_table, extra = (struct.unpack_from("<I", content, place)[0] for place in (48, 60, 68))
        self.table = self._numbers(self._table_sectors(extra))
        self.small_table = self._numbers(self._chain(small_table, self.table))
        self.streams: dict[str, tuple[int, int]] = {}
        self.small = b""
        entries = self._joined(self._chain(directory, self.table))
        for start in range(0, len(entries) - ENTRY + 1, ENTRY):
            self._take_entry(entries[start : start + ENTRY])

    def read(self, name: str) -> bytes:
        """The stream's content; KeyError where there is none of the name."""
        start, length = self.streams[name]
        if length < SMALL:
            sectors = self._chain(start, self.small_table)
            pieces = [self.small[sector * self.small_size : (sector + 1) * self.small_size] for sector in sectors]
            return b"".join(pieces)[:length]
        return self._joined(self._chain(start, self.table))[:length]

    def _take_entry(self, entry: bytes) -> None:
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, size = struct.unpack_from("<II", entry, 116)
        if kind == ROOT:
            self.small = self._joined(self._chain(start, self.table))
        elif kind == STREAM and 2 <= length <= 64:
            self.streams.setdefault(entry[: length - 2].decode("utf-16-le", "replace"), (start, size))

    def _table_sectors(self, extra: int) -> list[int]:
        """The sectors that hold the table: 109 are named in the header, the others in a chain of their own."""
        named = [*struct.unpack_from("<109I", self.content, 76)]
        seen = set()
        while extra < LAST_SECTOR:
            if extra in seen:
                raise Broken
            seen.add(extra)
            *more, extra = struct.unpack(f"<{self.size // 4}I", self._sector(extra))
            named += more
        sectors = [sector for sector in named if sector < LAST_SECTOR]
        if len(sectors) > len(self.content) // self.size:
            raise Broken
        return sectors

    def _numbers(self, sectors: list[int]) -> tuple[int, ...]:
        content = self._joined(sectors)
        return struct.unpack(f"<{len(content) // 4}I", content)

    def _joined(self, sectors: list[int]) -> bytes:
        return b"".join(self._sector(sector) for sector in sectors)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.content):
            raise Broken
        return self.content[start : start + self.size].ljust(self.size, b"\0")

    def _chain(self, start: int, table: tuple[int, ...]) -> list[int]:
        found: list[int] = []
        while start < LAST_SECTOR:
            if start >= len(table) or len(found) >= len(table):
                raise Broken
            found.append(start)
            start = table[start]
        return found
