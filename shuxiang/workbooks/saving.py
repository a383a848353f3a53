"""Workbooks appear under their name whole or not at all."""

import os
from pathlib import Path

from openpyxl import Workbook


def save_whole(book: Workbook, path: Path) -> None:
    """Writes beside the target, flushes to disk, then takes its place; raises OSError and leaves an old file."""
    draft = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        book.save(draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
