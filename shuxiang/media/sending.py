"""Sends a stored file: whole, the part that a player asks for, or by the web server in front."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

BLOCK = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Part:
    """So many bytes of an open file from where it stands, in blocks; closes it."""

    def __init__(self, content: IO[bytes], length: int) -> None:
        self.content, self.length = content, length

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        while left and (block := self.content.read(min(BLOCK, left))):
            left -= len(block)
            yield block

    def close(self) -> None:
        self.content.close()


def send(
    request: HttpRequest, file: FieldFile, *, name: str, content_type: str, as_attachment: bool
) -> HttpResponseBase:
    """The response to GET or HEAD, with 206 or 416 where a Range is asked for. FileNotFoundError where it is lost."""
    response = by_server(file) if settings.MEDIA_ACCEL else by_us(request, file)
    response["Content-Type"] = content_type
    response["Content-Disposition"] = content_disposition_header(as_attachment, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def by_server(file: FieldFile) -> HttpResponseBase:
    """nginx answers ranges itself."""
    response = HttpResponse()
    response["X-Accel-Redirect"] = settings.MEDIA_ACCEL + quote(file.name or "")
    return response


def by_us(request: HttpRequest, file: FieldFile) -> HttpResponseBase:
    size, tag = file.size, f'"{PurePath(file.name or "").name}"'
    first, last = 0, size - 1
    status = HttpResponse.status_code
    wanted = asked(request, size, tag) if request.method == "GET" else None
    response: HttpResponseBase
    if wanted is not None:
        first, last = wanted
        status = 206 if first <= last else 416
    if status == 416 or request.method == "HEAD":
        response = HttpResponse(status=status)
    else:
        content = file.storage.open(file.name or "", "rb")
        content.seek(first)
        response = StreamingHttpResponse(Part(content, last - first + 1), status=status)
    response["Content-Length"] = "0" if status == 416 else str(last - first + 1)
    if wanted is not None:
        response["Content-Range"] = f"bytes {first}-{last}/{size}" if status == 206 else f"bytes */{size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    return response


def asked(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | None:
    """First and last byte of the one range that is asked for; (1, 0) where the file has none of it.

    None asks for the whole, and so does everything that this server does not understand or that is about an older file.
    """
    found = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or not any(found.groups()) or request.headers.get("If-Range", tag) != tag:
        return None
    start, end = found.groups()
    if not start:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(start), min(int(end), size - 1) if end else size - 1
        if end and int(end) < first:
            return None
    return (first, last) if first <= last else (1, 0)
