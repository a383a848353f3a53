"""In which encoding a record's bytes are written, told by the bytes: position 9 of the leader is blank or wrong in
what Chinese systems write."""

import re
from collections import Counter
from collections.abc import Iterable

import pymarc

UTF_8, GB18030, MARC_8 = "utf-8", "gb18030", "marc-8"
# To a script of its own; what leads back to Latin changes nothing, and a lone escape is a slip of some converter.
ESCAPE = re.compile(rb"\x1b(?:[gbp]|\$[,)-]?1|[(,)-][234NQS])")
# Two bytes of GB 2312; the diacritics of MARC-8 stand alone before a letter.
CHINESE_PAIR = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")
CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
LATIN_END = "\u0250"
BIG5_COMMON = 0xC6
ACCENTED = re.compile("[A-Za-z\u00c0-\u024f][\u0300-\u036f]+")
# First bytes of rarer GBK characters that mean nothing in MARC-8.
GBK_ALONE = re.compile(rb"[\x81-\x87\x8a-\xa0]")


class Unreadable(ValueError):
    """str() is a Chinese reason without a full stop."""


def leaning_of(records: Iterable[bytes]) -> str:
    """What most of a file's records can only be; empty where none tells."""
    found = Counter(filter(None, map(certain, records)))
    return found.most_common(1)[0][0] if found else ""


def certain(raw: bytes) -> str:
    text = decoded(raw, UTF_8)
    if text is not None:
        return UTF_8 if CJK.search(text) else ""
    return GB18030 if CHINESE_PAIR.search(raw) and decoded(raw, GB18030) is not None else ""


def encoding_of(raw: bytes, leaning: str) -> str:
    """Raises Unreadable."""
    text = decoded(raw, UTF_8)
    if ESCAPE.search(raw) and not (text and CJK.search(text)):
        return MARC_8
    if text is not None:
        return GB18030 if rather_chinese(raw, text, leaning) else UTF_8
    if not CHINESE_PAIR.search(raw) and not (GBK_ALONE.search(raw) and decoded(raw, GB18030) is not None):
        return MARC_8
    if decoded(raw, GB18030) is None:
        raise Unreadable("编码无法识别：既不是 UTF-8，也不是 GBK，或有损坏的字符，请从原系统重新导出为 UTF-8")
    if looks_like_big5(raw):
        raise Unreadable("像是 Big5（繁体中文）编码，请从原系统重新导出为 UTF-8")
    return GB18030


def rather_chinese(raw: bytes, as_utf8: str, leaning: str) -> bool:
    """A few GBK characters alone (一 is D2 BB) can be read as two-byte UTF-8; they mean nothing that way."""
    foreign = foreign_in(ACCENTED.sub("", as_utf8))
    if not foreign or CJK.search(as_utf8) or leaning == UTF_8 or decoded(raw, GB18030) is None:
        return False
    return leaning == GB18030 or all(character >= LATIN_END for character in foreign)


def looks_like_big5(raw: bytes) -> bool:
    """Read as GBK, half of such a text becomes characters that nobody writes; read as Big5, it is of common ones."""
    text, taiwan = decoded(raw, GB18030) or "", decoded(raw, "big5") or ""
    read, other = foreign_in(text), foreign_in(taiwan)
    common = sum(len(character.encode("gb2312", "ignore")) > 0 for character in read)
    usual = sum(character.encode("big5")[0] <= BIG5_COMMON for character in other)
    return len(other) > 3 and common < 0.75 * len(read) and usual >= 0.9 * len(other)


def foreign_in(text: str) -> list[str]:
    return [character for character in text if not character.isascii()]


def decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def text_of(raw: bytes, encoding: str) -> str:
    """Raises Unreadable."""
    if encoding != MARC_8:
        return raw.decode(encoding, "replace")
    try:
        return pymarc.marc8_to_unicode(raw, hide_utf8_warnings=True)
    except Exception as error:
        raise Unreadable("是 MARC-8 编码，但有损坏的字符，请从原系统重新导出为 UTF-8") from error
