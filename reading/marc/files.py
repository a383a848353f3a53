"""A MARC file as somebody hands it in: its records one by one, each with its number, its bytes and what is wrong."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from pymarc import Record

from reading.marc import iso2709, xml
from reading.marc.encoding import leaning_of
from shuxiang.workbooks.refusal import WorkbookRefused

ISO_2709, XML = "iso2709", "xml"
PEEKED = 200
ENDINGS = {".mrc": ISO_2709, ".iso": ISO_2709, ".marc": ISO_2709, ".xml": XML}


@dataclass(frozen=True, slots=True)
class Found:
    """`raw`: the bytes in ISO 2709, its end included; none in XML. No record where `fault` says why."""

    number: int
    record: Record | None
    raw: bytes
    fault: str = ""


def form_of(path: Path) -> str:
    """What the content is; WorkbookRefused where it is surely something else."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise WorkbookRefused(f"找不到文件 {path}，请检查路径和文件名。") from None
    except (OSError, ValueError) as error:
        raise WorkbookRefused(f"无法打开文件 {path}，请检查它是不是文件、是否有读取权限。") from error
    if size == 0:
        raise WorkbookRefused("文件是空的（0 字节），可能没有保存完整。请重新导出后再导入。")
    if start.startswith((b"PK", b"\x1f\x8b", b"Rar!", b"7z")):
        raise WorkbookRefused(
            "文件是压缩包，或是 Excel、Word 文件，不是 MARC。压缩包请先解压；Excel 请用“图书”登记表导入。"
        )
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise WorkbookRefused("文件是 Office 或 PDF 文件，不是 MARC。Excel 请用“图书”登记表导入。")
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<")) or start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return XML
    return ISO_2709


def read(path: Path) -> Iterator[Found]:
    """Raises WorkbookRefused where the file as a whole cannot be read."""
    form = form_of(path)
    with path.open("rb") as file:
        yield from read_xml(file) if form == XML else read_iso2709(file)


def read_iso2709(file: IO[bytes]) -> Iterator[Found]:
    leaning = leaning_of(piece.raw for piece in islice(iso2709.pieces(file), PEEKED))
    file.seek(0)
    number = 0
    for number, piece in enumerate(iso2709.pieces(file), start=1):
        raw = piece.raw + iso2709.END_OF_RECORD
        try:
            yield Found(number, iso2709.record_of(piece, leaning), raw)
        except iso2709.Damaged as error:
            yield Found(number, None, raw, str(error))
    if not number:
        raise WorkbookRefused("文件里没有 MARC 记录。请确认选的是 ISO 2709（.mrc、.iso、.marc）或 MARCXML 文件。")


def read_xml(file: IO[bytes]) -> Iterator[Found]:
    for number, record in enumerate(xml.records(file), start=1):
        if isinstance(record, iso2709.Damaged):
            yield Found(number, None, b"", str(record))
        else:
            yield Found(number, record, b"")
