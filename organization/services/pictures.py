"""Plain pictures: only what was drawn anew of them is kept."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File

from organization.services.storing import Stored, discard, keep
from shuxiang.media.files import scratch, spooled
from shuxiang.media.images import small_of
from shuxiang.media.runner import AT_ONCE, ChildDied, run
from shuxiang.uploads import Refused, stored_name

logger = logging.getLogger(__name__)
UNREADABLE = "图片过大或已损坏，无法处理，请换一张图片。"


SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")
# Brands of HEIC and AVIF: others in the same container are sound or film.
BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


@dataclass(frozen=True)
class Picture:
    """A JPEG in the storage: `file` is its name there, `original_name` a label, `small` a copy for lists if wanted."""

    original_name: str
    file: str
    size: int
    sha256: str
    width: int
    height: int
    small: Stored | None = None


def take_picture(*, upload: File, now: datetime, small: int = 0) -> Picture:
    """Draws the picture anew and stores that, and where `small` a copy of so many pixels. Raises Refused.

    Never within a transaction, since it takes seconds: RuntimeError otherwise. The files are loose until the caller
    claims them in the transaction that writes their row.
    """
    with scratch() as folder, spooled(upload, folder, settings.IMAGE_MAX_BYTES) as original:
        target = folder / "rendition"
        drawn = redraw(original.path, target, small)
        kept = keep(target, now)
        try:
            copy = keep(small_of(target), now) if small else None
        except Refused:
            discard([kept.name])
            raise
    return Picture(
        original_name=stored_name(upload.name or ""),
        file=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        width=drawn["width"],
        height=drawn["height"],
        small=copy,
    )


def redraw(source: Path, target: Path, small: int = 0) -> dict[str, Any]:
    try:
        return run("make image", source, target, AT_ONCE, small=small)
    except ChildDied as death:
        logger.warning("图片检查中断：%s", death)
        raise Refused(UNREADABLE) from death


def is_picture(head: bytes) -> bool:
    """By the first bytes alone; whether it is a whole one, `redraw` finds out."""
    if head[4:8] == b"ftyp":
        return head[8:12] in BRANDS
    if head.startswith(b"BM"):
        return head[6:10] == bytes(4)
    return head.startswith(SIGNATURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
