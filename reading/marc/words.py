"""Small readers of what stands in a record's subfields."""

import re
import unicodedata

from reading.isbn import BadIsbn, normalise
from reading.marc.encoding import CJK
from shuxiang.workbooks.values import clean_text

# Marks around what a catalogue does not sort by, in MARC-8 and in Unicode.
NOT_SORTED = dict.fromkeys((0x88, 0x89, 0x98, 0x9C))
ENDS, ENDS_AFTER_BLANK = ",;:/=", ".+"
FULL_STOP = re.compile(r"(?<=[\w)]{2})\.$")
SEPARATOR = "；"
# Of a class that nobody meant, no more is looked at.
SAID = 200
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
ISBN = re.compile(r"(?<![0-9])(?:97[89](?:[ -]{0,3}[0-9]){10}|[0-9](?:[ -]{0,3}[0-9]){8}[ -]{0,3}[0-9Xx])(?![0-9])")
LIKE_ISBN = re.compile(r"[0-9][0-9 -]{8,15}[0-9Xx]")
# 199805 and 19980501 too.
YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})(?:(?:0[1-9]|1[0-2])(?:[0-3][0-9])?)?(?![0-9])")
# The hyphen of a general subdivision may follow the letters: S-092, X-49. Of two letters the first is T, or they are
# those of law: PS3563 is of the Library of Congress.
CLC = re.compile(r"(?:T[A-Z]|DF|[A-KN-VXZ])-?[0-9][0-9A-Za-z.\-=():+\"<>\[\]#*]*|[A-KN-VXZ]|T[A-Z]")
BETWEEN_CLASSES = re.compile("[;；、]")
BARCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,29}")
REFERENCE_END = re.compile(r"[\[\]]")


def clean(text: str) -> str:
    return clean_text(unicodedata.normalize("NFC", text.translate(NOT_SORTED)))


def trimmed(text: str) -> str:
    """Without the punctuation that leads to the next subfield: ` /`, ` :`, `,`."""
    text = clean(text)
    end = len(text)
    while end and (text[end - 1].isspace() or text[end - 1] in ENDS or ends_after_blank(text, end)):
        end -= 1
    return text[:end].strip()


def ends_after_blank(text: str, end: int) -> bool:
    return text[end - 1] in ENDS_AFTER_BLANK and text[end - 2 : end - 1].isspace()


def unbracketed(text: str) -> str:
    return REFERENCE_END.sub("", trimmed(text)).strip()


def closed(text: str) -> str:
    """A name without its closing full stop."""
    return FULL_STOP.sub("", trimmed(text))


def year_of(text: str) -> int | None:
    found = YEAR.search(unicodedata.normalize("NFKC", text[:200]))
    return int(found[1]) if found else None


def isbn_of(text: str) -> str:
    """The first valid one in a text with qualifiers; empty where there is nothing like one. Raises BadIsbn."""
    text = unicodedata.normalize("NFKC", text[:200]).translate(DASHES)
    wrong = ""
    for found in ISBN.findall(text) or LIKE_ISBN.findall(text):
        try:
            return normalise(found)
        except BadIsbn as error:
            wrong = str(error)
    if wrong:
        raise BadIsbn(wrong)
    return ""


def class_of(text: str) -> str:
    """A 中图法 class in capitals, of whatever length; empty where the text is none."""
    text = "".join(unicodedata.normalize("NFKC", text[:SAID]).split())
    text = text[:1].upper() + (text[1:2].upper() if text[:1] in "Tt" else text[1:2]) + text[2:]
    return text if CLC.fullmatch(text) else ""


def class_in(text: str) -> str:
    """The first class of a text that may name several: `I712.45;I712.84`."""
    return next(filter(None, map(class_of, BETWEEN_CLASSES.split(text[:SAID]))), "")


def joined(texts: list[str], length: int) -> str:
    """Each once, as many as fit, with `；` between."""
    said = ""
    for text in dict.fromkeys(filter(None, texts)):
        more = f"{said}{SEPARATOR}{text}" if said else text
        if len(more) > length:
            break
        said = more
    return said


def has_chinese(text: str) -> bool:
    return CJK.search(text) is not None
