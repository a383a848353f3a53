"""What the readers of both formats have in common."""

import re
import unicodedata
from collections.abc import Sequence

from pymarc import Field

from reading.isbn import BadIsbn
from reading.marc.title import LENGTHS, Holding
from reading.marc.words import BARCODE, clean, isbn_of

PLACE_LENGTH = 200
BETWEEN_BARCODES = re.compile(r"[;,、\s]+")
# Field and Chinese reason without a full stop.
Faults = list[tuple[str, str]]


def no_isbn_but(values: Sequence[str], tag: str, faults: Faults) -> str:
    """The first valid ISBN; a fault where there are only wrong ones."""
    wrong = ""
    for value in values:
        try:
            if found := isbn_of(value):
                return found
        except BadIsbn as error:
            wrong = wrong or str(error)
    if wrong:
        faults.append((tag, wrong))
    return ""


def shortened(text: str, name: str) -> str:
    """What may lose its end rather than the record be refused."""
    text = text if name == "summary" else clean(text)
    length = LENGTHS[name]
    return text if len(text) <= length else f"{text[: length - 1]}…"


def holding(barcodes: Sequence[str], place: str, tag: str, faults: Faults) -> list[Holding]:
    place = clean(place)
    if len(place) > PLACE_LENGTH:
        faults.append((tag, f"馆藏地点有 {len(place)} 个字，过长，请改正"))
        return []
    found = [
        code for text in barcodes for code in BETWEEN_BARCODES.split(unicodedata.normalize("NFKC", clean(text))) if code
    ]
    for code in found:
        if not BARCODE.fullmatch(code):
            faults.append((tag, f"“{code[:30]}”不能作条码，应为最多 30 位的字母和数字，请改正"))
            return []
    if found:
        return [Holding(code, place) for code in found]
    return [Holding(place=place)] if place else []


def call_number_of(field: Field, *codes: str) -> str:
    """Empty where the last of the subfields, which tells the title from others of its class, does not."""
    parts = [clean(field.get(code, "")) for code in codes]
    said = "/".join(filter(None, parts))
    tells = "/" in said or (parts[-1] and not parts[-1].isdigit())
    return shortened(said, "call_number") if tells else ""
