"""The list of an activity as a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from activities.models import Activity
from activities.states import RegistrationState
from organization.services.places import unit_name
from shuxiang.periods import SHANGHAI
from shuxiang.workbooks.writing import NOTHING, Column, Layout, Value, saved, write_sheet

COLUMNS = [
    Column("序号", 6, "count"),
    Column("姓名", 14),
    Column("工号", 16, "center"),
    Column("科室", 24),
    Column("状态", 14, "center"),
    Column("报名时间", 20, "center"),
]


def registrations_workbook(activity: Activity, rows: Iterable[Any], today: date) -> BytesIO:
    """`rows` as services.sign_up_lists.rows_of gives them."""
    book = Workbook(write_only=True)
    subtitle = f"活动时间：{activity.when}　地点：{activity.venue or NOTHING}　制表日期：{today}"
    layout = Layout("报名名单", f"{unit_name()}{activity.title}报名名单", subtitle, COLUMNS, frozen=2)
    write_sheet(book, layout, lines_of(rows))
    return saved(book)


def lines_of(rows: Iterable[Any]) -> Iterator[Sequence[Value]]:
    place = 0
    for number, row in enumerate(rows, start=1):
        waits = row.state == RegistrationState.WAITING
        place += waits
        state = f"候补第 {place} 位" if waits else row.get_state_display()
        signed_up = f"{row.queued_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        yield number, row.cadre.name, row.cadre.employee_number, row.department or NOTHING, state, signed_up
