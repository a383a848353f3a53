"""Is this zip archive a workbook at all? Nothing is unzipped to find out.

`open_archive` gives a zip archive that scans every part before anybody reads it (see `scan`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings

from .refusal import DAMAGED, WorkbookRefused
from .scan import PartScan

MAX_ENTRIES = 5_000
MAX_STRINGS_BYTES = 30 * 1024 * 1024
MAX_PART_BYTES = 10 * 1024 * 1024
SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重新导入。"


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
def open_archive(file: IO[bytes]) -> Iterator[Archive]:
    """The archive of a workbook within the limits of the settings; WorkbookRefused for anything else."""
    try:
        archive = Archive(file)
    except Exception as error:
        raise WorkbookRefused("文件不完整或已损坏，可能没有拷贝或下载完。请重新取得原文件后再导入。") from error
    with archive:
        _check_entries(archive)
        yield archive


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"


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
            f"文件解压后有 {megabytes(unzipped)} MB，超过上限 "
            f"{megabytes(settings.WORKBOOK_MAX_UNZIPPED_BYTES)} MB。请新建工作簿，将数据粘贴为数值后重新导入。"
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
