"""Plain pictures: only what was drawn anew of them is kept."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files import File

from organization.services.storing import keep
from shuxiang.media.files import scratch, spooled
from shuxiang.media.runner import AT_ONCE, ChildDied, run
from shuxiang.uploads import Refused, stored_name

logger = logging.getLogger(__name__)
UNREADABLE = "图片过大或已损坏，无法处理，请换一张图片。"


@dataclass(frozen=True)
class Picture:
    """A JPEG in the storage: `file` is its name there, `original_name` a label."""

    original_name: str
    file: str
    size: int
    sha256: str
    width: int
    height: int


def take_picture(*, upload: File, now: datetime) -> Picture:
    """Draws the picture anew and stores that. Raises Refused.

    Never within a transaction, since it takes seconds: RuntimeError otherwise. The file is loose until the caller
    claims it in the transaction that writes its row.
    """
    with scratch() as folder, spooled(upload, folder, settings.IMAGE_MAX_BYTES) as original:
        target = folder / "rendition"
        try:
            drawn = run("make image", original.path, target, AT_ONCE)
        except ChildDied as death:
            logger.warning("图片检查中断：%s", death)
            raise Refused(UNREADABLE) from death
        kept = keep(target, now)
    return Picture(
        original_name=stored_name(upload.name or ""),
        file=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        width=drawn["width"],
        height=drawn["height"],
    )
