"""Word documents of strangers: looked through before they are parsed, then read to HTML of few and plain tags."""

import io
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import mammoth
import nh3
from defusedxml.ElementTree import fromstring

from shuxiang.media.budget import Budget
from shuxiang.media.problem import Problem
from shuxiang.media.texts import HIDDEN, INVISIBLE, told

NO_DOCUMENT = "文件不是有效的 Word 文档，请用 WPS 或 Word 另存为 .docx 后重新选择。"
OLD = "这是旧版 .doc 或加密的文档，请用 WPS 或 Word 另存为没有密码的 .docx 后重新选择。"
STRUCTURE = "文档结构异常，请新建文档，将文字粘贴进去后重新选择。"
TOO_LARGE = "文档内容过大，无法处理。请只保留文字，另存后重新选择。"
MACROS = "文档含有宏，请另存为普通的 .docx 后重新选择。"
FORBIDDEN = "文档含有不允许的内容（DOCTYPE），请新建文档，将文字粘贴进去后重新选择。"
OUTSIDE = "文档引用了外部文件，请将文字粘贴到新文档，另存后重新选择。"
FIELDS = "文档含有不允许的域代码，请将文字粘贴到新文档，另存后重新选择。"
EMPTY = "文档中没有文字（图片中的文字不计字数），请检查后重新选择。"
MAX_ENTRIES, MAX_PART = 2_000, 12 * 1024 * 1024
PART = "word/document.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
FIELD = re.compile(r"^\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT)\b", re.IGNORECASE)
# Half points: nobody reads 2 pt.
UNREADABLE = 4
WHITE = {"ffffff", "fefefe"}
TAGS = {"p", "h3", "h4", "strong", "em", "u", "s", "sub", "sup", "ul", "ol", "li", "blockquote", "br",
        "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
# The page has its own h1 and h2.
HEADINGS = {"1": "h3", "2": "h4", "3": "h4", "4": "h4", "5": "h4", "6": "h4"}
BLOCKS = re.compile(r"</(?:p|h3|h4|li|tr|blockquote)>|<br>")


def read(source: Path, target: Path, rules: dict[str, int], budget: Budget) -> dict[str, Any]:
    check_signature(source)
    try:
        with ZipFile(source) as archive:
            check_entries(archive, rules["unzipped"])
            parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Problem(NO_DOCUMENT) from error
    except Exception as error:  # zlib.error has no common base with the others
        if type(error).__name__ != "error":
            raise
        raise Problem(NO_DOCUMENT) from error
    check_parts(parts)
    body = parsed(parts[PART])
    hidden = strip_hidden(body)
    parts[PART] = tostring(body, encoding="utf-8")
    return shown(parts, rules, hidden)


def check_signature(source: Path) -> None:
    with source.open("rb") as file:
        head = file.read(8)
    if not head:
        raise Problem("文件是空的，请重新选择文档。")
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Problem(OLD)
    if not head.startswith(b"PK\x03\x04"):
        raise Problem(NO_DOCUMENT)


def check_entries(archive: ZipFile, unzipped: int) -> None:
    """By the directory of the archive alone."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Problem(OLD)
    if len(entries) > MAX_ENTRIES or len(names) < len(entries):
        raise Problem(STRUCTURE)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Problem(STRUCTURE)
    if PART not in names or "[Content_Types].xml" not in names:
        raise Problem(NO_DOCUMENT)
    texts = [entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in entries) > unzipped or max(texts) > MAX_PART or sum(texts) > 2 * MAX_PART:
        raise Problem(TOO_LARGE)
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Problem(MACROS)


def check_parts(parts: dict[str, bytes]) -> None:
    if b"macroenabled" in parts["[Content_Types].xml"].lower():
        raise Problem(MACROS)
    for name, content in parts.items():
        plain = content.replace(b"\0", b"").upper()  # UTF-16 too
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise Problem(FORBIDDEN)
        if name.endswith(".rels"):
            for relation in parsed(content).iter(RELATIONSHIP):
                kind, mode = relation.get("Type", ""), relation.get("TargetMode", "")
                if mode.lower() == "external" and not kind.endswith("/hyperlink"):
                    raise Problem(OUTSIDE)


def parsed(content: bytes) -> Element:
    try:
        found: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        raise Problem(NO_DOCUMENT) from error
    return found


def strip_hidden(body: Element) -> bool:
    """Takes out of the text what nobody can see; tells whether there was any. Refuses fields that fetch something."""
    found = False
    instructions = [node.text or "" for node in body.iter(f"{WORD}instrText")]
    instructions += [node.get(f"{WORD}instr", "") for node in body.iter(f"{WORD}fldSimple")]
    if any(map(FIELD.match, [*instructions, "".join(instructions)])):
        raise Problem(FIELDS)
    for run in body.iter(f"{WORD}r"):
        concealed = is_concealed(run.find(f"{WORD}rPr"))
        for node in run.iter(f"{WORD}t"):
            kept = "" if concealed else INVISIBLE.sub("", node.text or "")
            found = found or kept != (node.text or "")
            node.text = kept
    return found


def is_concealed(properties: Element | None) -> bool:
    if properties is None:
        return False
    vanish = properties.find(f"{WORD}vanish")
    if vanish is not None and vanish.get(f"{WORD}val", "1") not in ("0", "false", "off"):
        return True
    size, colour = properties.find(f"{WORD}sz"), properties.find(f"{WORD}color")
    half_points = size.get(f"{WORD}val", "") if size is not None else ""
    if half_points.isdecimal() and int(half_points) <= UNREADABLE:
        return True
    shaded = properties.find(f"{WORD}shd") is not None or properties.find(f"{WORD}highlight") is not None
    return colour is not None and colour.get(f"{WORD}val", "").lower() in WHITE and not shaded


def shown(parts: dict[str, bytes], rules: dict[str, int], hidden: bool) -> dict[str, Any]:
    pictures = 0

    def left_out(image: Any) -> dict[str, str]:
        nonlocal pictures
        pictures += 1
        return {}

    copy = io.BytesIO()
    with ZipFile(copy, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    try:
        found = mammoth.convert_to_html(copy, convert_image=mammoth.images.img_element(left_out)).value
    except (RecursionError, KeyError, ValueError, AttributeError, TypeError, IndexError) as error:
        raise Problem(STRUCTURE) from error
    html = cleaned(found)
    text = nh3.clean(BLOCKS.sub("\n", html), tags=set()).replace("&lt;", "<").replace("&gt;", ">")
    lines = [line.strip() for line in text.replace("&nbsp;", " ").replace("&amp;", "&").splitlines()]
    paragraphs = [line for line in lines if line]
    if not paragraphs:
        raise Problem(EMPTY)
    notices = [HIDDEN] if hidden else []
    if pictures:
        notices.append(f"文档中的 {pictures} 张图片没有显示在正文中，可下载原件查看。")
    return told(paragraphs, html, rules, "".join(notices))


def cleaned(html: str) -> str:
    for level, tag in HEADINGS.items():
        html = html.replace(f"<h{level}>", f"<{tag}>").replace(f"</h{level}>", f"</{tag}>")
    return nh3.clean(html, tags=TAGS, attributes={"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}})
