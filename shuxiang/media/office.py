"""Word, Excel and PowerPoint files that are kept and handed on as they came: which of the three, and nothing in them
that acts by itself when somebody opens them."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

from shuxiang.media.budget import Budget
from shuxiang.media.packages import Flaw, Flawed, check_entries, check_part, is_xml, opened
from shuxiang.media.problem import Problem

CHUNK = 256 * 1024
# A presentation has a few parts for each slide.
MAX_ENTRIES = 5_000
MAIN = {"word/document.xml": "DOCX", "xl/workbook.xml": "XLSX", "ppt/presentation.xml": "PPTX"}
ACTS = ("xl/macrosheets/", "word/activex/", "xl/activex/", "ppt/activex/")
AS_PDF = "请用 WPS 或 Office 打开，导出为 PDF 后重新选择。"
SAID = {
    Flaw.EMPTY: "文件是空的，请重新选择。",
    Flaw.FOREIGN: "文件是压缩包，或者不完整，不是 Word、Excel、PPT 文件。压缩包请先解压再选，打不开的请重新导出。",
    Flaw.LOCKED_OR_OLD: "这是旧版（.doc、.xls、.ppt）或设了密码的文件，无法确认其中没有宏。" + AS_PDF,
    Flaw.STRUCTURE: "文件的内部结构异常，无法确认安全。" + AS_PDF,
    Flaw.TOO_LARGE: "文件解压后过大，无法检查。" + AS_PDF,
    Flaw.MACROS: "文件含有宏或控件，不能发给大家。请另存为不含宏的 .docx、.xlsx、.pptx，或导出为 PDF 后重新选择。",
    Flaw.FORBIDDEN: "文件含有不允许的内容（DOCTYPE）。" + AS_PDF,
    Flaw.OUTSIDE: "文件引用了外部文件，打开时会去别处读取。" + AS_PDF,
}


def check(source: Path, target: Path, rules: dict[str, int], budget: Budget) -> dict[str, Any]:
    try:
        with opened(source) as archive:
            names = check_entries(archive, rules["material"], MAX_ENTRIES)
            kinds = {MAIN[name] for name in names & set(MAIN)}
            if len(kinds) != 1:
                raise Flawed(Flaw.FOREIGN)
            if any(name.lower().startswith(ACTS) for name in names):
                raise Flawed(Flaw.MACROS)
            for name in names:
                check_content(archive, name)
    except Flawed as error:
        raise Problem(SAID[error.flaw]) from error
    return {"format": kinds.pop()}


def check_content(archive: ZipFile, name: str) -> None:
    """Reads each part to its end, so that its checksum is compared too."""
    with archive.open(name) as part:
        if is_xml(name):
            check_part(name, part.read())
        while part.read(CHUNK):
            pass
