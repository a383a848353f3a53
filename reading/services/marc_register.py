"""A MARC file as a register: its records take the place of rows, its fields that of columns."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import ClassVar

from pymarc import Record as MarcRecord
from pymarc import record_to_xml

from organization.models import Cadre
from reading.marc.files import XML, Found, form_of, read
from reading.marc.reading import read_title
from reading.marc.title import Title
from reading.services.arrivals import MOST_WEB_COPIES, Arrivals, too_many_copies
from reading.services.arrivals_wanted import Lot, Wanted
from shuxiang.workbooks.importing import Outcome, Plan
from shuxiang.workbooks.records import Record, Register
from shuxiang.workbooks.refusal import WorkbookRefused
from shuxiang.workbooks.registers import SheetSpec

SHEET = "MARC"
COMMAND = "manage.py import_marc 文件"
COLUMNS = {"title": "题名", "isbn": "ISBN", "place": "馆藏", "barcode": "馆藏", "state": "馆藏"}
START, BETWEEN, END = b'<?xml version="1.0" encoding="UTF-8"?>\n<collection>\n', b"\n", b"</collection>\n"


@dataclass(eq=False)
class TitleRecord(Record):
    """`raw` or `read`: what is given back where it is refused."""

    unit: ClassVar[str] = "条记录"
    title: Title | None = None
    raw: bytes = b""
    read: MarcRecord | None = None


def record_of(found: Found) -> TitleRecord:
    record = TitleRecord(SHEET, found.number, raw=found.raw, read=None if found.raw else found.record)
    if found.record is None:
        record.refuse("", found.fault)
        return record
    title, faults = read_title(found.record)
    for tag, reason in faults:
        record.refuse(tag, reason)
    record.title = title
    return record


def read_marc(path: Path, max_records: int | None = None) -> Register:
    """Raises WorkbookRefused."""
    records: list[Record] = []
    copies = 0
    for found in read(path):
        record = record_of(found)
        records.append(record)
        copies += len(record.title.holdings) if record.title is not None else 0
        if max_records is not None and copies > MOST_WEB_COPIES:
            raise WorkbookRefused(too_many_copies(COMMAND))
        if max_records is not None and len(records) > max_records:
            raise WorkbookRefused(
                f"文件超过 {max_records} 条，网页上一次导入不了。请系统维护人员在服务器上运行：{COMMAND}。"
            )
    return Register({SHEET: records})


def read_marc_in_pieces(path: Path, size: int) -> Iterator[Register]:
    records: Iterator[Record] = map(record_of, read(path))
    while piece := list(islice(records, size)):
        yield Register({SHEET: piece})


def plan_marc(register: Register, *, today: date, now: datetime, by: Cadre | None = None) -> Plan:
    return MarcRegister(today=today, now=now, by=by, command=COMMAND).plan(register)


class MarcRegister:
    """Plans the records of one file, piece by piece where it is long. `place`: where records without one of their own
    get a copy; without it they make titles alone."""

    def __init__(
        self, *, today: date, now: datetime, by: Cadre | None = None, place: str = "", command: str = ""
    ) -> None:
        self.arrivals = Arrivals(today=today, now=now, by=by, command=command)
        self.place = place

    def plan(self, register: Register) -> Plan:
        return self.arrivals.plan([self.wanted(record) for record in register.records[SHEET] if not record.problems])

    def wanted(self, record: Record) -> Wanted:
        assert isinstance(record, TitleRecord)
        assert record.title is not None
        title = record.title
        lots = [
            Lot(barcode=each.barcode, place=each.place or self.place, any_copy=not each.barcode)
            for each in title.holdings
        ]
        if any(lot.barcode for lot in lots):
            lots = [lot for lot in lots if lot.barcode]
        if not lots and self.place:
            lots = [Lot(place=self.place, any_copy=True)]
        return Wanted(record, title, lots, COLUMNS)


class MarcFiles:
    """The form of a MARC file at the desk."""

    accept = ".mrc,.iso,.marc,.xml,.dat"
    about = "MARC 21 或 CNMARC，ISO 2709（.mrc、.iso、.marc）或 MARCXML（.xml），UTF-8、GBK 都行。看内容，不看扩展名。"
    refused_name = "退回的记录.zip"
    unit = "条"
    column = "字段"
    command = COMMAND

    def read(self, path: Path, specs: Sequence[SheetSpec], max_rows: int | None) -> Register:
        register = read_marc(path, max_rows)
        register.headers[SHEET] = [form_of(path)]
        return register

    def give_back(self, register: Register, outcome: Outcome, path: Path) -> None:
        form = register.headers[SHEET][0]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "退回的记录.xml" if form == XML else "退回的记录.mrc", b"".join(content_of(outcome.refused, form))
            )
            archive.writestr("原因.txt", "\r\n".join(reasons_of(outcome.refused)))


def content_of(records: Iterable[Record], form: str) -> Iterator[bytes]:
    """A file of the same form with these records."""
    found = [record for record in records if isinstance(record, TitleRecord)]
    if form != XML:
        yield from (record.raw for record in found)
        return
    yield START
    for record in found:
        if record.read is not None:
            yield record_to_xml(record.read, namespace=True)
            yield BETWEEN
    yield END


def reasons_of(records: Iterable[Record]) -> Iterator[str]:
    return (str(problem) for record in records for problem in record.problems)
