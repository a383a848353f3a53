"""Old .xls workbooks: what their values hide is told, and broken ones take nobody down."""

import contextlib
import struct
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from shuxiang.tests.fixtures import SAMPLES
from shuxiang.tests.workbook_files import SPECS
from shuxiang.workbooks.biff import Scan
from shuxiang.workbooks.compound import Broken, Compound
from shuxiang.workbooks.reading import EMPTY, Cell, open_workbook
from shuxiang.workbooks.registers import WorkbookRefused, read_register

REAL = SAMPLES / "hostile" / "xlsx" / "real_97.xls"
ODD = SAMPLES / "workbooks" / "odd.xls"


def rows_of(path: Path) -> dict[str, list]:
    with open_workbook(path) as workbook:
        return {sheet.title: list(sheet.rows()) for sheet in workbook.sheets}


def test_a_real_one_is_read_under_any_name(tmp_path):
    path = tmp_path / "花名册.csv"
    path.write_bytes(REAL.read_bytes())
    register = read_register(path, SPECS)
    assert register.problems == []
    assert register.records["花名册"][0].values["入职日期"] == date(2020, 3, 1)


def test_errors_hidden_rows_formats_and_merged_cells_are_seen():
    """`odd.xls`: content from B3 on; see its cells here."""
    rows = {row.number: row for row in rows_of(ODD)["花名册"]}
    assert list(rows) == [3, 4, 5, 6, 7, 8]
    assert {number for number, row in rows.items() if row.hidden} == {6}
    day = Cell(date(2020, 3, 1), number_format="yyyy-mm-dd")
    assert rows[4].cells == (EMPTY, Cell(1001), Cell("#x"), day)
    assert rows[5].cells[1:3] == (Cell(7, number_format="000000"), Cell("#N/A", "error"))
    assert rows[6].cells == (EMPTY, Cell("0003"), Cell(2.0), Cell(43891))
    assert rows[7].cells == (EMPTY, Cell(True), Cell(0.5))
    assert rows[8].cells == (EMPTY, EMPTY, Cell("m"), Cell(None, "covered"))


def test_hidden_sheets_are_known():
    with open_workbook(ODD) as workbook:
        assert [(sheet.title, sheet.hidden) for sheet in workbook.sheets] == [
            ("花名册", False),
            ("旧", True),
            ("空", False),
        ]
        assert workbook.epoch == datetime(1899, 12, 30)


def stream_of(path: Path) -> tuple[bytes, int]:
    """The workbook's stream, which lies in one piece in these samples, and where it begins in the file."""
    stream = Compound(path.read_bytes()).read("Workbook")
    return stream, path.read_bytes().index(stream[:512])


def changed(tmp_path: Path, kind: int, data: bytes) -> Path:
    """The sample with the first record of a kind overwritten at its beginning."""
    stream, start = stream_of(REAL)
    place = 0
    while struct.unpack_from("<H", stream, place)[0] != kind:
        place += 4 + struct.unpack_from("<H", stream, place + 2)[0]
    content = bytearray(REAL.read_bytes())
    content[start + place + 4 : start + place + 4 + len(data)] = data
    (tmp_path / "changed.xls").write_bytes(content)
    return tmp_path / "changed.xls"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (0x200, struct.pack("<II", 0, 0xFFFFFFFF)),  # dimensions: four thousand million rows
        (0xFC, struct.pack("<ii", 0x7FFFFFFF, 0x7FFFFFFF)),  # two thousand million texts
        (0xFC, struct.pack("<ii", -1, -1)),
        (0x85, struct.pack("<I", 0)),  # a sheet that begins where the workbook does
        (0x85, struct.pack("<I", 0xFFFFFFF0)),
    ],
)
def test_a_claim_that_cannot_be_true_is_refused_or_does_no_harm(tmp_path, kind, data):
    with contextlib.suppress(WorkbookRefused):
        assert len(read_register(changed(tmp_path, kind, data), SPECS).records["花名册"]) == 4


def test_a_far_cell_does_not_fill_the_memory(tmp_path):
    """A text in the last row and column makes an area of 16 million cells."""
    path = changed(tmp_path, 0xFD, struct.pack("<HH", 65535, 255))
    with pytest.raises(WorkbookRefused, match="内容范围过大"):
        read_register(path, SPECS)


def test_a_busy_server_calls_none_too_large(settings):
    settings.FILE_PATIENCE = 0.01
    with pytest.raises(WorkbookRefused, match="服务器正忙"):
        read_register(REAL, SPECS)


def test_a_locked_one_is_told(tmp_path):
    content = REAL.read_bytes()
    stream, start = stream_of(REAL)
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    (tmp_path / "locked.xls").write_bytes(content[: start + first] + b"\x2f\0" + content[start + first + 2 :])
    with pytest.raises(WorkbookRefused, match="打开密码"):
        read_register(tmp_path / "locked.xls", SPECS)


@pytest.mark.parametrize("kept", [0.1, 0.3, 0.5, 0.9])
def test_a_cut_off_one_is_refused(tmp_path, kept):
    content = REAL.read_bytes()
    (tmp_path / "cut.xls").write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(WorkbookRefused):
        read_register(tmp_path / "cut.xls", SPECS)


MUTATIONS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=6)


def mutated(mutations) -> bytes:
    content = bytearray(REAL.read_bytes())
    for place, fragment in mutations:
        start = int(place * len(content))
        content[start : start + len(fragment)] = fragment
    return bytes(content)


@examples(max_examples=300, deadline=None)
@given(mutations=MUTATIONS)
def test_mutated_ones_never_break_the_scan(mutations):
    with contextlib.suppress(Broken, KeyError, struct.error, UnicodeDecodeError, IndexError):
        Scan(Compound(mutated(mutations)).read("Workbook")).run()


@examples(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutations=MUTATIONS)
def test_mutated_ones_are_read_or_refused(tmp_path, mutations):
    (tmp_path / "mutated.xls").write_bytes(mutated(mutations))
    with contextlib.suppress(WorkbookRefused):
        read_register(tmp_path / "mutated.xls", SPECS)
