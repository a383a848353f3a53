"""Registers as text: encodings, separators, quotes, and lines that do not fit."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuxiang.tests.workbook_files import SPECS
from shuxiang.workbooks.registers import WorkbookRefused, read_register
from shuxiang.workbooks.text import decode

ROWS = (
    ("工号", "姓名", "科室", "入职日期"),
    ("0001", "一二", "办公室", "2020-03-01"),
    ("A2", "王二小", "人事处", "2020/3/2"),
)
ENCODINGS = {
    "utf-8": "",
    "utf-8-sig": "",
    "gbk": "",
    "gb18030": "",
    "utf-16": "",
    "utf-16-le": "",
    "utf-16-be": "",
    "utf-16-le with mark": "\ufeff",
    "utf-16-be with mark": "\ufeff",
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.xlsx"  # the name says nothing


def lines(*rows, separator=",", end="\r\n") -> str:
    return "".join(separator.join(row) + end for row in rows)


def refusal(path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(WorkbookRefused) as refused:
        read_register(path, SPECS)
    return str(refused.value)


def problems(path, content: str) -> list[str]:
    path.write_text(content, encoding="utf-8")
    return [str(problem) for problem in read_register(path, SPECS).problems]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_and_separators_are_found(path, name, separator, end):
    path.write_bytes((ENCODINGS[name] + lines(*ROWS, separator=separator, end=end)).encode(name.split(" ")[0]))
    register = read_register(path, SPECS)
    assert (register.problems, register.notices) == ([], [])
    assert [list(record.values.values()) for record in register.records["花名册"]] == [
        ["0001", "一二", "办公室", date(2020, 3, 1)],
        ["A2", "王二小", "人事处", date(2020, 3, 2)],
    ]


def test_characters_beyond_gbk_are_read_from_gb18030(path):
    path.write_bytes(lines(ROWS[0], ("A1", "王𠮷", "办公室", "2020-03-01")).encode("gb18030"))
    assert read_register(path, SPECS).records["花名册"][0].values["姓名"] == "王𠮷"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_other_separators_within_fields_do_not_mislead(path, separator):
    rows = [
        ("2024,年;花\t名册",),
        (*ROWS[0], "职务"),
        *((f"A{n}", "甲", "办公室", "2020-03-01", "科员,兼;组\t长") for n in range(5)),
    ]
    quoted = [[f'"{field}"' for field in row] for row in rows]
    path.write_text(lines(*quoted, separator=separator), encoding="utf-8")
    assert read_register(path, SPECS).records["花名册"][4].values["职务"] == "科员,兼;组 长"


@pytest.mark.parametrize("typed", ['="0001"', '"=""0001"""'])
def test_digits_that_an_export_keeps_as_text_are_those_digits(path, typed):
    path.write_text(lines(ROWS[0], (typed, "甲", "办公室", "2020-03-01")), encoding="utf-8")
    assert read_register(path, SPECS).records["花名册"][0].values["工号"] == "0001"


def test_a_line_with_too_many_or_too_few_fields_is_a_problem(path):
    told = problems(path, lines(*ROWS, ("A3", "甲", "办公室"), ("A4", "乙", "办公室", "2020-03-01", "x"), ("A5",)))
    assert [line for line in told if "列数" in line] == [
        f"“花名册”第 {row} 行：列数不对：这一行有 {width} 列，表头有 4 列，请核对分隔符和引号"
        for row, width in ((4, 3), (5, 5), (6, 1))
    ]


def test_separators_that_a_spreadsheet_leaves_at_the_end_are_no_problem(path):
    assert problems(path, lines(*[(*row, "", "") for row in ROWS], ("", "", "", "", "", ""))) == []
    assert problems(path, lines(ROWS[0], *[(*row, "", "") for row in ROWS[1:]])) == []


def test_rows_are_counted_as_a_spreadsheet_counts_them(path):
    told = problems(path, '工号,姓名,科室,入职日期\n\nA1,"张\n三",办公室,2020-03-01\nA2,李四,办公室,去年\n')
    assert told == ["“花名册”第 4 行“入职日期”：“去年”不是日期，请写成 2020-03-01 的形式"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lines(*ROWS) + 'A3,"甲,办公室,2020-03-01\r\n', "文件第 4 行的引号没有成对"),
        (lines(*ROWS) + 'A3,"甲"乙,办公室,2020-03-01\r\n', "文件第 4 行的引号没有成对"),
        (lines(*ROWS) + "长" * 200_000, "文件第 4 行有一格过长"),
        (lines(["甲"] * 201), "文件第 1 行超过 200 列"),
        ("\n" * 200_000 + "甲", "文件的内容超过 200000 行"),
        (lines([*ROWS[0], *"x" * 196], *[["1"] * 200] * 5000), "文件的内容过多"),
        ("\n \n", "“花名册”前 10 行中没有找到表头"),
        ("没有表头的一段话。", "“花名册”前 10 行中没有找到表头"),
        (lines(*ROWS).encode() + b"A3,\xe7\xff,x,y\r\n", "无法识别文件的编码"),
        (lines(*ROWS).encode() + b"\0", "文件中有空字符"),
        (lines(*ROWS).encode() + b"\1", "文件不是 Excel 工作簿"),
        (lines(*ROWS).encode("utf-16")[:-1], "无法识别文件的编码"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(path, content, says):
    message = refusal(path, content)
    assert message.startswith(says)
    assert message.endswith("重新导入。")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_a_text_comes_back_as_it_was_or_is_refused(text, encoding):
    """Below a header in Chinese, as every register has one."""
    whole = lines(*ROWS) + text
    try:
        found = decode(whole.encode(encoding))
    except WorkbookRefused:
        return
    assert found.removeprefix("\ufeff") == whole
