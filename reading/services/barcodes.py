"""Barcodes as a scanner, a telephone's camera or a hand gives them."""

import re
import unicodedata
from urllib.parse import unquote

from reading.models import Copy
from shuxiang.searches import SEARCH_LENGTH

MOST_READ = 500
# What a telephone's camera reads off the QR code of a copy.
ADDRESS = re.compile(r"/copies/([^/?#]+)")


def read_code(typed: str) -> str:
    """Full-width letters and digits as a Chinese keyboard writes them become plain; the address in a QR code is cut
    down to the barcode."""
    plain = unicodedata.normalize("NFKC", typed[:MOST_READ])
    address = ADDRESS.search(plain)
    found = unicodedata.normalize("NFKC", unquote(address[1])) if address else plain
    return "".join(filter(str.isprintable, found)).strip()[:SEARCH_LENGTH]


def copy_by(code: str) -> Copy | None:
    """As written, else in capitals: some scanners and keyboards send small letters."""
    found = Copy.objects.filter(barcode__in={code, code.upper()}).select_related("book", "home")
    return min(found, key=lambda copy: copy.barcode != code, default=None)
