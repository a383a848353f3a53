"""Files that are no workbook, broken ones and bombs: refused with a sentence that helps, or read within bounds."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from shuxiang.tests.workbook_files import (
    MAIN,
    NAMESPACES,
    PEOPLE,
    PERSON,
    SHEET_PART,
    SPECS,
    STRINGS_PART,
    STYLES_PART,
    pack,
    parts,
    row_xml,
    sheet_xml,
    strings_xml,
    workbook_xml,
)
from shuxiang.workbooks.compound import OLE_MAGIC
from shuxiang.workbooks.reading import WorkbookRefused, open_workbook
from shuxiang.workbooks.registers import read_register

OLE = OLE_MAGIC + bytes(504)
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'


def read_all(path: Path) -> None:
    with open_workbook(path) as workbook:
        for sheet in workbook.sheets:
            list(sheet.rows())


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookRefused) as refused:
        read_all(path)
    return str(refused.value)


def refusal_of(folder: Path, content: bytes | dict[str, str | bytes]) -> str:
    path = folder / "register.xlsx"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        pack(path, content)
    return refusal(path)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("bad_zero_byte.xlsx", "文件是空的（0 字节）"),
        ("bomb_shared_strings_200mb.xlsx", "文件解压后有 190.7 MB，超过上限 100.0 MB"),
        ("chartsheet_only.xlsx", "工作簿中没有工作表（可能只有图表）"),
        ("macro_xlsm_renamed.xlsx", "文件含有宏（VBA）"),
        ("trunc.xlsx", "文件不完整或已损坏"),
        ("xxe_billion_laughs.xlsx", "工作簿内含 DTD 或实体声明"),
        ("xxe_shared_strings.xlsx", "工作簿内含 DTD 或实体声明"),
    ],
)
def test_the_samples_are_refused_each_for_its_reason(samples, name, says):
    message = refusal(samples / "hostile/xlsx" / name)
    assert message.startswith(says)
    assert message.endswith(("重新导入。", "再导入。"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "文件设有打开密码"),
        (OLE + "Workbook".encode("utf-16-le"), "文件已损坏"),
        (OLE + "WordDocument".encode("utf-16-le"), "文件是旧版 Office 文件"),
        (b"\r\n <HTML><table><tr><td>", "文件是网页（HTML）表格"),
        ("\ufeff<!DOCTYPE html><p>".encode(), "文件是网页（HTML）表格"),
        ("<meta charset=gb2312><table>工号".encode("gb18030"), "文件是网页（HTML）表格"),
        (b"<?xml version='1.0'?><Workbook>", "文件是 XML 文件"),
        (b"%PDF-1.7", "文件是 PDF"),
        (b"PK\x05\x06" + bytes(18), "文件是空的或分卷的压缩包"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50) + b"\1", "文件不是 Excel 工作簿，也不是可读的 CSV"),
        (b"\x89PNG\r\n\x1a\n\1", "文件不是 Excel 工作簿，也不是可读的 CSV"),
        (b"a,b\r\n1,\0\r\n" + b"1,2\r\n" * 10, "文件中有空字符"),
        (b"a,b\n\xff\xff,1\n", "无法识别文件的编码"),
        ("\ufeff工号".encode("utf-32-le"), "文件的编码是 UTF-32"),
        (b"\xff\xfe\x00\xd8", "无法识别文件的编码"),
        (b"{\\rtf1 x}", "文件是 RTF 文档"),
        (b"PK\x03\x04" + bytes(100), "文件不完整或已损坏"),
    ],
)
def test_content_decides_what_a_file_is(tmp_path, content, says):
    assert refusal_of(tmp_path, content).startswith(says)


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        ({"word/document.xml": "<w/>", "[Content_Types].xml": "<x/>"}, "文件是 Word 文档"),
        ({"content.xml": "<x/>", "META-INF/manifest.xml": "<x/>"}, "文件是 OpenDocument（.ods）"),
        ({"照片.jpg": b"\xff\xd8"}, "文件是压缩包或其他类型的文件"),
        (parts() | {"xl/workbook.bin": b"\x83\x01"}, "文件是二进制工作簿（.xlsb）"),
        (parts() | {"xl/vbaProject.bin": b"x"}, "文件含有宏（VBA）"),
        (parts() | {"xl/macrosheets/sheet1.xml": "<x/>"}, "文件含有宏（VBA）"),
        (parts() | {f"x{number}": "" for number in range(5000)}, "文件内含 5006 个部件，超过上限 5000"),
        (parts(sheet="<worksheet"), "文件已损坏"),
        (parts(sheet=b" "), "文件已损坏"),
        (parts(workbook="<workbook/>"), "工作簿中没有工作表"),
        (parts(workbook=workbook_xml().replace("rId1", "rId9")), "文件已损坏"),
        (parts(workbook=workbook_xml(["花名册", "任职"]).replace('"2" r:id="rId1"', '"2"')), "文件已损坏"),
        (parts(workbook=workbook_xml(str(number) for number in range(256))), "工作簿有 256 个工作表"),
        (parts(workbook=workbook_xml().replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")), "文件是“严格"),
        ({name: part for name, part in parts().items() if name != SHEET_PART}, "文件已损坏"),
        ({name: part for name, part in parts().items() if name != STRINGS_PART}, "文件已损坏"),
    ],
)
def test_archives_that_are_no_tidy_workbook_are_refused(tmp_path, contents, says):
    assert refusal_of(tmp_path, contents).startswith(says)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert refusal(tmp_path / "没有.xlsx").startswith("找不到文件")
    assert refusal(tmp_path).endswith("是文件夹，请指定其中的文件。")


def test_the_limit_of_size_is_a_setting(tmp_path, settings):
    path = pack(tmp_path / "register.xlsx", parts())
    settings.WORKBOOK_MAX_BYTES = path.stat().st_size
    assert len(read_register(path, SPECS).records["花名册"]) == 1
    settings.WORKBOOK_MAX_BYTES -= 1
    assert "超过上限" in refusal(path)


def test_other_compressions_and_locked_entries_are_refused(tmp_path):
    pack(tmp_path / "bzip.xlsx", parts(), zipfile.ZIP_BZIP2)
    assert refusal(tmp_path / "bzip.xlsx").startswith("文件已损坏")
    content = bytearray(pack(tmp_path / "locked.xlsx", parts()).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refusal_of(tmp_path, bytes(content)).startswith("文件是设有密码的压缩包")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_refused(tmp_path):
    path = pack(tmp_path / "register.xlsx", parts())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET_PART, sheet_xml(row_xml(1, "别的")))
    assert refusal(path).startswith("文件已损坏")


@pytest.mark.parametrize(("claimed", "says"), [(10, "文件已损坏"), (2**31, "文件解压后有 2048.0 MB，超过上限")])
def test_a_part_that_lies_about_its_size_is_refused(tmp_path, claimed, says):
    sheet = sheet_xml(PEOPLE + "<row/>" * 500)
    content = pack(tmp_path / "register.xlsx", parts(sheet)).read_bytes()
    real = len(sheet.encode()).to_bytes(4, "little")
    assert content.count(real) == 2
    assert refusal_of(tmp_path, content.replace(real, claimed.to_bytes(4, "little"))).startswith(says)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "part",
    ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", STRINGS_PART, STYLES_PART, SHEET_PART],
)
def test_a_doctype_in_any_part_refuses_the_file(tmp_path, part, encoding):
    contents = parts(styles=f"<styleSheet {NAMESPACES}/>")
    contents[part] = f'<?xml version="1.0" encoding="{encoding}"?>{DOCTYPE}{contents[part]}'.encode(encoding)
    assert refusal_of(tmp_path, contents).startswith("工作簿内含 DTD 或实体声明")


def test_utf16_without_a_doctype_is_read(tmp_path):
    path = pack(tmp_path / "register.xlsx", parts(('<?xml version="1.0"?>' + sheet_xml()).encode("utf-16")))
    assert read_register(path, SPECS).records["花名册"][0].values["姓名"] == "张三"


@pytest.mark.parametrize(
    "rows",
    [
        row_xml(2, "甲") + row_xml(1, "乙"),
        row_xml(1, "甲") + row_xml(1, "乙"),
        row_xml(1, "甲").replace('"1"', '"0"'),
        '<row r="-1"><c><v>1</v></c></row>',
        '<row r="1.0"><c><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A7"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r=""><v>1</v></c></row>',
        '<row r="1"><x r="A1"><v>1</v></x></row>',
        '<row r="1"><c r="A1"><row r="2"><c r="A2"><v>1</v></c></row></c></row>',
        '<row r="1"><c r="A1" t="s"><v>5</v></c></row>',
        '<row r="1"><c r="A1"><v>one</v></c></row>',
    ],
)
def test_rows_and_cells_out_of_order_are_refused_not_dropped(tmp_path, rows):
    assert refusal_of(tmp_path, parts(sheet_xml(rows))).startswith("文件已损坏")


@pytest.mark.parametrize(
    ("rows", "after", "says"),
    [
        (PEOPLE + row_xml(200_001, "甲"), "", "工作表“花名册”的内容超过 200000 行"),
        (PEOPLE + '<row r="3"><c r="GS3"><v>1</v></c></row>', "", "工作表“花名册”的内容超过 200 列"),
        (PEOPLE + "<row><c><f>1</f></c></row>" * 100_001, "", "工作表“花名册”中没有计算结果的公式过多"),
        (
            "<row><c><v>1</v></c></row>" * 600,
            "<mergeCells>" + '<mergeCell ref="A1:GR600"/>' * 10 + "</mergeCells>",
            "工作表“花名册”的合并单元格过多",
        ),
        (PEOPLE + f'<row a="{"x" * 2_000_000}"/>', "", "工作簿的结构过于庞大"),
        (PEOPLE + f"<row><c><v>{'9' * 5_000_001}</v></c></row>", "", "工作簿的结构过于庞大"),
        (PEOPLE + f"<row><c>{'<v/>' * 100_001}</c></row>", "", "工作簿的结构过于庞大"),
        (PEOPLE, "<a>" * 100 + "</a>" * 100, "工作簿的结构过于庞大"),
        (PEOPLE, "<a/>" * 100_001, "工作簿的结构过于庞大"),
    ],
)
def test_sheets_beyond_the_limits_are_refused(tmp_path, rows, after, says):
    assert refusal_of(tmp_path, parts(sheet_xml(rows, after=after))).startswith(says)


def test_bombs_of_styles_and_texts_are_refused(tmp_path):
    styles = f"<styleSheet {NAMESPACES}><cellXfs>{'<xf/>' * 100_001}</cellXfs></styleSheet>"
    assert refusal_of(tmp_path, parts(styles=styles)).startswith("工作簿的结构过于庞大")
    styles = f"<styleSheet {NAMESPACES}>{' ' * 11_000_000}</styleSheet>"
    assert refusal_of(tmp_path, parts(styles=styles)).startswith("工作簿的样式或结构过于庞大")
    entry = f"<si>{'<r/>' * 100_001}</si>"
    assert refusal_of(tmp_path, parts(strings=strings_xml(entry))).startswith("工作簿的结构过于庞大")
    text = f"<si><t>{'甲' * 4_000_000}</t></si>"
    assert refusal_of(tmp_path, parts(strings=strings_xml(text * 3))).startswith("工作簿中的文字过多（超过 30 MB）")


MEASURED = """
import json, sys
from cProfile import Profile
from pathlib import Path
from shuxiang.tests.workbook_files import SPECS
from shuxiang.workbooks.registers import WorkbookRefused, read_register
profile = Profile()
try:
    outcome = len(profile.runcall(read_register, Path(sys.argv[1]), SPECS).records["花名册"])
except WorkbookRefused as refused:
    outcome = str(refused)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
calls = sum(entry.callcount for entry in profile.getstats())
print(json.dumps([outcome, calls, int(status["VmHWM"].split()[0]) / 1024]))
"""
MOST_CALLS = 16 * 1024 * 1024  # sixteen for each row that Excel can hold: scanned once, never built


def measured(path: Path) -> tuple[int | str, int, float]:
    """Rows or refusal, calls (the cost that no busy machine changes), the peak of memory in MB of an own process."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "shuxiang.settings"}
    run = [sys.executable, "-c", MEASURED, str(path)]
    return json.loads(subprocess.run(run, env=environment, capture_output=True, check=True).stdout)


@pytest.mark.parametrize(
    ("rows", "before", "outcome"),
    [
        ("".join(f'<row r="{number}" ht="15" s="0"/>' for number in range(3, 1_048_577)), "", 1),
        ('<row r="1048576"><c r="XFD1048576" s="0"/></row>', '<dimension ref="A1:XFD1048576"/>', 1),
        ("<row><c><v>1</v></c></row>" * 1_000_000, "", "工作表“花名册”的内容超过 200000 行"),
        ("<row/>" * 198_000 + row_xml(200_000, *PERSON), '<dimension ref="XFD9"/>', 2),
        ("<row/>" * 2_000_000, "", "文件已损坏"),
    ],
    ids=["empty rows", "styled far cell", "full rows", "far row", "rows beyond Excel"],
)
def test_bombs_of_rows_cost_little(tmp_path, rows, before, outcome):
    path = pack(tmp_path / "register.xlsx", parts(sheet_xml(PEOPLE + rows, before=before)))
    found, calls, megabytes = measured(path)
    assert found == outcome or str(found).startswith(str(outcome))
    assert calls < MOST_CALLS
    assert megabytes < 300


def test_the_sample_with_a_million_empty_rows_is_read(samples):
    found, calls, megabytes = measured(samples / "hostile/xlsx/empty_rows_1048576.xlsx")
    assert found == 4
    assert calls < MOST_CALLS
    assert megabytes < 300
