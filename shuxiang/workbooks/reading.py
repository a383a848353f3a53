"""Opens a register that somebody handed in. Content decides what the file is, never its name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from .archive import SAVE_AS, megabytes
from .compound import OLE_MAGIC
from .refusal import WorkbookRefused
from .stream import EMPTY, Cell, Sheet, SheetRow, Workbook
from .text import open_text
from .xls import open_xls
from .xlsx import open_xlsx

__all__ = ["EMPTY", "Cell", "Sheet", "SheetRow", "Workbook", "WorkbookRefused", "open_workbook"]


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """The workbook at `path`; WorkbookRefused for whatever is none, is broken, locked or beyond the limits."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise WorkbookRefused(f"找不到文件 {path}，请检查路径和文件名。") from None
    except IsADirectoryError:
        raise WorkbookRefused(f"{path} 是文件夹，请指定其中的文件。") from None
    except (OSError, ValueError) as error:
        raise WorkbookRefused(f"无法打开文件 {path}，请检查文件是否存在、是否有读取权限。") from error
    with file:
        check_size(os.fstat(file.fileno()).st_size)
        with open_by_content(file) as workbook:
            yield workbook


def check_size(size: int) -> None:
    if size == 0:
        raise WorkbookRefused("文件是空的（0 字节），可能没有保存完整。请重新保存或重新拷贝后再导入。")
    if size > settings.WORKBOOK_MAX_BYTES:
        raise WorkbookRefused(
            f"文件有 {megabytes(size)} MB，超过上限 {megabytes(settings.WORKBOOK_MAX_BYTES)} MB。"
            "请删去图片和无关的工作表，或分成几个文件后重新导入。"
        )


@contextmanager
def open_by_content(file: IO[bytes]) -> Iterator[Workbook]:
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        with open_xlsx(file) as workbook:
            yield workbook
    elif head == OLE_MAGIC:
        with open_xls(file) as workbook:
            yield workbook
    elif head.startswith(b"%PDF"):
        raise WorkbookRefused("文件是 PDF，不是工作簿。请取得原来的 Excel 文件后重新导入。")
    elif head.startswith(b"PK"):
        raise WorkbookRefused("文件是空的或分卷的压缩包，不是工作簿。请选择其中的 Excel 文件重新导入。")
    elif head[:2] == b"\x09\x08" or head[:4] in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"):
        raise WorkbookRefused(f"文件是 Excel 5.0 以前的工作簿，太旧了。{SAVE_AS}")
    else:
        yield open_text(file.read())
