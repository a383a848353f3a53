"""Files of digital resources: what they are is told by their content, and they are kept as they came."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files import File

from organization.services.storing import Stored, keep
from shuxiang.media.files import scratch, spooled
from shuxiang.media.problem import Problem
from shuxiang.media.runner import ChildDied, PatienceEnded, run
from shuxiang.media.sounds import NO_RECORDING, VIDEO, WEB_PAGE, demuxer_of
from shuxiang.media.texts import decoded
from shuxiang.uploads import BUSY, Refused, download_name, megabytes, stored_name

logger = logging.getLogger(__name__)
# An audiobook is longer than a recitation, a text is read into memory as a whole.
MOST_MINUTES, MOST_TEXT = 12 * 60, 20 * 1024 * 1024
HEAD, TAIL = 1024, 64 * 1024
EPUB = b"mimetypeapplication/epub+zip"
ACCEPTED = ".pdf,.epub,.txt,audio/*,.mp3,.m4a,.wav,.ogg,.flac"
SOUNDS = {"mp3": "MP3", "mov": "M4A", "aac": "AAC", "wav": "WAV", "ogg": "OGG", "flac": "FLAC", "amr": "AMR",
          "asf": "WMA", "aiff": "AIFF", "caf": "CAF", "matroska": "WEBM"}  # fmt: skip
CONTENT_TYPES = {"PDF": "application/pdf", "EPUB": "application/epub+zip", "MP3": "audio/mpeg", "M4A": "audio/mp4"}
ENDINGS = frozenset({"PDF", "EPUB", "TXT", *SOUNDS.values()})
CUT = "文件不完整，请重新下载或导出后再选择。"
UNKNOWN = "文件不是 PDF、EPUB、音频或文本，请另存为其中一种后重新选择；Word 文档请导出为 PDF。"
FILM = "这是视频，门户不存视频。请放到学习平台上，在这里填写它的网址。"
PAGE = "文件是网页，不是电子书。请填写网址，或者换一个文件。"
ARCHIVE = "文件是压缩包，或者不是标准的 EPUB。请重新导出为 EPUB 或 PDF 后选择。"
NO_SOUND = "音频无法识别或已损坏，请换一个文件，或转换为 MP3 后重新选择。"


@dataclass(frozen=True)
class Kept:
    """A file in the storage with what is known of it; loose until its row is written."""

    stored: Stored
    original_name: str
    format: str


def hint() -> str:
    """The limits, to be shown beside the field."""
    size = megabytes(settings.DIGITAL_MAX_BYTES)
    return (
        f"PDF、EPUB、MP3 等音频或文本文件（.txt），不超过 {size}；"
        f"音频不超过 {MOST_MINUTES // 60} 小时，文本不超过 {megabytes(MOST_TEXT)}。"
    )


def take_file(*, upload: File, now: datetime) -> Kept:
    """Raises Refused; never within a transaction, since it takes seconds."""
    with scratch() as folder, spooled(upload, folder, settings.DIGITAL_MAX_BYTES) as original:
        found = format_of(original.path, original.size)
        return Kept(keep(original.path, now), stored_name(upload.name or ""), found)


def format_of(path: Path, size: int) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    if not head:
        raise Refused("文件是空的，请重新选择。")
    if head.startswith(b"%PDF-"):
        return whole("PDF", b"%%EOF" in tail)
    if head.startswith(b"PK\x03\x04"):
        if head[30:].startswith(EPUB):
            return whole("EPUB", b"PK\x05\x06" in tail)
        raise Refused(ARCHIVE)
    try:
        sound = demuxer_of(path)
    except Problem as problem:
        return text_or_refused(path, size, str(problem))
    check_sound(path)
    return SOUNDS.get(sound, "音频")


def name_to_send(original_name: str, title: str, format: str) -> str:
    """The ending says what the content was found to be, whatever the file was called."""
    name = download_name(original_name, download_name(title))
    return f"{PurePath(name).stem}.{format.lower()}" if format in ENDINGS else name


def whole(name: str, is_whole: bool) -> str:
    if not is_whole:
        raise Refused(CUT)
    return name


def text_or_refused(path: Path, size: int, problem: str) -> str:
    if problem in (WEB_PAGE, VIDEO):
        raise Refused(PAGE if problem == WEB_PAGE else FILM)
    if problem != NO_RECORDING:
        raise Refused(NO_SOUND)
    if size > MOST_TEXT:
        raise Refused(UNKNOWN)
    try:
        text = decoded(path.read_bytes())
    except Problem as refused:
        raise Refused(UNKNOWN) from refused
    if not text.strip():
        raise Refused("文件里没有文字，请重新选择。")
    return "TXT"


def check_sound(path: Path) -> None:
    try:
        run("check audio", path, minutes=MOST_MINUTES)
    except PatienceEnded as late:
        raise Refused(BUSY) from late
    except ChildDied as death:
        logger.warning("有声书检查中断：%s", death)
        raise Refused(NO_SOUND) from death
