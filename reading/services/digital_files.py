"""Files of digital resources: books as PDF and EPUB, sound and plain text, kept as they came."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files import File

from organization.services.filing import MOST_MINUTES, MOST_TEXT, Field, Kept, whole
from organization.services.filing import take_file as take
from shuxiang.uploads import Refused, megabytes

EPUB = b"mimetypeapplication/epub+zip"
ACCEPTED = ".pdf,.epub,.txt,audio/*,.mp3,.m4a,.wav,.ogg,.flac"


def epub(path: Path, head: bytes, tail: bytes) -> str:
    if head[30:].startswith(EPUB):
        return whole("EPUB", b"PK\x05\x06" in tail)
    raise Refused("文件是压缩包，或者不是标准的 EPUB。请重新导出为 EPUB 或 PDF 后选择。")


UNKNOWN = "文件不是 PDF、EPUB、音频或文本，请另存为其中一种后重新选择；Word 文档请导出为 PDF。"
FIELD = Field(
    archive=epub,
    unknown=UNKNOWN,
    old=UNKNOWN,
    page="文件是网页，不是电子书。请填写网址，或者换一个文件。",
    film="这是视频，门户不存视频。请放到学习平台上，在这里填写它的网址。",
)


def hint() -> str:
    """The limits, to be shown beside the field."""
    size = megabytes(settings.DIGITAL_MAX_BYTES)
    return (
        f"PDF、EPUB、MP3 等音频或文本文件（.txt），不超过 {size}；"
        f"音频不超过 {MOST_MINUTES // 60} 小时，文本不超过 {megabytes(MOST_TEXT)}。"
    )


def take_file(*, upload: File, now: datetime) -> Kept:
    """Raises Refused; never within a transaction, since it takes seconds."""
    return take(upload=upload, field=FIELD, most=settings.DIGITAL_MAX_BYTES, now=now)
