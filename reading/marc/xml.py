"""MARCXML, read as a stream: no entities, no document type, nothing deeper or longer than a record is."""

import codecs
import re
from collections.abc import Iterator
from typing import IO, Any
from xml.sax import SAXException
from xml.sax.handler import feature_external_ges, feature_external_pes, feature_namespaces

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser
from pymarc import Record, XmlHandler

from reading.marc.encoding import CHINESE_PAIR
from reading.marc.iso2709 import MAX_FIELDS, Damaged
from shuxiang.workbooks.refusal import WorkbookRefused

CHUNK = 64 * 1024
MAX_DEPTH = 10
# Between the ends of two records, so that nobody makes the parser hold a file.
MAX_RECORD = 2 * 1024 * 1024
# What an editor leaves before the declaration, and DOS behind the end.
BEFORE, BEHIND = "\ufeff \r\n\t", "\x00\x1a"
HIGH = re.compile(rb"[\x80-\xff]")
ONE_BYTE_OR_BIG5 = (b"iso-8859", b"latin", b"windows-125", b"cp125", b"big5")
DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")


class Handler(XmlHandler):
    """pymarc's own, which counts and refuses what no record has. A record that cannot be read is a Damaged."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[Record | Damaged] = []
        self.depth = self.fields = 0
        self.fault = ""

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - the parser calls it
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise WorkbookRefused("XML 的层次过深，不是 MARCXML。请从原系统重新导出。")
        if name[1] == "record":
            self.fields, self.fault = 0, ""
        self.fields += name[1] in ("controlfield", "datafield", "subfield")
        if self.fields > 4 * MAX_FIELDS:
            raise WorkbookRefused("一条记录的字段过多，不是书目记录。请从原系统重新导出。")
        try:
            super().startElementNS(name, qname, attrs)
        except (KeyError, ValueError):
            # A field without tag or a subfield without code.
            self.fault = f"有缺少 tag 或 code 的 {name[1]}"

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802 - the parser calls it
        self.depth -= 1
        if name[1] == "record" and self.fault:
            self._record = None
            self.done.append(Damaged(self.fault))
        elif name[1] != "leader":  # it may be anything, and nothing is told by it
            super().endElementNS(name, qname)

    def process_record(self, record: Record) -> None:
        self.done.append(record)


def records(file: IO[bytes]) -> Iterator[Record | Damaged]:
    """Raises WorkbookRefused where the file as a whole is no MARCXML."""
    parser, handler = make_parser(), Handler()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    parser.setFeature(feature_namespaces, 1)
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_external_pes, False)
    count = since = 0
    try:
        for text in texts(file):
            parser.feed(text)
            since = 0 if handler.done else since + len(text)
            count += len(handler.done)
            yield from handler.done
            handler.done.clear()
            if since > MAX_RECORD:
                raise WorkbookRefused(f"XML 里第 {count + 1} 条记录过长，不是 MARCXML。请从原系统重新导出。")
        parser.close()
    except DefusedXmlException as error:
        raise WorkbookRefused("XML 内含 DTD 或实体声明，没有读取。请从原系统重新导出为普通的 MARCXML。") from error
    except SAXException as error:
        raise WorkbookRefused(
            f"XML 不完整或有误（{place_of(error)}，前面读到 {count} 条记录）。请从原系统重新导出。"
        ) from error
    except ValueError as error:
        raise WorkbookRefused("XML 里有无法识别的字符。请从原系统重新导出为 UTF-8 的 MARCXML。") from error
    yield from handler.done
    if not count and not handler.done:
        raise WorkbookRefused("XML 里没有 MARC 记录（record）。请确认选的是 MARCXML 文件。")


def place_of(error: SAXException) -> str:
    line = getattr(error, "getLineNumber", lambda: None)()
    return f"第 {line} 行" if line else "位置不明"


def texts(file: IO[bytes]) -> Iterator[str]:
    """The content as text, whatever the declaration says: what the first bytes can be."""
    chunk = file.read(CHUNK)
    decoder = codecs.getincrementaldecoder(encoding_of(chunk))()
    text = decoder.decode(chunk).lstrip(BEFORE)
    while chunk:
        said = text.rstrip(BEHIND)
        if len(text) - len(said) > CHUNK:
            said = text
        if said:
            yield said
        chunk = file.read(CHUNK)
        text = text[len(said) :] + decoder.decode(chunk, final=not chunk)
    if said := text.rstrip(BEHIND):
        yield said


def encoding_of(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith((b"<\x00", b"\x00<")):
        return "utf-16-le" if start.startswith(b"<") else "utf-16-be"
    found = DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    declared = found[1].lower() if found else b""
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(start)
        # What begins with ASCII alone may still go on as it says.
        if start.isascii() and declared.startswith((b"gb", b"cp936")):
            return "gb18030"
    except UnicodeDecodeError:
        return foreign_in(start, declared) or "gb18030"
    return "utf-8-sig"


def foreign_in(start: bytes, declared: bytes) -> str:
    """The declared encoding where it is neither Chinese nor belied by the bytes; else empty."""
    if not declared.startswith(ONE_BYTE_OR_BIG5):
        return ""
    if not declared.startswith(b"big5") and 4 * len(CHINESE_PAIR.findall(start)) > len(HIGH.findall(start)):
        return ""
    try:
        return codecs.lookup(declared.decode()).name
    except LookupError:
        return ""
