"""Is this file a workbook at all? Content decides, never the name, and nothing is unzipped to find out.

`open_archive` gives a zip archive that scans every part before anybody reads it (see `scan`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings

from .refusal import DAMAGED, WorkbookRefused
from .scan import PartScan

MAX_ENTRIES = 5_000
MAX_STRINGS_BYTES = 30 * 1024 * 1024
MAX_PART_BYTES = 10 * 1024 * 1024
SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重新导入。"
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MARKUP = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<table", b"<body", b"<div", b"<style", b"<script")


class Archive(ZipFile):
    """A zip archive that has scanned every XML part before it is opened."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.file = file
        self.scanned: set[str] = set()

    def open(
        self,
        name: str | ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        info = self.getinfo(name) if isinstance(name, str) else name
        if info.filename not in self.scanned:
            if info.file_size > MAX_PART_BYTES:
                raise WorkbookRefused("工作簿的样式或结构过于庞大。请新建工作簿，将数据粘贴为数值后重新导入。")
            with self.open_unscanned(info.filename) as stream:
                PartScan().run(stream)
            self.scanned.add(info.filename)
        return super().open(name, mode, pwd, force_zip64=force_zip64)

    def open_unscanned(self, name: str) -> IO[bytes]:
        """For those who scan the part themselves, under other limits."""
        return super().open(name)

    def open_strings(self, name: str) -> IO[bytes]:
        """The part with the shared texts: it may be larger than others, read entry by entry."""
        if self.getinfo(name).file_size > MAX_STRINGS_BYTES:
            raise WorkbookRefused("工作簿中的文字过多（超过 30 MB）。请分成几个文件后重新导入。")
        with self.open_unscanned(name) as stream:
            PartScan(unit_depth=2).run(stream)
        return self.open_unscanned(name)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The archive of a workbook within the limits of the settings; WorkbookRefused for anything else."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise WorkbookRefused(f"找不到文件 {path}，请检查路径和文件名。") from None
    except IsADirectoryError:
        raise WorkbookRefused(f"{path} 是文件夹，请指定其中的 .xlsx 文件。") from None
    except (OSError, ValueError) as error:
        raise WorkbookRefused(f"无法打开文件 {path}，请检查文件是否存在、是否有读取权限。") from error
    with file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise WorkbookRefused("文件是空的（0 字节），可能没有保存完整。请重新保存或重新拷贝后再导入。")
        if size > settings.WORKBOOK_MAX_BYTES:
            raise WorkbookRefused(
                f"文件有 {_megabytes(size)} MB，超过上限 {_megabytes(settings.WORKBOOK_MAX_BYTES)} MB。"
                "请删去图片和无关的工作表，或分成几个文件后重新导入。"
            )
        head = file.read(4096)
        if not head.startswith(b"PK\x03\x04"):
            raise WorkbookRefused(_what_it_is(head, head + file.read()))
        try:
            archive = Archive(file)
        except Exception as error:
            raise WorkbookRefused("文件不完整或已损坏，可能没有拷贝或下载完。请重新取得原文件后再导入。") from error
        with archive:
            _check_entries(archive)
            yield archive


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"


def _what_it_is(head: bytes, content: bytes) -> str:
    """Why a file that is no zip archive is refused."""
    if head.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "文件设有打开密码。请用 Excel 或 WPS 打开，取消密码并保存后重新导入。"
        if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
            return f"文件是旧版 .xls 工作簿（可能是改名的 xls），不是 .xlsx。{SAVE_AS}"
        return f"文件是旧版 Office 文件（如 .doc），不是 .xlsx 工作簿。{SAVE_AS}"
    if head.startswith(b"%PDF"):
        return "文件是 PDF，不是工作簿。请取得原来的 .xlsx 文件后重新导入。"
    if head.startswith(b"PK"):
        return "文件是空的或分卷的压缩包，不是工作簿。请选择其中的 .xlsx 文件重新导入。"
    text = _as_text(head)
    if text is None:
        return f"文件不是有效的 .xlsx 工作簿（如经加密软件加密，请先解密）。{SAVE_AS}"
    start = text.lstrip("\ufeff \t\r\n").lower().encode()
    if start.startswith(MARKUP) or b"<html" in start or b"<table" in start:
        return f"文件是网页（HTML）表格，不是 .xlsx 工作簿（可能是系统导出后改的名）。{SAVE_AS}"
    if start.startswith(b"<?xml"):
        return f"文件是 XML 文件，不是 .xlsx 工作簿。{SAVE_AS}"
    return f"文件是 CSV 或纯文本，不是 .xlsx 工作簿（可能是改名的 csv）。{SAVE_AS}"


def _as_text(head: bytes) -> str | None:
    """The head as text, None where it is binary; it may end within a character."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore")
    if any(byte < 32 and byte not in b"\t\r\n\f\x1a" for byte in head):
        return None
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _check_entries(archive: Archive) -> None:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MAX_ENTRIES:
        raise WorkbookRefused(
            f"文件内含 {len(entries)} 个部件，超过上限 {MAX_ENTRIES}。请新建工作簿，将数据粘贴为数值后重新导入。"
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise WorkbookRefused("文件是设有密码的压缩包。请先解压，再导入其中的 .xlsx 文件。")
    unzipped = sum(entry.file_size for entry in entries)
    if unzipped > settings.WORKBOOK_MAX_UNZIPPED_BYTES:
        raise WorkbookRefused(
            f"文件解压后有 {_megabytes(unzipped)} MB，超过上限 "
            f"{_megabytes(settings.WORKBOOK_MAX_UNZIPPED_BYTES)} MB。请新建工作簿，将数据粘贴为数值后重新导入。"
        )
    # Other methods of compression hand out a whole block at once, however large.
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise WorkbookRefused(DAMAGED)
    if len(names) < len(entries):
        raise WorkbookRefused(DAMAGED)
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise WorkbookRefused(f"文件含有宏（VBA），不予读取。{SAVE_AS.replace('另存为 .xlsx', '另存为不含宏的 .xlsx')}")
    if "xl/workbook.bin" in names:
        raise WorkbookRefused(f"文件是二进制工作簿（.xlsb），不是 .xlsx。{SAVE_AS}")
    if any(name.startswith("word/") for name in names):
        raise WorkbookRefused("文件是 Word 文档，不是工作簿。请将表格复制到 Excel，另存为 .xlsx 后重新导入。")
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        raise WorkbookRefused(f"文件是 OpenDocument（.ods）表格，不是 .xlsx 工作簿。{SAVE_AS}")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise WorkbookRefused("文件是压缩包或其他类型的文件，不是 .xlsx 工作簿。请选择 .xlsx 文件重新导入。")
