"""Who came, as a workbook of the register's columns, which can be brought in again and changes nothing."""

import io
from collections.abc import Iterator

from openpyxl import Workbook

from activities.models import Activity, Attendance
from activities.models.attendance import AttendanceQuerySet
from activities.services.register import CAPACITY, CATEGORY, DATE, NUMBER, REFERENCE, SHEET, TITLE
from shuxiang.rows import by_code_point
from shuxiang.workbooks.writing import Column, Layout, Value, write_sheet

COLUMNS = (
    Column(REFERENCE, 16),
    Column(TITLE, 40),
    Column(CATEGORY, 18),
    Column(DATE, 12, "date"),
    Column(NUMBER, 14),
    Column(CAPACITY, 8, "center"),
)


def attendance_content(activity: Activity, attendances: AttendanceQuerySet) -> io.BytesIO:
    """The valid ones of those given, a line each."""
    subtitle = f"{activity.date}，{activity.venue}" if activity.venue else str(activity.date)
    layout = Layout(SHEET, f"{activity.title}签到", subtitle, COLUMNS, frozen=2)
    book = Workbook(write_only=True)
    write_sheet(book, layout, rows(activity, attendances))
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


def rows(activity: Activity, attendances: AttendanceQuerySet) -> Iterator[list[Value]]:
    found = attendances.valid().order_by(by_code_point("cadre__employee_number"), "capacity")
    for number, capacity in found.values_list("cadre__employee_number", "capacity"):
        label = Attendance.Capacity(capacity).label
        yield [activity.reference, activity.title, activity.category, activity.date, number, label]
