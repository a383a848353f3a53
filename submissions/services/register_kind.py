"""作品登记 as a register of the desk."""

from organization.services.register_kinds import RegisterKind
from submissions.kinds import Grade, Kind
from submissions.services.register import (
    DATE,
    GRADE,
    KIND,
    MEMBERS,
    NUMBER,
    QUARTER,
    REFERENCE,
    SHEET,
    SPECS,
    STATE,
    STATES,
    TITLE,
)
from submissions.services.register_plan import plan_submissions

HINTS = {
    (SHEET, REFERENCE): "最多 40 字，表内不能重复；以后凭它认出同一件作品",
    (SHEET, KIND): "、".join(kind.label for kind in Kind),
    (SHEET, TITLE): "最多 200 字",
    (SHEET, NUMBER): "主要作者；须在上报日期在职",
    (SHEET, MEMBERS): "其他作者的工号，用“；”隔开",
    (SHEET, DATE): "第一次上报的日期，如 2026-03-01",
    (SHEET, QUARTER): "留空就是上报日期所在的季度；宽限期内补报可写上一季度，如 2026Q1",
    (SHEET, STATE): "、".join(STATES),
    (SHEET, GRADE): "、".join(grade.label for grade in Grade) + "，或留空",
}


SUBMISSIONS_KIND = RegisterKind(
    key="submissions",
    title=SHEET,
    noun="件",
    subject="作品",
    about="作品和它们的状态、评级。同一编号以表为准，表里没有的作品保持原样。",
    specs=SPECS,
    hints=HINTS,
    plan=plan_submissions,
    model="submissions.submission",
)
