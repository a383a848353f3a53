"""Word documents of strangers: looked through before they are parsed, then read to HTML of few and plain tags."""

import io
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, tostring
from zipfile import ZipFile

import mammoth
import nh3

from shuxiang.media.budget import Budget
from shuxiang.media.packages import Flaw, Flawed, check_entries, check_part, is_xml, opened, parsed
from shuxiang.media.problem import Problem
from shuxiang.media.texts import HIDDEN, INVISIBLE, told

STRUCTURE = "文档结构异常，请新建文档，将文字粘贴进去后重新选择。"
SAID = {
    Flaw.EMPTY: "文件是空的，请重新选择文档。",
    Flaw.FOREIGN: "文件不是有效的 Word 文档，请用 WPS 或 Word 另存为 .docx 后重新选择。",
    Flaw.LOCKED_OR_OLD: "这是旧版 .doc 或加密的文档，请用 WPS 或 Word 另存为没有密码的 .docx 后重新选择。",
    Flaw.STRUCTURE: STRUCTURE,
    Flaw.TOO_LARGE: "文档内容过大，无法处理。请只保留文字，另存后重新选择。",
    Flaw.MACROS: "文档含有宏，请另存为普通的 .docx 后重新选择。",
    Flaw.FORBIDDEN: "文档含有不允许的内容（DOCTYPE），请新建文档，将文字粘贴进去后重新选择。",
    Flaw.OUTSIDE: "文档引用了外部文件，请将文字粘贴到新文档，另存后重新选择。",
}
FIELDS = "文档含有不允许的域代码，请将文字粘贴到新文档，另存后重新选择。"
EMPTY = "文档中没有文字（图片中的文字不计字数），请检查后重新选择。"
PART = "word/document.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
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
    try:
        with opened(source) as archive:
            if PART not in check_entries(archive, rules["unzipped"]):
                raise Flawed(Flaw.FOREIGN)
            parts = {name: archive.read(name) for name in archive.namelist() if is_xml(name)}
        for name, content in parts.items():
            check_part(name, content)
        body = parsed(parts[PART])
    except Flawed as error:
        raise Problem(SAID[error.flaw]) from error
    hidden = strip_hidden(body)
    parts[PART] = tostring(body, encoding="utf-8")
    return shown(parts, rules, hidden)


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
