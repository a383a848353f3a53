"""What a recording is, by its first bytes; a demuxer is named outright, so that no playlist or script ever gets one."""

from pathlib import Path

from shuxiang.media.problem import Problem

EMPTY = "文件是空的，请重新录音或选择文件。"
NO_SOUND = "录音中没有声音，请重新录音。"
NO_RECORDING = "文件内容不是录音，请选择 mp3、m4a、wav 等音频文件。"
WEB_PAGE = "录音无法识别：文件是网页而不是音频，请用手机录音机或本页录音后重新上传。"
VIDEO = "请上传录音，不要上传视频。"
BROKEN = "录音文件损坏，无法播放，请重新录音或换一个文件。"
SILK = "微信语音文件无法直接使用，请在微信中转为 mp3，或直接在本页录音。"
HEAD = 64
# Some recorders begin an MP3 with nothing.
PADDING = 4096
SIGNATURES = (
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"#!AMR", "amr"),
    (b"caff", "caf"),
    (b"FORM", "aiff"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"RF64", "wav"),
)
MARKS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<title")
VIDEOS = (b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")
BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def demuxer_of(source: Path) -> str:
    """The name of the demuxer; Problem for whatever is no recording."""
    size = source.stat().st_size
    with source.open("rb") as file:
        head = file.read(HEAD)
        if size < 4:
            raise Problem(EMPTY)
        if not any(head):
            head = (head + file.read(PADDING)).lstrip(b"\0")[:HEAD]
        if head.startswith(b"ID3"):
            return behind_tag(file, head, size)
        file.seek(0)
        if is_web_page(file.read(PADDING)):
            raise Problem(WEB_PAGE)
    if b"#!SILK" in head[:8]:
        raise Problem(SILK)
    if head in (b"#!AMR\n", b"#!AMR-WB\n"):
        raise Problem(NO_SOUND)
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            return name
    if head.startswith(b"RIFF"):
        if head[8:11] == b"AVI":
            raise Problem(VIDEO)
        if head[8:12] == b"WAVE":
            return "wav"
    if head.startswith(VIDEOS):
        raise Problem(VIDEO)
    if head[4:8] in BOXES:
        return "mov"
    return by_frame(head)


def behind_tag(file: object, head: bytes, size: int) -> str:
    """ID3 stands before MP3, and before AAC and FLAC of some programs."""
    length = sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    if len(head) < 10 or any(byte > 0x7F for byte in head[6:10]) or length + 10 >= size:
        raise Problem(BROKEN)
    file.seek(10 + length)  # type: ignore[attr-defined]
    behind: bytes = file.read(HEAD)  # type: ignore[attr-defined]
    if behind.startswith(b"fLaC"):
        return "flac"
    return "aac" if is_adts(behind) else "mp3"


def is_web_page(start: bytes) -> bool:
    """What a site answers in place of a recording, in whatever encoding: a tag first, and one of a page soon."""
    text = start.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    text = text.lstrip().lower()
    return text.startswith(b"<") and any(mark in text for mark in MARKS)


def by_frame(head: bytes) -> str:
    if is_adts(head):
        return "aac"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[2] & 0xF0 != 0xF0:
        return "mp3"
    raise Problem(NO_RECORDING)


def is_adts(head: bytes) -> bool:
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0
