"""From a cell to a clean value, or a reason that says what to do."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuxiang.workbooks.reading import Cell
from shuxiang.workbooks.values import (
    clean_text,
    read_choice,
    read_date,
    read_employee_number,
    read_name,
    read_phone,
    read_text,
)

EPOCH, MAC_EPOCH = datetime(1899, 12, 30), datetime(1904, 1, 1)
UNREADABLE = [
    (Cell("#N/A", "error"), "是错误值 #N/A，请改正后重新导入"),
    (Cell(None, "formula"), "是公式且没有计算结果，请粘贴为数值后重新导入"),
    (Cell(None, "covered"), "是合并单元格，请取消合并并逐行填写"),
]
READERS = {
    "text": lambda cell: read_text(cell, 100),
    "name": read_name,
    "employee number": read_employee_number,
    "date": lambda cell: read_date(cell, EPOCH),
    "choice": lambda cell: read_choice(cell, {"优秀": 1}),
    "phone": read_phone,
}


def reason(reader, cell) -> str:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        reader(cell)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (" 张三\u3000", "张三"),
        ("\xa0\u200b\u200c\ufeff\u2060 张三 \u200d\xa0\t", "张三"),
        ("办公\u200b室", "办公室"),
        ("张\u202e三\u2069", "张三"),
        ("第一行\r\n\n  第二行\t末\x00", "第一行 第二行 末"),
        ("a  b\u3000c", "a  b\u3000c"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\n\x0b ", ""),
    ],
)
def test_text_is_cleaned(text, cleaned):
    assert clean_text(text) == cleaned


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize(("cell", "says"), UNREADABLE, ids=["error", "formula", "covered"])
def test_unreadable_cells_are_refused_each_for_its_reason(reader, cell, says):
    assert reason(reader, cell) == says


@pytest.mark.parametrize("empty", [Cell(None), Cell(""), Cell(" \u3000\n")])
def test_empty_cells_give_an_empty_value(empty):
    assert [reader(empty) for reader in READERS.values()] == ["", "", "", None, None, ""]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1001.0, "General", "1001"),
        (1001, "0_ ", "1001"),
        (-5, "General", "-5"),
        (0.1, "0.00", "0.1"),
        (1.5e-7, "General", "0.00000015"),
        (12, "00000", "00012"),
        (12, "00000_ ", "00012"),
        (123456, "000", "123456"),
        (999999999999999, "0", "999999999999999"),
        (1001, '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ', "1001"),
    ],
)
def test_numbers_become_the_text_that_is_shown(value, number_format, text):
    assert read_text(Cell(value, "value", number_format), 50) == text


@pytest.mark.parametrize("value", [1e15, 123456789012345678, -(10**15), 3.5e20])
@pytest.mark.parametrize("reader", [READERS["text"], READERS["employee number"], READERS["phone"]])
def test_numbers_of_more_than_15_digits_are_refused(reader, value):
    assert reason(reader, Cell(value)) == "可能丢失精度，请将该列设为文本格式后重新填写"


@pytest.mark.parametrize("number_format", ['"A"0000', "\\A0000", '0"号"'])
def test_numbers_whose_format_adds_letters_are_refused(number_format):
    assert "请将该列设为文本格式后按显示的内容填写" in reason(read_employee_number, Cell(1, "value", number_format))


@pytest.mark.parametrize("value", [datetime(2020, 3, 1), date(2020, 3, 1), time(8), timedelta(1)])
def test_dates_and_times_are_no_text(value):
    assert reason(READERS["text"], Cell(value)) == "是日期或时间，请将该单元格设为文本格式后重新填写"


def test_booleans_are_no_text_and_no_date():
    assert reason(READERS["text"], Cell(True)) == "是逻辑值 TRUE，请改为文字后重新导入"
    assert reason(READERS["date"], Cell(True)) == "不是日期，请写成 2020-03-01 的形式"


def test_too_long_a_text_is_refused_with_both_lengths():
    assert read_text(Cell(" " + "字" * 100), 100) == "字" * 100
    assert reason(READERS["text"], Cell("字" * 101)) == "有 101 个字，最多 100 个字，请缩短"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张　三", "张三"),
        ("张 \u200d 三", "张三"),
        ("𠮷 田", "𠮷田"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("John  Smith", "John  Smith"),
        ("Ａ三", "Ａ三"),
    ],
)
def test_names_lose_the_spaces_between_chinese_characters(typed, name):
    assert read_name(Cell(typed)) == name


def test_names_have_at_most_50_characters():
    assert reason(read_name, Cell("名" * 51)) == "有 51 个字，最多 50 个字，请缩短"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("Ａ０００１", "A0001"),
        (" a 00\u200b01\xa0", "a0001"),
        ("GZ－2020_01", "GZ-2020_01"),
        (1001.0, "1001"),
        (123456789012345, "123456789012345"),
        ("123456789012345678", "123456789012345678"),
        ("0" * 32, "0" * 32),
    ],
)
def test_employee_numbers_are_normalised(value, number):
    assert read_employee_number(Cell(value)) == number


@pytest.mark.parametrize("value", ["合计", "-1", "_a", "A/1", "A.1", "0" * 33, "٣٤", 12.5, -7, "A" * 5_000_000])
def test_what_is_no_employee_number_is_refused(value):
    assert reason(read_employee_number, Cell(value)).startswith("无效，应为字母或数字")


@pytest.mark.parametrize(
    "value",
    [
        datetime(2020, 3, 1),
        datetime(2020, 3, 1, 23, 59),
        date(2020, 3, 1),
        43891,
        43891.75,
        20200301,
        20200301.0,
        "2020-03-01",
        "2020-3-1",
        "2020/3/1",
        "2020.03.1",
        "2020年3月1日",
        "2020 年 3 月 1 日",
        "２０２０－０３－０１",
        "２０２０年３月１日",
        " 20200301\u3000",
        "2020-03-01 00:00:00",
        "2020/3/1 0:00",
        "2020-03-01T00:00",
    ],
)
def test_dates_are_read_in_all_unambiguous_forms(value):
    assert read_date(Cell(value), EPOCH) == date(2020, 3, 1)


def test_serial_numbers_count_from_the_epoch():
    assert read_date(Cell(42429), MAC_EPOCH) == date(2020, 3, 1)
    assert read_date(Cell(20200301), MAC_EPOCH) == date(2020, 3, 1)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("2020-02-30", "“2020-02-30”不是有效的日期，请写成 2020-03-01 的形式"),
        ("20201301", "“20201301”不是有效的日期，请写成 2020-03-01 的形式"),
        (20201301, "“20201301”不是有效的日期，请写成 2020-03-01 的形式"),
        ("3/1/2020", "“3/1/2020”不是日期，请写成 2020-03-01 的形式"),
        ("2020-3/1", "“2020-3/1”不是日期，请写成 2020-03-01 的形式"),
        ("2020年3月", "“2020年3月”不是日期，请写成 2020-03-01 的形式"),
        ("2020-03-01 08:30", "“2020-03-01 08:30”不是日期，请写成 2020-03-01 的形式"),
        ("43891", "“43891”不是日期，请写成 2020-03-01 的形式"),
        ("20.3.1", "“20.3.1”不是日期，请写成 2020-03-01 的形式"),
        ("去年" * 100, "“" + "去年" * 15 + "…”不是日期，请写成 2020-03-01 的形式"),
        (-43891, "“-43891”不是日期，请写成 2020-03-01 的形式"),
        (202003, "“202003”不是日期，请写成 2020-03-01 的形式"),
        (time(8), "不是日期，请写成 2020-03-01 的形式"),
        ("1949-12-31", "年份 1949 不在 1950 至 2199 之间，请写成 2020-03-01 的形式"),
        ("2200-01-01", "年份 2200 不在 1950 至 2199 之间，请写成 2020-03-01 的形式"),
        (2020.3, "年份 1905 不在 1950 至 2199 之间，请写成 2020-03-01 的形式"),
        (1e300, "可能丢失精度，请将该列设为文本格式后重新填写"),
    ],
)
def test_anything_else_is_no_date(value, says):
    assert reason(READERS["date"], Cell(value)) == says


@pytest.mark.parametrize("typed", ["优秀", " 优 秀 ", "优\n秀"])
def test_choices_are_found_whatever_the_spaces(typed):
    assert read_choice(Cell(typed), {"优秀": 0, "良好": 1}) == 0


def test_full_width_letters_of_a_choice_do_not_matter():
    assert read_choice(Cell("２０２４Ｑ３"), {"2024Q3": "quarter"}) == "quarter"


def test_an_unknown_choice_is_refused_with_those_there_are():
    assert reason(lambda cell: read_choice(cell, {"优秀": 0, "良好": 1}), Cell("管理员")) == (
        "“管理员”无效，请填写优秀、良好之一"
    )


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        (13800000001, "13800000001"),
        ("１３８００００００１", "1380000001"),
        ("+86 (0371) 6555-0000转12", "+86 (0371) 6555-0000转12"),
    ],
)
def test_phone_numbers_are_read(value, phone):
    assert read_phone(Cell(value)) == phone


@pytest.mark.parametrize("value", ["1234", "1" * 31, "无", "12345x", "12345" + " " * 300 + "x"])
def test_what_is_no_phone_number_is_refused(value):
    assert reason(read_phone, Cell(value)).startswith("不是电话号码")


@given(
    value=st.one_of(
        st.text(),
        st.integers(-(10**30), 10**30),
        st.floats(-1e306, 1e306),
        st.booleans(),
        st.none(),
        st.datetimes(),
        st.dates(),
        st.times(),
        st.timedeltas(),
        st.from_regex(r"\A[0-9]{4}.[0-9]{1,2}.[0-9]{1,2}.?\Z"),
    ),
    number_format=st.text(max_size=8),
)
def test_readers_give_a_value_or_a_chinese_reason(value, number_format):
    for reader in READERS.values():
        try:
            reader(Cell(value, "value", number_format))
        except ValueError as refused:
            assert "请" in str(refused)  # noqa: PT017
