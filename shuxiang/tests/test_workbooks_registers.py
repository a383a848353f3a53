"""Registers: finding sheets, headers and columns, collecting problems, giving refused rows back."""

from datetime import date

import pytest

from shuxiang.tests.workbook_files import (
    HEADERS,
    PERSON,
    SPECS,
    pack,
    parts,
    row_xml,
    sheet_xml,
    write_rows,
    write_sheets,
)
from shuxiang.workbooks.registers import Problem, WorkbookRefused, read_register

VALUES = {"工号": "A0001", "姓名": "张三", "科室": "办公室", "入职日期": date(2020, 3, 1)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.xlsx"


def told(register) -> list[str]:
    return [str(problem) for problem in register.problems]


def refusal(path) -> str:
    with pytest.raises(WorkbookRefused) as refused:
        read_register(path, SPECS)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("dates_mixed.xlsx", 4),
        ("fullwidth_digits.xlsx", 1),
        ("header_with_spaces_star.xlsx", 4),
        ("merged_header.xlsx", 4),
        ("quoteprefix_text_formula.xlsx", 4),
    ],
)
def test_the_good_samples_are_read_without_a_problem(samples, name, rows):
    register = read_register(samples / "hostile/xlsx" / name, SPECS)
    assert told(register) == []
    assert len(register.records["花名册"]) == rows
    assert {key: register.records["花名册"][0].values[key] for key in VALUES} == VALUES


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        (
            "error_cells.xlsx",
            [
                "“花名册”第 2 行“入职日期”：为空，请填写",
                "“花名册”第 2 行“姓名”：是错误值 #N/A，请改正后重新导入",
                "“花名册”第 2 行“科室”：是错误值 #REF!，请改正后重新导入",
                "“花名册”第 2 行“职务”：是错误值 #DIV/0!，请改正后重新导入",
            ],
        ),
        ("unknown_department.xlsx", ["“花名册”第 3 行“科室”：为空，请填写"]),
        ("xss_names.xlsx", ["“花名册”第 2 行“手机号”：是公式且没有计算结果，请粘贴为数值后重新导入"]),
    ],
)
def test_the_bad_samples_are_reported_cell_by_cell(samples, name, problems):
    assert told(read_register(samples / "hostile/xlsx" / name, SPECS)) == problems


def test_a_total_row_is_no_person(samples):
    register = read_register(samples / "hostile/xlsx/total_row_at_bottom.xlsx", SPECS)
    assert {problem.row for problem in register.problems if problem.column == "工号"} == {6, 8}
    assert [record.row for record in register.records["花名册"] if not record.problems] == [2, 3, 4, 5]


def test_a_register_without_a_data_row_is_refused(samples):
    assert refusal(samples / "hostile/xlsx/edge_header_only.xlsx").startswith("“花名册”没有数据行")


def test_columns_are_found_by_name_in_any_order(path):
    write_rows(path, ["入职日期", "科室", "工号", "姓名"], ["2020-03-01", "办公室", "A0001", "张三"])
    register = read_register(path, SPECS)
    assert register.records["花名册"][0].values == VALUES
    assert register.headers == {"花名册": ["入职日期", "科室", "工号", "姓名"]}


@pytest.mark.parametrize("header", ["*工号", "工 号＊", " 工\n号 ", "工号（必填）", "工号(唯一)*", "\u200b工号\ufeff"])
def test_headers_may_be_decorated(path, header):
    write_rows(path, [header, *HEADERS[1:]], PERSON)
    register = read_register(path, SPECS)
    assert register.records["花名册"][0].values == VALUES
    assert register.headers["花名册"][0] == "工号"


def test_the_header_is_found_below_titles(path):
    write_rows(path, ["2024年花名册"], ["填表人：", "姓名"], [], ["说明"] * 3, HEADERS, PERSON)
    assert [record.row for record in read_register(path, SPECS).records["花名册"]] == [6]


def test_a_header_below_the_first_rows_is_not_found(path):
    write_rows(path, *[["标题"]] * 10, HEADERS, PERSON)
    assert refusal(path).startswith("“花名册”前 10 行中没有找到表头。请在数据上方加一行表头（工号、姓名、科室")


def test_missing_columns_are_named(path):
    write_rows(path, ["工号", "姓名"], PERSON)
    assert refusal(path) == "“花名册”缺少“科室”、“入职日期”列（表头在第 1 行）。请补上后重新导入。"


def test_a_doubled_header_is_refused_with_both_cells(path):
    write_rows(path, ["名册"], [*HEADERS, "工号（旧）"], PERSON)
    assert refusal(path) == "“花名册”有两个“工号”列（A2、E2）。请只保留一个后重新导入。"


def test_other_columns_are_ignored_and_listed_but_not_our_reasons(path):
    write_rows(path, [*HEADERS, "评分", "原因", "评分"], [*PERSON, 99, "为空，请填写", 98, "多余"])
    register = read_register(path, SPECS)
    assert register.records["花名册"][0].values == VALUES
    assert register.notices == ["“花名册”已忽略列：评分、评分（G 列）、H 列（无表头）"]
    assert register.headers["花名册"] == [*HEADERS, "评分", "评分（G 列）", "H 列（无表头）"]


def test_absent_columns_have_no_value_and_empty_cells_an_empty_one(path):
    write_rows(path, [*HEADERS, "手机号"], PERSON)
    values = read_register(path, SPECS).records["花名册"][0].values
    assert values == VALUES | {"手机号": ""}
    assert "职务" not in values


def test_all_problems_of_a_row_are_collected_and_bad_values_left_out(path):
    write_rows(path, [*HEADERS, "手机号"], ["工号一", None, "办公室", "去年", "无"])
    register = read_register(path, SPECS)
    assert register.records["花名册"][0].values == {"科室": "办公室"}
    assert [problem.column for problem in register.problems] == ["入职日期", "姓名", "工号", "手机号"]


def test_merged_cells_are_not_filled_down(path):
    rows = row_xml(1, *HEADERS, "手机号") + "".join(row_xml(number, *PERSON, "12345") for number in (2, 3))
    merges = '<mergeCells><mergeCell ref="C2:C3"/><mergeCell ref="E2:E3"/></mergeCells>'
    assert told(read_register(pack(path, parts(sheet_xml(rows, after=merges))), SPECS)) == [
        "“花名册”第 3 行“手机号”：是合并单元格，请取消合并并逐行填写",
        "“花名册”第 3 行“科室”：为空（合并单元格），请取消合并并逐行填写",
    ]


def test_hidden_rows_are_problems_unless_they_are_blank(path):
    def edit(sheet):
        for number in (3, 4):
            sheet.row_dimensions[number].hidden = True

    write_rows(path, HEADERS, PERSON, ["A0002", *PERSON[1:]], [" ", "\u3000"], edit=edit)
    assert told(read_register(path, SPECS)) == ["“花名册”第 3 行：是隐藏行，请取消隐藏或筛选，或删除后重新导入"]


def test_very_long_cells_are_problems_of_their_row(path):
    text = "长" * 1_000_000
    pack(path, parts(sheet_xml(row_xml(1, *HEADERS) + row_xml(2, text, text, text, text) + row_xml(3, *PERSON))))
    register = read_register(path, SPECS)
    assert {problem.row for problem in register.problems} == {2}
    assert "“花名册”第 2 行“姓名”：有 1000000 个字，最多 50 个字，请缩短" in told(register)


def test_numbers_as_employee_numbers(path):
    def edit(sheet):
        sheet["A5"].number_format = "000000"

    numbers = [1001.0, 123456789012345, 123456789012345678, 42]
    write_rows(path, HEADERS, *[[number, *PERSON[1:]] for number in numbers], edit=edit)
    register = read_register(path, SPECS)
    assert [record.values.get("工号") for record in register.records["花名册"]] == [
        "1001",
        "123456789012345",
        None,
        "000042",
    ]
    assert told(register) == ["“花名册”第 4 行“工号”：可能丢失精度，请将该列设为文本格式后重新填写"]


def test_the_only_visible_sheet_is_the_main_one_whatever_its_name(path):
    write_sheets(path, hidden_旧=[["x"]], Sheet1=[HEADERS, PERSON])
    register = read_register(path, SPECS)
    assert register.records["花名册"][0].sheet == "花名册"
    assert register.notices == ["唯一的工作表“Sheet1”按“花名册”读取", "已忽略隐藏的工作表：旧"]


def test_optional_sheets_are_read_and_other_ones_listed(path):
    postings = [["工号", "科室", "起"], ["A0001", "办公室", "2020-03-01"]]
    write_sheets(path, 说明=[["填表说明"]], 任职=postings, 花名册=[HEADERS, PERSON])
    register = read_register(path, SPECS)
    assert list(register.records) == ["花名册", "任职"]
    assert register.records["任职"][0].values == {"工号": "A0001", "科室": "办公室", "起": date(2020, 3, 1)}
    assert register.notices == ["已忽略工作表：说明"]


def test_an_optional_sheet_may_be_missing_or_empty(path):
    write_sheets(path, 花名册=[HEADERS, PERSON])
    assert list(read_register(path, SPECS).records) == ["花名册"]
    write_sheets(path, 花名册=[HEADERS, PERSON], 任职=[])
    assert list(read_register(path, SPECS).records) == ["花名册"]
    write_sheets(path, 花名册=[HEADERS, PERSON], 任职=[["工号", "科室"]])
    assert read_register(path, SPECS).records["任职"] == []


@pytest.mark.parametrize(
    ("sheets", "says"),
    [
        ({"hidden_花名册": [HEADERS, PERSON], "Sheet2": [["x"]]}, "工作表“花名册”是隐藏的，没有读取。请取消隐藏"),
        ({"花名册": [HEADERS, PERSON], "hidden_任职": [["x"]]}, "工作表“任职”是隐藏的，没有读取。请取消隐藏"),
        ({"花名册": [HEADERS], "花 名 册": [HEADERS]}, "有 2 个名为“花名册”的工作表。请只保留一个"),
        ({"Sheet1": [HEADERS], "Sheet2": []}, "没有名为“花名册”的工作表（可见的有：Sheet1、Sheet2）。请把相应的"),
        ({"任职": [["工号", "科室"]]}, "没有名为“花名册”的工作表（可见的有：任职）"),
        ({"花名册": []}, "“花名册”前 10 行中没有找到表头"),
        ({"花名册": [HEADERS, PERSON], "任职": [["A0001", "办公室"]]}, "“任职”前 10 行中没有找到表头"),
    ],
)
def test_sheets_that_are_not_as_they_should_be_refuse_the_file(path, sheets, says):
    assert refusal(write_sheets(path, **sheets)).startswith(says)


def test_problems_are_told_with_their_place_and_sorted():
    whole = Problem("花名册", 6, "", "是隐藏行，请取消隐藏")
    cell = Problem("花名册", 6, "工号", "无效，请改正")
    assert str(whole) == "“花名册”第 6 行：是隐藏行，请取消隐藏"
    assert str(cell) == "“花名册”第 6 行“工号”：无效，请改正"
    assert sorted([Problem("花名册", 10, "", ""), cell, whole]) == [whole, cell, Problem("花名册", 10, "", "")]
