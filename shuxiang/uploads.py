"""Uploaded files: stored under random names, their type told by their content."""

import unicodedata
import uuid
from typing import Any


def random_name(instance: Any, filename: str) -> str:
    """`3f/3f0c…` under MEDIA_ROOT: no extension, nothing of the original name."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


HEAD = 16
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1a\x45\xdf\xa3", "audio/webm"),
)


def shown_type(head: bytes) -> str | None:
    """The type of a picture or a recording that a browser may show, by its first HEAD bytes; None for anything else."""
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF":
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] in (b"M4A", b"mp4", b"iso") else None
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # a frame of MPEG audio, layer III
        return "audio/mpeg"
    return "audio/aac" if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0 else None


def download_name(original: str, otherwise: str = "附件") -> str:
    """Without what could break the header, leave the folder or turn the name round: controls, slashes, RTL marks."""
    kept = (character for character in original if not unicodedata.category(character).startswith(("C", "Zl", "Zp")))
    return "".join(kept).replace("/", "_").replace("\\", "_").strip() or otherwise
