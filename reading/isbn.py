"""ISBN as the catalogue stores it: 13 digits. Pure functions."""

import re
import unicodedata

DASHES = re.compile(r"[\s\-‐‑‒–—―−·.]+")
TEN, THIRTEEN = re.compile(r"\d{9}[\dX]"), re.compile(r"\d{13}")
PREFIXES = ("978", "979")


class BadIsbn(ValueError):
    """str() is a Chinese sentence without a full stop: what is wrong and what to do."""


def normalise(text: str) -> str:
    """13 digits of what was typed or scanned: full-width signs, hyphens, blanks and an `ISBN` before it are taken off,
    an ISBN-10 is made into its ISBN-13. Empty where nothing was typed. Raises BadIsbn."""
    shown = text.strip()[:40]
    typed = DASHES.sub("", unicodedata.normalize("NFKC", text[:200])).upper().removeprefix("ISBN").lstrip(":")
    if not typed:
        return ""
    if TEN.fullmatch(typed):
        if check_ten(typed[:9]) != typed[9]:
            raise BadIsbn(f"“{shown}”的校验位不对，请对照版权页核对")
        stem = f"978{typed[:9]}"
        return stem + check_thirteen(stem)
    if THIRTEEN.fullmatch(typed):
        if not typed.startswith(PREFIXES):
            raise BadIsbn(f"“{shown}”不是以 978 或 979 开头，可能是其他商品的条码，请核对")
        if check_thirteen(typed[:12]) != typed[12]:
            raise BadIsbn(f"“{shown}”的校验位不对，请对照版权页核对")
        return typed
    raise BadIsbn(f"“{shown}”不是 10 位或 13 位的 ISBN，请核对，没有 ISBN 的旧书请留空")


def check_ten(stem: str) -> str:
    rest = -sum((10 - place) * int(digit) for place, digit in enumerate(stem)) % 11
    return "X" if rest == 10 else str(rest)


def check_thirteen(stem: str) -> str:
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem)) % 10)
