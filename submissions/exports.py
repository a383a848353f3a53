"""Workbooks of works."""

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook

from activities.models import Call
from shuxiang.workbooks.writing import Column, Layout, Value, saved, write_sheet
from submissions import reports
from submissions.models.submission import SubmissionQuerySet

CHUNK = 500
COLUMNS = [
    Column("序号", 6, "count"),
    Column("编号", 16, "center"),
    Column("类型", 12, "center"),
    Column("题目", 40),
    Column("作者", 28),
    Column("科室", 18),
    Column("上报日期", 12, "date"),
    Column("状态", 10, "center"),
    Column("评级", 8, "center"),
]


def call_workbook(call: Call, works: SubmissionQuerySet, unit: str, today: date) -> BytesIO:
    """All works of a call that the office may see, the first handed in first."""
    book = Workbook(write_only=True)
    subtitle = f"{call.reference}　{call.since} 至 {call.until}　制表日期：{today}"
    layout = Layout("应征作品", f"{unit}{call.title}应征作品", subtitle, COLUMNS, frozen=2)
    write_sheet(book, layout, rows(works))
    return saved(book)


def rows(works: SubmissionQuerySet) -> Iterator[Sequence[Value]]:
    keys = reports.keys(works.order_by("credit_date", "pk"))
    for start in range(0, len(keys), CHUNK):
        found = list(
            reports.with_people(works.filter(pk__in=keys[start : start + CHUNK]).order_by("credit_date", "pk"))
        )
        places = reports.main_departments(found)
        for number, work in enumerate(found, start=start + 1):
            authors = "、".join(person.cadre.name for person in work.contributors.all())
            place = work.owner_department.name if work.owner_department else places.get(work.pk, "")
            state, grade = work.get_state_display(), work.get_grade_display()
            yield (
                number,
                work.reference,
                work.get_kind_display(),
                work.title,
                authors,
                place,
                work.credit_date,
                state,
                grade,
            )
