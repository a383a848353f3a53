"""Files that are kept and handed on as they came: what they are is told by their content, never by their name."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files import File

from organization.services.pictures import is_picture, redraw
from organization.services.storing import Stored, keep
from shuxiang.media.files import scratch, spooled
from shuxiang.media.packages import OLE_MAGIC, ZIP_MAGIC
from shuxiang.media.problem import Problem
from shuxiang.media.runner import ChildDied, PatienceEnded, run
from shuxiang.media.sounds import NO_RECORDING, VIDEO, WEB_PAGE, demuxer_of
from shuxiang.media.texts import decoded
from shuxiang.uploads import BUSY, Refused, download_name, megabytes, stored_name

logger = logging.getLogger(__name__)
# An audiobook is longer than a recitation, a text is read into memory as a whole.
MOST_MINUTES, MOST_TEXT = 12 * 60, 20 * 1024 * 1024
HEAD, TAIL = 1024, 64 * 1024
SOUNDS = {"mp3": "MP3", "mov": "M4A", "aac": "AAC", "wav": "WAV", "ogg": "OGG", "flac": "FLAC", "amr": "AMR",
          "asf": "WMA", "aiff": "AIFF", "caf": "CAF", "matroska": "WEBM"}  # fmt: skip
CONTENT_TYPES = {
    "PDF": "application/pdf", "EPUB": "application/epub+zip", "MP3": "audio/mpeg", "M4A": "audio/mp4",
    "JPG": "image/jpeg",
    "DOCX": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "PPTX": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
ENDINGS = frozenset({"TXT", *CONTENT_TYPES, *SOUNDS.values()})
CUT = "文件不完整，请重新下载或导出后再选择。"
NO_SOUND = "音频无法识别或已损坏，请换一个文件，或转换为 MP3 后重新选择。"
# Marks that are read as text, but do something when they are opened: a picture in SVG, a page, a script of a page.
MARKUP = ("<?xml", "<svg", "<!doctype", "<!--", "<html", "<script")


@dataclass(frozen=True)
class Kept:
    """A file in the storage with what is known of it; loose until its row is written."""

    stored: Stored
    original_name: str
    format: str


@dataclass(frozen=True)
class Field:
    """What a field takes besides PDF, sound and plain text, and its words for the rest.

    `archive` tells the format of what begins like a zip archive, by its path, first and last bytes, or raises Refused.
    """

    archive: Callable[[Path, bytes, bytes], str]
    unknown: str
    old: str
    page: str
    film: str
    # Drawn anew, like any picture, and kept as that.
    pictures: bool = False


def take_file(*, upload: File, field: Field, most: int, now: datetime) -> Kept:
    """Raises Refused; never within a transaction, since it takes seconds."""
    with scratch() as folder, spooled(upload, folder, most) as original:
        path, name = original.path, stored_name(upload.name or "")
        with path.open("rb") as file:
            shows = field.pictures and is_picture(file.read(HEAD))
        if not shows:
            found = format_of(path, original.size, field)
            return Kept(keep(path, now), name, found)
        if original.size > settings.IMAGE_MAX_BYTES:
            raise Refused(f"图片超过 {megabytes(settings.IMAGE_MAX_BYTES)} 上限，请缩小后重新选择。")
        redraw(path, folder / "rendition")
        return Kept(keep(folder / "rendition", now), name, "JPG")


def format_of(path: Path, size: int, field: Field) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    if not head:
        raise Refused("文件是空的，请重新选择。")
    if head.startswith(b"%PDF-"):
        return whole("PDF", b"%%EOF" in tail)
    if head.startswith(OLE_MAGIC):
        raise Refused(field.old)
    if head.startswith(ZIP_MAGIC):
        return field.archive(path, head, tail)
    try:
        sound = demuxer_of(path)
    except Problem as problem:
        return text_or_refused(path, size, str(problem), field)
    check_sound(path, field)
    return SOUNDS.get(sound, "音频")


def whole(name: str, is_whole: bool) -> str:
    if not is_whole:
        raise Refused(CUT)
    return name


def text_or_refused(path: Path, size: int, problem: str, field: Field) -> str:
    if problem in (WEB_PAGE, VIDEO):
        raise Refused(field.page if problem == WEB_PAGE else field.film)
    if problem != NO_RECORDING:
        raise Refused(NO_SOUND)
    if size > MOST_TEXT:
        raise Refused(field.unknown)
    try:
        text = decoded(path.read_bytes())
    except Problem as refused:
        raise Refused(field.unknown) from refused
    if not text.strip():
        raise Refused("文件里没有文字，请重新选择。")
    if text.lstrip().lower().startswith(MARKUP):
        raise Refused(field.page)
    return "TXT"


def check_sound(path: Path, field: Field) -> None:
    try:
        run("check audio", path, minutes=MOST_MINUTES)
    except Refused as refusal:
        raise Refused(field.film if str(refusal) == VIDEO else str(refusal)) from refusal
    except PatienceEnded as late:
        raise Refused(BUSY) from late
    except ChildDied as death:
        logger.warning("音频检查中断：%s", death)
        raise Refused(NO_SOUND) from death


def name_to_send(original_name: str, title: str, format: str) -> str:
    """The ending says what the content was found to be, whatever the file was called."""
    name = download_name(original_name, download_name(title))
    return f"{PurePath(name).stem}.{format.lower()}" if format in ENDINGS else name
