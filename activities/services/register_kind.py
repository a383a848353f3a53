"""活动签到 as a register of the desk."""

from activities.services.register import (
    CAPACITY,
    CATEGORY,
    DATE,
    NUMBER,
    REFERENCE,
    SHEET,
    SPECS,
    TITLE,
    plan_attendance,
)
from organization.services.register_kinds import RegisterKind

HINTS = {
    (SHEET, REFERENCE): "最多 40 字；一次活动一个编号，各行的日期、名称、类型要一致",
    (SHEET, TITLE): "最多 200 字",
    (SHEET, CATEGORY): "最多 50 字，如 读书分享会",
    (SHEET, DATE): "活动当天，如 2026-03-01",
    (SHEET, NUMBER): "一人一行；那天须在职",
    (SHEET, CAPACITY): "参加、主讲",
}


ATTENDANCE_KIND = RegisterKind(
    key="attendance",
    title=SHEET,
    noun="条",
    subject="签到",
    about="活动和参加、主讲的人。新的签到加上，表里少了的不删除。",
    specs=SPECS,
    hints=HINTS,
    plan=plan_attendance,
    model="activities.attendance",
)
