"""Uploaded files: what they may be, how they are named, and what is said where one is refused."""

import errno
import io
import unicodedata
import uuid
from contextlib import suppress
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

NAME_LENGTH = 100
ACCEPTED = {
    "audio": "audio/*,.mp3,.m4a,.mp4,.wav,.aac,.amr,.ogg,.webm,.flac,.wma,.3gp",
    "document": ".docx,.txt",
    "cover": "image/*,.heic,.heif,.avif",
    "picture": "image/*,.heic,.heif,.avif",
}
# Nothing is wrong with the file: patience ended before the time of the processor that it may cost.
BUSY = "服务器正忙，没能在限定的时间里处理完这个文件，文件不一定有问题。请过几分钟重新选择；仍不行请联系管理员。"


# No room on the disk, or none for this account.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


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
        return f"Word 文档（.docx）或文本文件（.txt），不超过 {size}、{length:,} 字。"
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


class Unstored(io.RawIOBase):
    """In the place of a file that found no room: whoever reads it meets the full disk."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise self.error


class SpoolHandler(TemporaryFileUploadHandler):
    """Files on their way in. Where the disk is full, the rest of the form still arrives and can be kept.

    The field that takes the file then says what it says of a disk that fills up while the file is stored.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.full: OSError | None = None
        vars(self).pop("file", None)  # the one before has arrived
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self.give_up(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.full is None:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self.give_up(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.full is None:
            try:
                return super().file_complete(file_size)
            except OSError as error:
                self.give_up(error)
        assert self.full is not None
        return UploadedFile(io.BufferedReader(Unstored(self.full)), self.file_name, self.content_type, file_size)

    def give_up(self, error: OSError) -> None:
        if "file" in vars(self):
            with suppress(OSError):  # what was not written yet finds no room now either
                self.file.close()
            del self.file
        if error.errno not in NO_ROOM:
            raise error
        self.full = error
