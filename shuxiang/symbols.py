"""Symbols that phones and scanners read, as paths of modules: a page needs neither a script nor a font for them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest

QR_QUIET = 2
LOCAL = ("127.0.0.1", "::1", "localhost")


class Bars(NamedTuple):
    """A symbol `width` modules wide with its quiet zones; `path` draws a bar code one unit high, a QR code square."""

    width: int
    path: str


def runs(modules: Iterable[object]) -> Iterator[tuple[int, int]]:
    """Where bars begin and how wide they are."""
    place = 0
    for is_bar, group in groupby(modules, key=lambda module: str(int(str(module)))):
        width = len(list(group))
        if is_bar == "1":
            yield place, width
        place += width


def qr_of(text: str) -> Bars:
    rows = segno.make(text, error="m", micro=False).matrix
    path = "".join(
        f"M{QR_QUIET + start} {QR_QUIET + line}h{width}v1h-{width}z"
        for line, row in enumerate(rows)
        for start, width in runs(row)
    )
    return Bars(len(rows) + 2 * QR_QUIET, path)


def is_local(portal: str) -> bool:
    """Whether only the computer itself reaches this address: no telephone does."""
    return (urlsplit(portal).hostname or "") in LOCAL


def portal_of(request: HttpRequest) -> str:
    """Where people's phones reach the portal; without the last slash."""
    return (settings.PORTAL_ADDRESS or request.build_absolute_uri("/")).rstrip("/")
