"""Labels for the backs of copies and for shelves: what stands on each, and where on a sheet of A4.

Code 128 and QR codes are given as paths of modules, so that a page needs neither a script nor a font.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from barcode.charsets.code128 import START_CODES  # type: ignore[import-untyped]
from barcode.codex import Code128  # type: ignore[import-untyped]
from barcode.errors import BarcodeError  # type: ignore[import-untyped]

from reading.models import Copy, Place
from shuxiang.symbols import Bars, qr_of, runs
from shuxiang.typography import named_in, shorten

# Narrower modules are no longer read by every scanner from an office printer's paper.
NARROWEST_MM = 0.19
QUIET = 10
MOST_LABELS = 1000


@dataclass(frozen=True)
class Layout:
    """Sheets as shops sell them; `bars_mm` is the room for the bars with their quiet zones."""

    key: str
    name: str
    columns: int
    lines: int
    bars_mm: float
    title_squares: int
    has_qr: bool

    @property
    def per_sheet(self) -> int:
        return self.columns * self.lines


LAYOUTS = {
    each.key: each
    for each in (
        Layout("large", "3 列 8 行，70×37 毫米，带二维码", 3, 8, 41, 20, True),
        Layout("small", "5 列 13 行，38×21 毫米", 5, 13, 36, 12, False),
    )
}


class Label(NamedTuple):
    """`bars` is None where Code 128 cannot say the barcode; `too_fine` where it is too long for the label."""

    code: str
    call_number: str
    title: str
    bars: Bars | None
    too_fine: bool
    qr: Bars | None
    is_place: bool = False


class WholeCode128(Code128):
    """python-barcode takes the digits 99 at the beginning for a switch to the charset that it is in, and drops them."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        begins_with_99 = encoded[:2] == [START_CODES["C"], 99]
        return encoded if begins_with_99 else list(super()._try_to_optimize(encoded))


def modules_of(text: str) -> str:
    """The symbol as ones and noughts. Raises ValueError where Code 128 lacks a sign."""
    try:
        return str(WholeCode128(text).build()[0])
    except BarcodeError as error:
        raise ValueError(text) from error


def bars_of(text: str) -> Bars | None:
    try:
        modules = modules_of(text)
    except ValueError:
        return None
    path = "".join(f"M{QUIET + start} 0h{width}v1h-{width}z" for start, width in runs(modules))
    return Bars(len(modules) + 2 * QUIET, path)


def copy_address(portal: str, barcode: str) -> str:
    """What stands on paper for years: it does not change with the names of pages."""
    return f"{portal}/copies/{quote(barcode, safe='')}/"


def place_address(portal: str, place: Place) -> str:
    return f"{portal}/spaces/{place.pk}/"


def labels_of(copies: Iterable[Copy], layout: Layout, portal: str) -> list[Label]:
    return [label_of(copy, layout, portal) for copy in copies]


def label_of(copy: Copy, layout: Layout, portal: str) -> Label:
    bars = bars_of(copy.barcode)
    return Label(
        code=copy.barcode,
        call_number=copy.book.call_number,
        title=named_in(copy.book.title, layout.title_squares),
        bars=bars,
        too_fine=bars is None or layout.bars_mm / bars.width < NARROWEST_MM,
        qr=qr_of(copy_address(portal, copy.barcode)) if layout.has_qr else None,
    )


def place_labels(places: Iterable[Place], portal: str) -> list[Label]:
    return [
        Label(
            code=place.code,
            call_number=shorten(place.location, 24),
            title=shorten(place.name, 12),
            bars=None,
            too_fine=False,
            qr=qr_of(place_address(portal, place)),
            is_place=True,
        )
        for place in places
    ]


def sheets_of(labels: Sequence[Label], layout: Layout, start: int) -> list[list[Label | None]]:
    """Sheet by sheet; the first one begins at its label number `start`, the ones before are used up."""
    places: list[Label | None] = [*[None] * (start - 1), *labels]
    size = layout.per_sheet
    return [places[first : first + size] for first in range(0, len(places), size)] if labels else []
