"""Whatever bytes come in, the outcome is a register or a refusal, never another exception."""

import contextlib
import io
import zipfile
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuxiang.tests.workbook_files import HEADERS, PERSON, SPECS, pack
from shuxiang.workbooks.compound import OLE_MAGIC
from shuxiang.workbooks.registers import WorkbookRefused, read_register, write_refused


def good_workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    for row in (HEADERS, PERSON, ("A0002", "李四", "办公室", 43891), ("A0003", "=1+1", "人事处", "2020/3/1")):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    sheet.row_dimensions[4].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


GOOD = good_workbook()
with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
    GOOD_PARTS: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}

FRAGMENTS = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b"-1", b"1e999", b"nan", b"9" * 5000, b"A0", b"XFD1048577", b"_xD800_", b"<", b'"']),
    st.sampled_from([b't="s"', b't="d"', b't="b"', b'hidden="1"', b'<mergeCell ref="A1:XFD9"/>']),
    st.sampled_from([b"<c/>", b"<row/>", b"<v>5</v>", b"<f>1</f>"]),
)
MUTATIONS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 30), FRAGMENTS), min_size=1, max_size=4
)


def mutate(content: bytes, mutations: list[tuple[float, int, bytes]]) -> bytes:
    """At each place (a fraction of the length) some bytes are cut out and others put in."""
    for place, cut, fragment in mutations:
        start = int(place * len(content))
        content = content[:start] + fragment + content[start + cut :]
    return content


def read_or_refuse(path: Path) -> None:
    """Any other exception fails the test. What can be read can also be given back."""
    with contextlib.suppress(WorkbookRefused):
        register = read_register(path, SPECS)
        records = [record for records in register.records.values() for record in records]
        write_refused(path.with_name("refused.xlsx"), register, records)


FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(
    content=st.binary(max_size=300),
    magic=st.sampled_from([b"", b"PK\x03\x04", OLE_MAGIC, b"<?xml", b"\xff\xfe"]),
)
def test_random_bytes_never_break_the_reader(tmp_path, content, magic):
    (tmp_path / "register.xlsx").write_bytes(magic + content)
    read_or_refuse(tmp_path / "register.xlsx")


@FUZZ
@given(mutations=MUTATIONS, kept=st.floats(0, 1))
def test_mutated_files_never_break_the_reader(tmp_path, mutations, kept):
    content = mutate(GOOD, mutations)
    (tmp_path / "register.xlsx").write_bytes(content[: int(len(content) * kept)] if kept < 0.3 else content)
    read_or_refuse(tmp_path / "register.xlsx")


@settings(FUZZ, max_examples=250)
@given(name=st.sampled_from(sorted(GOOD_PARTS)), mutations=MUTATIONS)
def test_mutated_parts_never_break_the_reader(tmp_path, name, mutations):
    contents = GOOD_PARTS | {name: mutate(bytes(GOOD_PARTS[name]), mutations)}
    read_or_refuse(pack(tmp_path / "register.xlsx", contents))
