"""Zip archives of office documents (OOXML) of strangers: looked through by their directory, part by part, before any
program that trusts them opens them."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from defusedxml.ElementTree import fromstring

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
TYPES = "[Content_Types].xml"
XML, RELATIONS = (".xml", ".rels"), ".rels"
MAX_ENTRIES, MAX_PART = 2_000, 12 * 1024 * 1024
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MACROS = ("vbaproject.bin", "vbadata.xml")
# The part itself may have any name; what leads to it has this one.
MACRO_RELATIONS = ("/vbaproject", "/xlmacrosheet", "/xlintlmacrosheet")


class Flaw(Enum):
    """What is wrong with an archive; who reads it has the words for it."""

    FOREIGN = auto()
    EMPTY = auto()
    LOCKED_OR_OLD = auto()
    STRUCTURE = auto()
    TOO_LARGE = auto()
    MACROS = auto()
    FORBIDDEN = auto()
    OUTSIDE = auto()


class Flawed(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.name)
        self.flaw = flaw


@contextmanager
def opened(source: Path) -> Iterator[ZipFile]:
    """The archive; Flawed where it is none, and where reading it in the block shows that it is broken."""
    with source.open("rb") as file:
        head = file.read(8)
    if not head:
        raise Flawed(Flaw.EMPTY)
    if head == OLE_MAGIC:
        raise Flawed(Flaw.LOCKED_OR_OLD)
    if not head.startswith(ZIP_MAGIC):
        raise Flawed(Flaw.FOREIGN)
    try:
        with ZipFile(source) as archive:
            yield archive
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Flawed(Flaw.FOREIGN) from error
    except Exception as error:  # zlib.error has no common base with the others
        if type(error).__name__ != "error":
            raise
        raise Flawed(Flaw.FOREIGN) from error


def check_entries(archive: ZipFile, unzipped: int, most: int = MAX_ENTRIES) -> set[str]:
    """By the directory of the archive alone; gives the names of its parts."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Flawed(Flaw.LOCKED_OR_OLD)
    if len(entries) > most or len({name.lower() for name in names}) < len(entries):
        raise Flawed(Flaw.STRUCTURE)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Flawed(Flaw.STRUCTURE)
    if TYPES not in names:
        raise Flawed(Flaw.FOREIGN)
    texts = [entry.file_size for entry in entries if is_xml(entry.filename)]
    if sum(entry.file_size for entry in entries) > unzipped or max(texts) > MAX_PART or sum(texts) > 2 * MAX_PART:
        raise Flawed(Flaw.TOO_LARGE)
    if any(name.lower().endswith(MACROS) for name in names):
        raise Flawed(Flaw.MACROS)
    return names


def is_xml(name: str) -> bool:
    """Office programs look for parts without regard to case."""
    return name.lower().endswith(XML)


def check_part(name: str, content: bytes) -> None:
    """An XML part of the archive: neither entities nor macros, and nothing that is fetched when it is opened."""
    plain = content.replace(b"\0", b"").upper()  # UTF-16 too
    if name == TYPES and b"MACROENABLED" in plain:
        raise Flawed(Flaw.MACROS)
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Flawed(Flaw.FORBIDDEN)
    if name.lower().endswith(RELATIONS):
        for relation in parsed(content).iter(RELATIONSHIP):
            kind, mode = relation.get("Type", "").lower(), relation.get("TargetMode", "")
            if kind.endswith(MACRO_RELATIONS):
                raise Flawed(Flaw.MACROS)
            if mode.lower() == "external" and not kind.endswith("/hyperlink"):
                raise Flawed(Flaw.OUTSIDE)


def parsed(content: bytes) -> Element:
    try:
        found: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        raise Flawed(Flaw.FOREIGN) from error
    return found
