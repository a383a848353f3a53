"""Text that is written to a workbook stays text, exactly."""

import openpyxl
import pytest
from openpyxl.styles import Font

from shuxiang.workbooks.cells import MAX_TEXT, SHORTENED, text_cell
from shuxiang.workbooks.reading import Cell, open_workbook

TEXTS = [
    "张三",
    "=1+1",
    "=",
    "+86",
    "-1",
    "@sum",
    "\t=1",
    "\r=1",
    "a\rb\r\nc\nd\te",
    "#N/A",
    "#REF!",
    "TRUE",
    "007",
    "2020-03-01",
    " 两端 ",
    "_x000D_",
    "_x005F_x000D_",
    "__x000D_x000D__",
    "𠮷",
    "<b>&amp;</b>",
]


def written(path, *values, **style):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for value in values:
        sheet.append([text_cell(sheet, value, **style)])
    book.save(path)
    return path


def read_back(path):
    with open_workbook(path) as workbook:
        return [row.cells[0] for row in workbook.sheets[0].rows()]


def test_every_text_is_read_back_as_it_was_written(tmp_path):
    assert read_back(written(tmp_path / "text.xlsx", *TEXTS)) == [Cell(text) for text in TEXTS]


def test_what_could_be_taken_for_a_formula_is_marked_as_text(tmp_path):
    cells = openpyxl.load_workbook(written(tmp_path / "text.xlsx", *TEXTS))["表"]["A"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in TEXTS]


def test_what_xml_cannot_hold_becomes_a_space(tmp_path):
    path = written(tmp_path / "text.xlsx", "a\x00b\x1fc", "\ud800x", "\ufffe\uffff.")
    assert read_back(path) == [Cell("a b c"), Cell(" x"), Cell("  .")]


@pytest.mark.parametrize("piece", ["甲", "𠮷", "\r", "_x000D_", "=1"])
def test_text_beyond_excels_limit_is_shortened_visibly(tmp_path, piece):
    text = piece * (MAX_TEXT + 1)
    path = written(tmp_path / "text.xlsx", text)
    stored = openpyxl.load_workbook(path)["表"]["A1"].value
    assert MAX_TEXT - 20 < len(stored.encode("utf-16-le")) / 2 <= MAX_TEXT
    shown = read_back(path)[0].value
    assert shown.endswith(SHORTENED)
    assert text.startswith(shown.removesuffix(SHORTENED))


def test_text_at_excels_limit_is_kept_whole(tmp_path):
    assert read_back(written(tmp_path / "text.xlsx", "甲" * MAX_TEXT)) == [Cell("甲" * MAX_TEXT)]


def test_other_values_are_written_as_text_and_none_as_nothing(tmp_path):
    assert read_back(written(tmp_path / "text.xlsx", 7, None, "甲")) == [Cell("7"), Cell("甲")]


def test_styles_are_set_and_a_shared_one_is_not_changed(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    model = text_cell(sheet, "样", font=Font(bold=True), number_format="@")
    sheet.append([text_cell(sheet, text, _style=model._style) for text in ("=1", "甲")])
    book.save(tmp_path / "text.xlsx")
    first, second = openpyxl.load_workbook(tmp_path / "text.xlsx")["表"][1]
    assert [(cell.font.bold, cell.number_format, cell.quotePrefix) for cell in (first, second)] == [
        (True, "@", True),
        (True, "@", False),
    ]
