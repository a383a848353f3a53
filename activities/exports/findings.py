"""The ledger of findings as a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook

from activities.models import Finding
from shuxiang.workbooks.writing import Column, Layout, Value, saved, write_sheet

COLUMNS = [
    Column("序号", 6, "count"),
    Column("问题", 36),
    Column("来源", 20),
    Column("提出日期", 12, "date"),
    Column("整改措施", 32),
    Column("责任人", 12, "center"),
    Column("完成期限", 12, "date"),
    Column("状态", 10, "center"),
    Column("答复", 36),
    Column("公开", 6, "center"),
    Column("缺项", 16),
]


def source_of(finding: Finding) -> str:
    """Where it was found, in words; of the box no more than that."""
    if finding.activity is not None:
        return finding.activity.title
    return finding.questionnaire.title if finding.questionnaire is not None else "意见箱"


def findings_workbook(findings: Iterable[Finding], unit: str, today: date) -> BytesIO:
    book, rows = Workbook(write_only=True), list(findings)
    layout = Layout("问题台账", f"{unit}问题台账", f"制表日期：{today}　共 {len(rows)} 条", COLUMNS, frozen=2)
    write_sheet(book, layout, rows_of(rows))
    return saved(book)


def rows_of(findings: Sequence[Finding]) -> Iterator[Sequence[Value]]:
    for number, each in enumerate(findings, start=1):
        yield (
            number, each.text, source_of(each), each.raised_on, each.action, each.owner.name if each.owner else "",
            each.due_on, each.get_state_display(), each.reply, "是" if each.is_public else "否", "、".join(each.lacks),
        )  # fmt: skip
