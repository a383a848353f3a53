"""Refused rows are given back as they stood in the file, with their reasons, to be mended and imported."""

from datetime import date, datetime

import openpyxl
import pytest

from shuxiang.tests.workbook_files import HEADERS, PERSON, SPECS, write_rows, write_sheets
from shuxiang.workbooks.reading import Cell
from shuxiang.workbooks.registers import read_register, write_refused


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.xlsx"


def told(register) -> list[str]:
    return [str(problem) for problem in register.problems]


def test_refused_rows_are_given_back_as_they_were(path, tmp_path):
    def edit(sheet):
        sheet["A2"].number_format = "000000"
        sheet["B4"].value, sheet["B4"].data_type = "#N/A", "e"
        sheet["E2"].value, sheet["E2"].data_type = "=1+1", "s"

    write_rows(
        path,
        ["*工号", "姓名", "科室", "入职日期", "备注"],
        [42, " 张三\r\n", None, datetime(2020, 3, 1), "=1+1"],
        ["A0003", "李四", "办公室", "2020-03-01"],
        ["A0004", "?", "办公室", 43891, True],
        edit=edit,
    )
    register = read_register(path, SPECS)
    register.records["花名册"][0].refuse("", "整行有误，请改正")
    refused = [record for record in register.records["花名册"] if record.problems]
    write_refused(tmp_path / "out.xlsx", register, reversed(refused))
    rows = openpyxl.load_workbook(tmp_path / "out.xlsx")["花名册"].iter_rows()
    assert [[(cell.value, cell.number_format) for cell in row] for row in rows] == [
        [(header, "General") for header in ("工号", "姓名", "科室", "入职日期", "备注", "原因")],
        [
            (42, "000000"),
            (" 张三\n", "@"),
            (None, "General"),
            (datetime(2020, 3, 1), "yyyy-mm-dd h:mm:ss"),
            ("=1+1", "@"),
            ("“科室”：为空，请填写；整行有误，请改正", "General"),
        ],
        [
            ("A0004", "@"),
            ("#N/A", "@"),
            ("办公室", "@"),
            (43891, "General"),
            (True, "General"),
            ("“姓名”：是错误值 #N/A，请改正后重新导入", "General"),
        ],
    ]


def test_refused_rows_can_be_mended_and_imported(path, tmp_path):
    def old_epoch(sheet):
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    people = [["A0001", "张三", None, datetime(2020, 3, 1), "甲"], ["A0002", "李四", None, 42429, "乙"]]
    write_rows(path, [*HEADERS, "评分"], *people, edit=old_epoch)
    register = read_register(path, SPECS)
    out = tmp_path / "out.xlsx"
    write_refused(out, register, register.records["花名册"])
    book = openpyxl.load_workbook(out)
    for number in (2, 3):
        book["花名册"].cell(number, 3).value = "办公室"
    book.save(out)
    mended = read_register(out, SPECS)
    assert told(mended) == []
    assert mended.notices == ["“花名册”已忽略列：评分"]
    assert [record.values["入职日期"] for record in mended.records["花名册"]] == [date(2020, 3, 1)] * 2
    assert [record.cells["评分"] for record in mended.records["花名册"]] == [Cell("甲"), Cell("乙")]


def test_a_file_of_refused_rows_of_another_sheet_only_can_be_imported(path, tmp_path):
    postings = [["工号", "科室"], ["A0001", None], ["A0001", "人事处"]]
    register = read_register(write_sheets(path, 花名册=[HEADERS, PERSON], 任职=postings), SPECS)
    write_refused(tmp_path / "out.xlsx", register, [register.records["任职"][0]])
    again = read_register(tmp_path / "out.xlsx", SPECS)
    assert again.records["花名册"] == []
    assert told(again) == ["“任职”第 2 行“科室”：为空，请填写"]


def test_sheets_without_refused_rows_are_left_out(path, tmp_path):
    postings = [["工号", "科室"], ["A0001", "办公室"]]
    register = read_register(write_sheets(path, 花名册=[HEADERS, PERSON], 任职=postings), SPECS)
    write_refused(tmp_path / "out.xlsx", register, register.records["花名册"])
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["花名册"]
