"""Reads an old .xls workbook that somebody handed in, by means of a child process (see `xls_child`)."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.conf import settings
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from shuxiang.uploads import BUSY

from .archive import SAVE_AS
from .refusal import DAMAGED, WorkbookRefused
from .scan import MAX_CELLS, MAX_COLUMNS
from .stream import COVERED, EMPTY, Cell, Sheet, SheetRow, Workbook
from .xlsx import MAX_SHEETS

REASONS = {
    "busy": BUSY,
    "locked": "文件设有打开密码。请用 Excel 或 WPS 打开，取消密码并保存后重新导入。",
    "too large": "工作簿的内容范围过大，不像登记表。请新建工作簿，将数据粘贴为数值后重新导入。",
}
DATES: dict[str, Callable[[str], datetime | date | time]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


class XlsSheet:
    def __init__(self, title: str, hidden: bool, path: Path) -> None:
        self.title = title
        self.hidden = hidden
        self._path = path

    def rows(self) -> Iterator[SheetRow]:
        cells = 0
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                number, hidden, values = json.loads(line)
                cells += len(values)
                if len(values) > MAX_COLUMNS or cells > MAX_CELLS:
                    raise WorkbookRefused(f"工作表“{self.title[:31]}”的内容过多，请分成几个文件后重新导入。")
                yield SheetRow(number, hidden, tuple(cell_of(value) for value in values))


@contextmanager
def open_xls(file: IO[bytes]) -> Iterator[Workbook]:
    """The old workbook in a file; WorkbookRefused for whatever is none, is broken, locked or beyond the limits."""
    with TemporaryDirectory(prefix="shuxiang-xls-") as name:
        folder = Path(name)
        with (folder / "workbook.xls").open("wb") as copy:
            shutil.copyfileobj(file, copy)
        answer = extract(folder)
        if answer != "ok":
            raise WorkbookRefused(REASONS.get(answer) or why_broken((folder / "workbook.xls").read_bytes()))
        is_1904, found = json.loads((folder / "sheets.json").read_text())
        if not found:
            raise WorkbookRefused("工作簿中没有工作表（可能只有图表）。请把数据放在工作表中，保存后重新导入。")
        if len(found) > MAX_SHEETS:
            raise WorkbookRefused(f"工作簿有 {len(found)} 个工作表，过多。请只保留需要的工作表后重新导入。")
        sheets: list[Sheet] = [XlsSheet(title, hidden, folder / str(number)) for title, hidden, number in found]
        yield Workbook(sheets, MAC_EPOCH if is_1904 else WINDOWS_EPOCH)


def extract(folder: Path) -> str:
    """What the child says last; empty where it broke down."""
    run = [sys.executable, "-m", "shuxiang.workbooks.xls_child", str(folder / "workbook.xls"), str(folder)]
    try:
        done = subprocess.run(
            run,
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=settings.FILE_PATIENCE,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return "busy"
    return done.stdout.strip() if done.returncode == 0 else ""


def why_broken(content: bytes) -> str:
    """The likeliest reason, by the names in the file."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return REASONS["locked"]
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return DAMAGED
    return f"文件是旧版 Office 文件（如 .doc），不是工作簿。{SAVE_AS}"


def cell_of(value: Any) -> Cell:
    if value is None:
        return EMPTY
    if not isinstance(value, list):
        return Cell(value)
    kind, *content = value
    if kind == "covered":
        return COVERED
    if kind == "error":
        return Cell(content[0], "error")
    if kind == "number":
        return Cell(content[0], number_format=content[1])
    if kind == "timedelta":
        return Cell(timedelta(seconds=content[0]))
    return Cell(DATES[kind](content[0]), number_format="yyyy-mm-dd")
