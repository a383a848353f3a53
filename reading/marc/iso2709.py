"""ISO 2709 as it is met: cut at its delimiters, which no byte of a GBK or UTF-8 character can be.

Lengths and positions in leader and directory are only asked where the delimiters leave a doubt: converters leave
them in characters, or as they were before.
"""

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from pymarc import Field, Indicators, Record, Subfield

from reading.marc.encoding import Unreadable, encoding_of, text_of

END_OF_RECORD, END_OF_FIELD, SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
LEADER, ENTRY = 24, 12
HIGHEST_PLACE = 99_999
# The format itself allows no more; converters that double a text's bytes are forgiven.
MAX_RECORD = 200_000
MAX_FIELDS = 5_000
CHUNK = 256 * 1024
BETWEEN_RECORDS = b"\r\n\t \x00\x1a\xef\xbb\xbf"
TAG = re.compile(rb"[0-9A-Za-z]{3}")


class Damaged(ValueError):
    """The record cannot be read; str() is a Chinese reason without a full stop."""


class Piece(NamedTuple):
    """The bytes of a record without its end; `whole` is False for one cut off, or too long to be one."""

    raw: bytes
    whole: bool = True


def pieces(file: IO[bytes]) -> Iterator[Piece]:
    """The file's records one by one; holds no more than one in memory."""
    rest, skipping = b"", False
    while chunk := file.read(CHUNK):
        *done, rest = (rest + chunk).split(END_OF_RECORD)
        for raw in done:
            if skipping:
                skipping = False
            elif raw := raw.lstrip(BETWEEN_RECORDS):
                yield Piece(raw, len(raw) <= MAX_RECORD)
        if len(rest) > MAX_RECORD:
            if not skipping:
                yield Piece(rest[:MAX_RECORD], whole=False)
            rest, skipping = b"", True
    if not skipping and (rest := rest.strip(BETWEEN_RECORDS)):
        yield Piece(rest, whole=False)


def record_of(piece: Piece, leaning: str) -> Record:
    """Raises Damaged."""
    if len(piece.raw) > MAX_RECORD - 1:
        raise Damaged(f"记录超过 {MAX_RECORD:,} 字节，不是 ISO 2709 记录，或中间缺了记录结束符")
    if not piece.whole and END_OF_FIELD not in piece.raw:
        raise Damaged("没有 MARC 的分隔符，不是 ISO 2709 记录，请确认选对了文件")
    if not piece.whole:
        raise Damaged("记录不完整，没有结束符，文件可能没有下载完，请重新取得原文件")
    head, _, body = piece.raw.partition(END_OF_FIELD)
    directory = head[LEADER:]
    if len(head) < LEADER + ENTRY or not body:
        raise Damaged("没有完整的头标和目录，不是 MARC 记录")
    if len(directory) % ENTRY:
        raise Damaged(f"头标或目录的长度不对（目录 {len(directory)} 字节，应为 {ENTRY} 的倍数）")
    entries = [directory[start : start + ENTRY] for start in range(0, len(directory), ENTRY)]
    if not all(TAG.fullmatch(entry[:3]) for entry in entries):
        raise Damaged("目录里的字段号不对，不是 MARC 记录，或头标长度不是 24 字节")
    try:
        encoding = encoding_of(body, leaning)
        record = Record()
        for tag, content in paired(entries, body):
            record.add_field(field_of(tag, content, encoding))
    except Unreadable as error:
        raise Damaged(str(error)) from error
    return record


def paired(entries: list[bytes], body: bytes) -> Iterator[tuple[str, bytes]]:
    """Each field with its tag. Where as many fields are delimited as the directory names, the order of their
    positions is enough; beyond the highest that five digits tell, that of the directory."""
    contents = body.removesuffix(END_OF_FIELD).split(END_OF_FIELD)
    if len(entries) > MAX_FIELDS:
        raise Damaged(f"有 {len(entries)} 个字段，过多，不是书目记录")
    if len(contents) == len(entries):
        places = [entry[7:12] for entry in entries]
        told = len(body) <= HIGHEST_PLACE and all(map(bytes.isdigit, places))
        if told and len(set(map(int, places))) == len(places):
            entries = sorted(entries, key=lambda entry: int(entry[7:12]))
        yield from ((entry[:3].decode(), content) for entry, content in zip(entries, contents, strict=True))
        return
    for entry in entries:
        if not entry[3:].isdigit():
            raise Damaged("目录里的长度或位置不是数字")
        length, start = int(entry[3:7]), int(entry[7:12])
        content = body[start : start + length]
        if not content.endswith(END_OF_FIELD) or content.count(END_OF_FIELD) > 1:
            raise Damaged(f"目录与字段对不上：目录有 {len(entries)} 项，字段有 {len(contents)} 个")
        yield entry[:3].decode(), content[:-1]


def field_of(tag: str, content: bytes, encoding: str) -> Field:
    if tag < "010" and tag.isdigit():
        return Field(tag=tag, data=text_of(content, encoding))
    marks, *parts = content.split(SUBFIELD)
    indicators = (marks.decode("ascii", "replace") + "  ")[:2]
    subfields = [
        Subfield(code=part[:1].decode("ascii", "replace"), value=text_of(part[1:], encoding)) for part in parts if part
    ]
    return Field(tag=tag, indicators=Indicators(*indicators), subfields=subfields)
