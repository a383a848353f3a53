"""What open_workbook reads: cell by cell, row by row."""

from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from shuxiang.tests.workbook_files import (
    HEADERS,
    NAMESPACES,
    PEOPLE,
    PERSON,
    pack,
    parts,
    row_xml,
    sheet_xml,
    strings_xml,
    workbook_xml,
    write_rows,
)
from shuxiang.workbooks.reading import EMPTY, Cell, SheetRow, WorkbookRefused, open_workbook


def read(path: Path) -> list[SheetRow]:
    with open_workbook(path) as workbook:
        return list(workbook.sheets[0].rows())


def read_cells(path: Path, *cells: str, **others: str) -> tuple[Cell, ...]:
    """The cells of row 2 of a sheet that holds them there."""
    found = read(pack(path, parts(sheet_xml(row_xml(1, *HEADERS) + row_xml(2, *cells)), **others)))
    return found[1].cells if len(found) > 1 else ()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.xlsx"


def test_values_keep_their_type_and_format(path):
    def edit(sheet):
        sheet["B1"].number_format = "000000"

    write_rows(path, ["A", 7, 1.5, True, datetime(2020, 3, 1), time(8, 30)], edit=edit)
    assert read(path)[0].cells == (
        Cell("A"),
        Cell(7, "value", "000000"),
        Cell(1.5),
        Cell(True),
        Cell(datetime(2020, 3, 1), "value", "yyyy-mm-dd h:mm:ss"),
        Cell(time(8, 30), "value", "h:mm:ss"),
    )


def test_rows_keep_their_number_and_empty_ones_are_left_out(path):
    write_rows(path, ["表"], [], [None, None], ["甲", None, "乙", None])
    assert [(row.number, row.cells) for row in read(path)] == [
        (1, (Cell("表"),)),
        (4, (Cell("甲"), EMPTY, Cell("乙"))),
    ]


def test_hidden_rows_are_marked(path):
    rows = PEOPLE + row_xml(3, *PERSON, attributes=' hidden="1"') + row_xml(4, *PERSON, attributes=' hidden="true"')
    assert [row.hidden for row in read(pack(path, parts(sheet_xml(rows))))] == [False, False, True, True]


def test_hidden_sheets_are_marked(path):
    book = openpyxl.Workbook()
    book.active.title = "看得见"
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    book.save(path)
    with open_workbook(path) as workbook:
        assert [(sheet.title, sheet.hidden) for sheet in workbook.sheets] == [
            ("看得见", False),
            ("隐藏", True),
            ("深藏", True),
        ]


def test_a_formula_counts_by_its_stored_value(path):
    cells = read_cells(
        path,
        '<c r="A2"><f>1+1</f><v>2</v></c>',
        '<c r="B2" t="str"><f>A1</f><v>张三</v></c>',
        '<c r="C2"><f>1+1</f></c>',
        '<c r="D2"><f>1+1</f><v/></c>',
        '<c r="E2" t="str"><f>""</f><v></v></c>',
        '<c r="F2" t="e"><f>NA()</f><v>#N/A</v></c>',
    )
    assert cells == (
        Cell(2),
        Cell("张三"),
        Cell(None, "formula"),
        Cell(None, "formula"),
        EMPTY,
        Cell("#N/A", "error"),
    )


def test_formulas_that_show_nothing_make_no_row(path):
    assert read_cells(path, '<c r="A2" t="str"><f>IF(B2="","",B2)</f><v></v></c>') == ()


def test_an_error_is_no_text_and_a_text_that_looks_like_one_is_no_error(path):
    assert read_cells(path, '<c r="A2" t="e"><v>#REF!</v></c>', "#N/A") == (Cell("#REF!", "error"), Cell("#N/A"))


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_numbers_beyond_all_bounds_are_errors(path, number):
    assert read_cells(path, f'<c r="A2"><v>{number}</v></c>') == (Cell("#NUM!", "error"),)


def test_all_but_the_top_left_of_a_merged_range_is_covered(path):
    rows = "".join(row_xml(number, "甲", "乙", "丙") for number in (1, 2, 3))
    merges = '<mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="C3"/></mergeCells>'
    found = read(pack(path, parts(sheet_xml(rows, after=merges))))
    covered = Cell(None, "covered")
    assert [row.cells for row in found] == [
        (Cell("甲"), covered, Cell("丙")),
        (covered, covered, Cell("丙")),
        (Cell("甲"), Cell("乙"), Cell("丙")),
    ]


def test_a_covered_cell_that_is_not_stored_is_covered_too(path):
    rows = row_xml(1, "甲", "乙") + row_xml(2, "丙")
    merges = '<mergeCells><mergeCell ref="B1:B1048576"/></mergeCells>'
    found = read(pack(path, parts(sheet_xml(rows, after=merges))))
    assert found[1].cells == (Cell("丙"), Cell(None, "covered"))


def test_texts_are_read_from_all_places_where_they_are_stored(path):
    strings = strings_xml(
        "<si><t>张三</t></si>",
        "<si><r><rPr><b/></rPr><t>李</t></r><r><t>四</t></r><rPh sb='0' eb='1'><t>lǐ</t></rPh></si>",
        "<si/>",
    )
    shared = ['<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>', '<c r="C2" t="s"><v>2</v></c>']
    inline = '<c r="D2" t="inlineStr"><is><r><t>王</t></r><r><t xml:space="preserve"> 五 </t></r></is></c>'
    assert read_cells(path, *shared, inline, strings=strings) == (Cell("张三"), Cell("李四"), EMPTY, Cell("王 五 "))


def test_excels_own_encoding_of_characters_is_undone(path):
    strings = strings_xml("<si><t>a_x000D_b_x005F_x000D_</t></si>", "<si><t>x005F_ _x12_ _xD842__xDFB7_</t></si>")
    shared = ['<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>']
    assert read_cells(path, *shared, "_x0009_甲", strings=strings) == (
        Cell("a\rb_x000D_"),
        Cell("x005F_ _x12_ 𠮷"),
        Cell("\t甲"),
    )


@pytest.mark.parametrize(
    ("flag", "epoch", "day"),
    [
        ("", datetime(1899, 12, 30), datetime(2020, 3, 1)),
        ('<workbookPr date1904="1"/>', datetime(1904, 1, 1), datetime(2024, 3, 2)),
    ],
)
def test_the_epoch_of_the_workbook_counts(path, flag, epoch, day):
    styles = f"<styleSheet {NAMESPACES}><cellXfs><xf/><xf numFmtId='14'/></cellXfs></styleSheet>"
    sheet = sheet_xml(row_xml(1, '<c r="A1" s="1"><v>43891</v></c>'))
    contents = parts(sheet, workbook=workbook_xml(before=flag), styles=styles)
    with open_workbook(pack(path, contents)) as workbook:
        assert workbook.epoch == epoch
        assert [row.cells for row in workbook.sheets[0].rows()] == [(Cell(day, "value", "mm-dd-yy"),)]


def test_the_chinese_date_formats_without_a_code_are_dates(path):
    styles = f"<styleSheet {NAMESPACES}><cellXfs><xf/><xf numFmtId='31'/><xf numFmtId='57'/></cellXfs></styleSheet>"
    cells = ['<c r="A2" s="1"><v>43891</v></c>', '<c r="B2" s="2"><v>43891</v></c>']
    assert [cell.value for cell in read_cells(path, *cells, styles=styles)] == [datetime(2020, 3, 1)] * 2


def test_iso_dates_are_dates(path):
    cells = ['<c r="A2" t="d"><v>2020-03-01</v></c>', '<c r="B2" t="d"><v>2020-03-01T00:00:00</v></c>']
    assert [cell.value for cell in read_cells(path, *cells)] == [date(2020, 3, 1), datetime(2020, 3, 1)]


def test_cells_and_rows_without_a_reference_follow_each_other(path):
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c/><c><v>3</v></c></row>"
    assert read(pack(path, parts(sheet_xml(rows)))) == [
        SheetRow(1, False, (Cell(1), Cell(2))),
        SheetRow(3, False, (EMPTY, Cell(3))),
    ]


def test_a_sheet_can_be_read_twice_and_left_half_way(path):
    rows = "".join(row_xml(number, "甲") for number in range(1, 2000))
    with open_workbook(pack(path, parts(sheet_xml(rows)))) as workbook:
        assert next(workbook.sheets[0].rows()).number == 1
        assert len(list(workbook.sheets[0].rows())) == 1999
        assert [row.number for row in workbook.sheets[0].rows()] == list(range(1, 2000))


def test_broken_properties_and_unknown_parts_do_not_matter(path):
    extra = {
        "docProps/core.xml": "<broken",
        "docProps/custom.xml": "<broken",
        "xl/theme/theme1.xml": "<broken",
        "../../escape.txt": "x",
        "/etc/cron.d/escape": "x",
    }
    assert read(pack(path, parts() | extra))[1].cells == tuple(map(Cell, PERSON))
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_an_error_of_the_caller_stays_its_own(path):
    pack(path, parts())
    with pytest.raises(KeyError), open_workbook(path) as workbook:
        raise KeyError(workbook.sheets[0].title)


def test_a_part_that_breaks_while_rows_are_read_refuses_the_file(path):
    rows = PEOPLE + "".join(f'<row r="{number}"><c><v>1</v></c></row>' for number in range(3, 3000))
    pack(path, parts(sheet_xml(rows + '<row r="3000"><c t="s"><v>99</v></c></row>')))
    with open_workbook(path) as workbook:
        found = workbook.sheets[0].rows()
        assert next(found).number == 1
        with pytest.raises(WorkbookRefused):
            list(found)


def test_a_missing_style_refuses_the_file(path):
    styles = f"<styleSheet {NAMESPACES}><cellXfs><xf/></cellXfs></styleSheet>"
    with pytest.raises(WorkbookRefused):
        read_cells(path, '<c r="A2" s="99"><v>1</v></c>', styles=styles)
