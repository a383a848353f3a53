"""What a librarian is told of copies that just came in: their barcodes, their labels, and which of them are kept."""

from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reading.models import Copy, Hold
from reading.services.listing import told_apart
from shuxiang.periods import spoken


def arrived(copies: Sequence[Copy], today: date) -> SafeString:
    """One paragraph, with a link to exactly these labels."""
    spans = list(spans_of(sorted(copy.barcode for copy in copies)))
    told = "、".join(first if first == last else f"{first} 到 {last}" for first, last in spans)
    asked = " ".join(first if first == last else f"{first}-{last}" for first, last in spans)
    labels = f"{reverse('labels')}?{urlencode({'barcodes': asked})}"
    words = format_html('入藏 {} 册，条码 {}，<a href="{}">打印书标</a>。', len(copies), told, labels)
    return words + format_html("{}", "".join(kept_among(copies, today)))


def spans_of(barcodes: Iterable[str]) -> Iterable[tuple[str, str]]:
    """First and last of those that follow one another."""
    first = last = ""
    for barcode in barcodes:
        if first and barcode == following(last):
            last = barcode
            continue
        if first:
            yield first, last
        first = last = barcode
    if first:
        yield first, last


def following(barcode: str) -> str:
    """`SX000010` after `SX000009`; of the same length, as labels are asked for by spans of one length."""
    digits = barcode.removeprefix("SX")
    next_one = f"SX{int(digits) + 1:0{len(digits)}}" if digits.isascii() and digits.isdecimal() else ""
    return next_one if len(next_one) == len(barcode) else ""


def kept_among(copies: Sequence[Copy], today: date) -> Iterable[str]:
    holds = Hold.objects.ready().filter(copy__in=copies).select_related("cadre", "copy").order_by("copy__barcode")
    for hold in holds:
        if hold.cadre is not None and hold.copy is not None and hold.expires_on is not None:
            whom, until = told_apart(hold.cadre, today), spoken(hold.expires_on)
            yield f"{hold.copy.barcode} 有人预约，请不要上架，放到预约架：留给{whom}，保留到 {until}。"
