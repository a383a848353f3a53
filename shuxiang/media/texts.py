"""Plain text of strangers: UTF-8, GBK with its extensions, or UTF-16 with a mark."""

import codecs
import re
import unicodedata
from html import escape
from pathlib import Path
from typing import Any

from shuxiang.media.budget import Budget
from shuxiang.media.problem import Problem

UNKNOWN = "无法识别文件的文字编码，请另存为 UTF-8 编码的文本文件后重新选择。"
NO_TEXT = "文件的内容不是文字，请选择文本文件（.txt）或 Word 文档（.docx）。"
OTHER_FORMAT = "这是 PDF 或 RTF 文件，请用 WPS 或 Word 另存为 .docx 后重新选择。"
EMPTY = "文件中没有文字，请检查后重新选择。"
HIDDEN = "文档含有隐藏文字，未计入字数。"
# Marks that turn text round, and characters without width but those that join an emoji.
INVISIBLE = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\U000e0000-\U000e007f]"
)
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# How formats begin whose source can be read as text, but is none.
SOURCES = (b"%PDF-", b"{\\rtf")
# Where so many times more characters beyond ASCII are read well than not, the file is meant as UTF-8.
MEANT = 3


def read(source: Path, target: Path, rules: dict[str, int], budget: Budget) -> dict[str, Any]:
    paragraphs, hidden = tidied(decoded(source.read_bytes()))
    return told(paragraphs, "".join(f"<p>{escape(line)}</p>" for line in paragraphs), rules, hidden)


def told(paragraphs: list[str], html: str, rules: dict[str, int], notice: str) -> dict[str, Any]:
    length = sum(not character.isspace() for line in paragraphs for character in line)
    if not length:
        raise Problem(EMPTY)
    if length > rules["characters"]:
        raise Problem(f"文档共 {length:,} 字，超过 {rules['characters']:,} 字上限，请删减后重新选择。")
    return {"html": html, "text": "\n\n".join(paragraphs), "notice": notice}


def decoded(content: bytes) -> str:
    if not content:
        raise Problem("文件是空的，请重新选择。")
    if content.startswith(SOURCES):
        raise Problem(OTHER_FORMAT)
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return strictly(content, encoding)
    if b"\0" in content:
        raise Problem(NO_TEXT)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        if nearly_utf8(content):
            raise Problem(UNKNOWN) from None
        text = strictly(content, "gb18030")
        if any(unicodedata.category(character) in ("Co", "Cn") for character in text):
            raise Problem(UNKNOWN) from None
    if CONTROLS.search(text):
        raise Problem(NO_TEXT)
    return text


def strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Problem(UNKNOWN) from None
    if CONTROLS.search(text):
        raise Problem(NO_TEXT)
    return text


def nearly_utf8(content: bytes) -> bool:
    """Damaged UTF-8, which GBK would read as other characters without a word."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - bad > MEANT * bad


def tidied(text: str) -> tuple[list[str], str]:
    """The paragraphs without what nobody can see, and a notice where something was left out."""
    shown = INVISIBLE.sub("", text)
    lines = [line.strip() for line in shown.splitlines()]
    return [line for line in lines if line], HIDDEN if len(shown) < len(text) else ""
