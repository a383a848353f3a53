"""Uploaded files: what they may be, how they are named, and what is said where one is refused."""

import unicodedata
import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings

NAME_LENGTH = 100
ACCEPTED = {
    "audio": "audio/*,.mp3,.m4a,.mp4,.wav,.aac,.amr,.ogg,.webm,.flac,.wma,.3gp",
    "document": ".docx,.txt",
    "cover": "image/*,.heic,.heif,.avif",
    "picture": "image/*,.heic,.heif,.avif",
}
# Nothing is wrong with the file: patience ended before the time of the processor that it may cost.
BUSY = "服务器正忙，没能在限定的时间里处理完这个文件，文件不一定有问题。请过几分钟重新选择；仍不行请联系管理员。"


class Refused(Exception):
    """The file is not taken; str() is a Chinese sentence that names the matter and says what to do."""


def accept(role: str) -> str:
    """For the `accept` of a file field; the content decides in the end."""
    return ACCEPTED[role]


def hint(role: str) -> str:
    """The limits, to be shown beside a file field."""
    if role == "audio":
        size, minutes = megabytes(settings.AUDIO_MAX_BYTES), settings.AUDIO_MAX_MINUTES
        return f"手机或录音笔录的音频文件（mp3、m4a、wav、amr 等），不超过 {size}、{minutes} 分钟。"
    if role == "document":
        size, length = megabytes(settings.DOCUMENT_MAX_BYTES), settings.TEXT_MAX_CHARACTERS
        return f"Word 文档（.docx）或文本文件（.txt），不超过 {size}、{length} 字。"
    size, pixels = megabytes(settings.IMAGE_MAX_BYTES), settings.IMAGE_MAX_PIXELS // 10_000
    return f"照片或图片（jpg、png、heic 等），不超过 {size}、{pixels} 万像素。"


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:g} MB"


def stored_name(original: str) -> str:
    """The original name as a label: cleaned, at most NAME_LENGTH characters, its ending kept."""
    name = download_name(unicodedata.normalize("NFC", original))
    ending = PurePath(name).suffix[:10]
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - len(ending)] + ending


def random_name(instance: Any, filename: str) -> str:
    """`3f/3f0c…` under MEDIA_ROOT: no extension, nothing of the original name."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


def download_name(original: str, otherwise: str = "附件") -> str:
    """Without what could break the header, leave the folder or turn the name round: controls, slashes, RTL marks."""
    kept = (character for character in original if not unicodedata.category(character).startswith(("C", "Zl", "Zp")))
    return "".join(kept).replace("/", "_").replace("\\", "_").strip() or otherwise
