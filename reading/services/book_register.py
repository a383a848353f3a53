"""图书 as Excel: its columns and what a row wants (assessment rules, section 10)."""

from collections.abc import Sequence
from datetime import date, datetime

from organization.models import Cadre
from reading.kinds import Source
from reading.marc.title import LENGTHS, Title
from reading.marc.words import class_of
from reading.services.arrivals import Arrivals
from reading.services.arrivals_wanted import Lot, Wanted
from reading.services.book_columns import (
    EARLIEST_YEAR,
    column,
    read_barcode,
    read_copies,
    read_divisions,
    read_isbn,
    read_year,
)
from reading.states import CopyState
from shuxiang.workbooks.importing import Plan
from shuxiang.workbooks.registers import Record, Register, SheetSpec, choice_column, date_column, text_column
from shuxiang.workbooks.values import shown

SHEET = "图书"
COMMAND = "manage.py import_books 文件"
ISBN, TITLE, AUTHOR, PUBLISHER, YEAR = "ISBN", "书名", "作者", "出版社", "出版年"
DIVISION, COPIES, PLACE, SOURCE, DONOR, ACQUIRED = "分类", "册数", "位置", "来源", "捐赠人", "入藏日期"
BARCODE, CALL_NUMBER, STATE = "条码", "索书号", "状态"
GONE = (CopyState.LOST, CopyState.WITHDRAWN)

SPECS = (
    SheetSpec(
        SHEET,
        (
            column(ISBN, read_isbn),
            text_column(TITLE, LENGTHS["title"], required=True),
            text_column(AUTHOR, LENGTHS["author"]),
            text_column(PUBLISHER, LENGTHS["publisher"]),
            column(YEAR, read_year),
            column(DIVISION, read_divisions),
            column(COPIES, read_copies),
            text_column(PLACE, 200),
            choice_column(SOURCE, {source.label: source for source in Source}),
            text_column(DONOR, 50),
            date_column(ACQUIRED),
            column(BARCODE, read_barcode),
            text_column(CALL_NUMBER, LENGTHS["call_number"]),
            choice_column(STATE, {state.label: state for state in CopyState}),
        ),
    ),
)


def plan_books(register: Register, *, today: date, now: datetime, by: Cadre | None = None) -> Plan:
    """Checks the register and says what it would change: at the desk. Raises WorkbookRefused."""
    return BookRegister(today=today, now=now, by=by, command=COMMAND).plan(register)


class BookRegister:
    """Plans the rows of one register, piece by piece where it is long: what one piece wrote, the next one finds."""

    def __init__(self, *, today: date, now: datetime, by: Cadre | None = None, command: str = "") -> None:
        self.today = today
        self.arrivals = Arrivals(today=today, now=now, by=by, command=command)
        self.undonated = 0

    def plan(self, register: Register) -> Plan:
        wanted = self.wanted(register.records[SHEET])
        plan = self.arrivals.plan(wanted)
        if self.undonated:
            plan.notices.append(
                f"有 {self.undonated} 行来源是“捐赠”而没有写捐赠人，照收；要记下是谁捐的，请补上再导入。"
            )
        return plan

    def wanted(self, records: Sequence[Record]) -> list[Wanted]:
        found = []
        for record in records:
            self.check(record)
            area, clc = self.divisions(record)
            if not record.problems:
                found.append(self.row(record, area, clc))
        return found

    def check(self, record: Record) -> None:
        values = record.values
        year = values.get(YEAR)
        if year is not None and not EARLIEST_YEAR <= year <= self.today.year + 1:
            record.refuse(YEAR, f"{year} 年不在 {EARLIEST_YEAR} 至 {self.today.year + 1} 之间，请核对，不知道就留空")
        acquired = values.get(ACQUIRED)
        if acquired is not None and acquired > self.today:
            record.refuse(ACQUIRED, f"{acquired} 在今天之后，请改正，不知道就留空")
        if values.get(BARCODE) and (values.get(COPIES) or 1) != 1:
            record.refuse(COPIES, "写了条码的行只能是 1 册，请一册一行，或去掉条码由系统编")

    def divisions(self, record: Record) -> tuple[int | None, str]:
        """The area's id and the class of the row's 分类."""
        areas: list[int] = []
        classes: list[str] = []
        for word in record.values.get(DIVISION) or ():
            if (area := self.arrivals.areas.get(word)) is not None:
                areas.append(area)
            elif clc := class_of(word):
                classes.append(clc)
            else:
                names = "、".join(self.arrivals.areas)
                record.refuse(
                    DIVISION, f"“{shown(word)}”不是主题类别（{names}），也不是中图法分类号（如 I210.6），请改正或留空"
                )
        for clc in classes:
            if len(clc) > LENGTHS["clc"]:
                record.refuse(
                    DIVISION, f"“{shown(clc)}”有 {len(clc)} 个字，分类号最多 {LENGTHS['clc']} 个字，请改正或留空"
                )
        if len(set(areas)) > 1 or len(set(classes)) > 1:
            record.refuse(DIVISION, "写了不止一个主题类别或分类号，请各留一个")
        return next(iter(areas), None), next(iter(classes), "")

    def row(self, record: Record, area: int | None, clc: str) -> Wanted:
        values = record.values
        title = Title(
            isbn=values.get(ISBN) or "",
            title=values[TITLE],
            author=values.get(AUTHOR) or "",
            publisher=values.get(PUBLISHER) or "",
            year=values.get(YEAR),
            clc=clc,
            call_number=values.get(CALL_NUMBER) or "",
        )
        donor = values.get(DONOR) or ""
        source = values.get(SOURCE) or (Source.DONATION if donor else Source.PURCHASE)
        acquired = values.get(ACQUIRED)
        self.undonated += source == Source.DONATION and not donor
        lot = Lot(
            count=values.get(COPIES) or 1,
            place=values.get(PLACE) or "",
            barcode=values.get(BARCODE) or "",
            source=source,
            donor=donor,
            acquired_on=acquired,
            gone=values.get(STATE) in GONE,
        )
        return Wanted(record, title, [lot], area=area, columns=COLUMNS)


# Which column of the sheet a refusal of the plan speaks of.
COLUMNS = {"title": TITLE, "isbn": ISBN, "place": PLACE, "barcode": BARCODE, "state": STATE}
