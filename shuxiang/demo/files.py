"""The invented registers as Excel files in the layouts that the imports read (assessment rules, section 10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shuxiang.demo.activities import Activity, invent_activities
from shuxiang.demo.library import Shelved, invent_books
from shuxiang.demo.people import DEMO_AGENCY, Person, Term, invent_people, recorded_quarters
from shuxiang.demo.works import Work, invent_works

ROSTER_COLUMNS = {
    "工号": 9,
    "姓名": 18,
    "科室": 34,
    "党小组": 13,
    "职务": 18,
    "角色": 15,
    "入职日期": 12,
    "离职日期": 12,
    "手机号": 14,
}
POSTING_COLUMNS = {"工号": 9, "科室": 34, "起": 12, "止": 12}
LEAVE_COLUMNS = {"工号": 9, "类型": 12, "起": 12, "止": 12}
MEMBERSHIP_COLUMNS = {"工号": 9, "党小组": 13, "起": 12, "止": 12}
WORK_COLUMNS = {
    "编号": 17,
    "类型": 11,
    "题目": 52,
    "工号": 9,
    "参与人": 38,
    "上报日期": 12,
    "考核期": 10,
    "状态": 9,
    "评级": 8,
}
ATTENDANCE_COLUMNS = {"活动编号": 12, "活动名称": 46, "类型": 13, "日期": 12, "工号": 9, "身份": 8}
BOOK_COLUMNS = {
    "ISBN": 15,
    "书名": 36,
    "作者": 24,
    "出版社": 18,
    "出版年": 8,
    "分类": 22,
    "册数": 6,
    "位置": 16,
    "来源": 8,
    "捐赠人": 16,
    "入藏日期": 12,
}

Row = Sequence[str | int | date | None]


@dataclass(frozen=True)
class DemoFiles:
    roster: Path
    submissions: Path
    attendance: Path
    books: Path


def write_registers(folder: Path, today: date) -> DemoFiles:
    """Write the four registers as they stand on that day; the same day gives the same cells."""
    names = ("花名册", "作品登记", "活动签到", "图书")
    files = DemoFiles(*(folder / f"{name}.xlsx" for name in names))
    folder.mkdir(parents=True, exist_ok=True)
    people = invent_people(today)
    _roster(people).save(files.roster)
    _submissions(invent_works(people, today), today).save(files.submissions)
    _attendance(invent_activities(people, today)).save(files.attendance)
    _books(invent_books(today)).save(files.books)
    return files


def _roster(people: Sequence[Person]) -> Workbook:
    book = _book()
    _fill(book.create_sheet("花名册"), ROSTER_COLUMNS, map(_roster_row, people))
    postings = [(person.number, person.postings) for person in people if len(person.postings) > 1]
    _fill(book.create_sheet("任职"), POSTING_COLUMNS, _term_rows(postings))
    _fill(book.create_sheet("请假"), LEAVE_COLUMNS, _term_rows((person.number, person.leaves) for person in people))
    memberships = [(person.number, person.memberships) for person in people if not _plain_membership(person)]
    _fill(book.create_sheet("党小组"), MEMBERSHIP_COLUMNS, _term_rows(memberships))
    return book


def _roster_row(person: Person) -> Row:
    return (
        person.number,
        person.name,
        person.postings[-1].what,
        person.memberships[-1].what if person.memberships else None,
        person.title,
        person.roles,
        person.joined,
        person.left,
        person.phone,
    )


def _plain_membership(person: Person) -> bool:
    """The roster's own columns say it all: none, or one for the whole time in service."""
    return all(
        membership.since == person.joined and membership.until == person.left for membership in person.memberships
    )


def _term_rows(terms_by_number: Iterable[tuple[str, tuple[Term, ...]]]) -> list[Row]:
    return [(number, term.what, term.since, term.until) for number, terms in terms_by_number for term in terms]


def _submissions(works: Sequence[Work], today: date) -> Workbook:
    """With the office's title and a line on the period above the header, which stands in row 3."""
    book = _book()
    sheet = book.create_sheet("作品登记")
    first = recorded_quarters(today)[0].span.first
    sheet.append([f"{DEMO_AGENCY}读书作品登记表"])
    sheet.append([f"登记期间：{_month(first)}至{_month(today)}　　登记：办公室"])
    sheet["A1"].font = Font(bold=True, size=16)
    _fill(sheet, WORK_COLUMNS, map(_work_row, works))
    return book


def _work_row(work: Work) -> Row:
    main, *others = work.authors
    return (
        work.number,
        work.kind,
        work.title,
        main.number,
        "；".join(person.number for person in others) or None,
        work.day,
        str(work.quarter) if work.quarter else None,
        work.state,
        work.grade or None,
    )


def _attendance(activities: Sequence[Activity]) -> Workbook:
    book = _book()
    rows: list[Row] = []
    for activity in activities:
        for role, people in (("主讲", activity.speakers), ("参加", activity.attendees)):
            for person in people:
                rows.append((activity.number, activity.name, activity.kind, activity.day, person.number, role))
    _fill(book.create_sheet("活动签到"), ATTENDANCE_COLUMNS, rows)
    return book


def _books(lines: Sequence[Shelved]) -> Workbook:
    book = _book()
    _fill(book.create_sheet("图书"), BOOK_COLUMNS, map(_book_row, lines))
    return book


def _book_row(line: Shelved) -> Row:
    return (
        line.isbn or None,
        line.title,
        line.author,
        line.publisher,
        line.year,
        f"{line.area}/{line.clc}",
        line.copies,
        line.place,
        line.source,
        line.donor or None,
        line.acquired,
    )


def _book() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = f"{DEMO_AGENCY}办公室"
    return book


def _fill(sheet: Worksheet, columns: dict[str, int], rows: Iterable[Row]) -> None:
    """Append the header and the rows below what the sheet already holds; `columns` are widths by name."""
    sheet.append(list(columns))
    header = sheet.max_row
    for cell in sheet[header]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E6DFD2")
        cell.alignment = Alignment(horizontal="center")
    for row in rows:
        sheet.append(list(row))
    for position, width in enumerate(columns.values(), start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.freeze_panes = f"A{header + 1}"


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"
