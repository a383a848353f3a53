"""Files on their way in and out: an upload as a file of this machine, and digests, never a whole file in memory."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.core.files import File

from shuxiang.uploads import NO_ROOM, Refused, megabytes

CHUNK = 256 * 1024
DISK_FULL = "存储空间不足，文件没有收下。请联系管理员清理空间后再试。"


@dataclass(frozen=True)
class Spooled:
    path: Path
    size: int
    sha256: str


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards; what a killed process left in its place is tidied after a day."""
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="media-") as name:
        yield Path(name)


@contextmanager
def spooled(upload: File, folder: Path, most: int | None = None) -> Iterator[Spooled]:
    """The file under a path of this machine. Refused beyond `most` bytes, or where the disk is full."""
    if most is not None and upload.size is not None and upload.size > most:
        raise Refused(f"文件超过 {megabytes(most)} 上限，请压缩或剪短后重新选择。")
    path = Path(upload.temporary_file_path()) if hasattr(upload, "temporary_file_path") else folder / "original"
    try:
        if path.parent == folder:
            with path.open("wb") as copy:
                for chunk in upload.chunks(CHUNK):
                    copy.write(chunk)
        with path.open("rb") as file:
            found = measured(file)
    except OSError as error:
        raise full_disk(error) from error
    yield Spooled(path, *found)


def measured(file: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of what is left of an open file."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def full_disk(error: OSError) -> Exception:
    """Refused where there is no room left, else the error itself."""
    return Refused(DISK_FULL) if error.errno in NO_ROOM else error
