"""Small readers of what stands in a record's subfields."""

import re
import unicodedata

from reading.isbn import BadIsbn, normalise
from reading.marc.encoding import CJK
from shuxiang.workbooks.values import clean_text

# Marks around what a catalogue does not sort by, in MARC-8 and in Unicode.
NOT_SORTED = dict.fromkeys((0x88, 0x89, 0x98, 0x9C))
ENDS = re.compile(r"(?:\s+[/:;=.,+]|[,;:/=])+$")
FULL_STOP = re.compile(r"(?<=[\w)]{2})\.$")
SEPARATOR = "；"
# Of a class that nobody meant, no more is looked at.
SAID = 200
ISBN = re.compile(r"97[89][0-9 -]{10,14}|[0-9][0-9 -]{8,12}[0-9Xx]")
YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})(?![0-9])")
# The hyphen of a general subdivision may follow the letters: S-092, X-49.
CLC = re.compile(r"[A-KN-VXZ][A-Z]?-?[0-9][0-9A-Za-z.\-=():+\"<>\[\]#*]*|[A-KN-VXZ]|T[A-Z]")
# 司马迁著, 张三主编: what the persons of a statement did, after a name of at least two characters.
DEEDS = "编著|主编|编写|著作|撰写|编译|译注|校注|选编|总主编|著|编|撰|译|辑|注|作"
ROLE = re.compile(rf"(?<=\S\S)\s*[(（\[]?等?(?:{DEEDS})[)）\]]?$")
BARCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,29}")
REFERENCE_END = re.compile(r"[\[\]]")


def clean(text: str) -> str:
    return clean_text(unicodedata.normalize("NFC", text.translate(NOT_SORTED)))


def trimmed(text: str) -> str:
    """Without the punctuation that leads to the next subfield: ` /`, ` :`, `,`."""
    return ENDS.sub("", clean(text)).strip()


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
    text = unicodedata.normalize("NFKC", text[:200])
    wrong = ""
    for found in ISBN.findall(text):
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


def joined(texts: list[str], length: int) -> str:
    """Each once, as many as fit, with `；` between."""
    said = ""
    for text in dict.fromkeys(filter(None, texts)):
        more = f"{said}{SEPARATOR}{text}" if said else text
        if len(more) > length:
            break
        said = more
    return said


def persons_of(statement: str) -> list[str]:
    """The names of a statement of responsibility: `司马迁著` and `张三, 李四编著`."""
    names = [ROLE.sub("", part).strip() for part in re.split(r"[,，;；、]", trimmed(statement))]
    return [unbracketed(name) for name in names if name]


def has_chinese(text: str) -> bool:
    return CJK.search(text) is not None
