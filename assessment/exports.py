"""The appraisal workbook (assessment rules, section 9): values only, never formulas."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

from assessment.reports import Report, basis, rate, report_on, state_of
from organization.models import Scope
from shuxiang.periods import Period as PeriodValue
from shuxiang.workbooks.saving import save_whole
from shuxiang.workbooks.writing import NOTHING, Column, Layout, Value, write_sheet

PEOPLE, DEPARTMENTS, PARTY_GROUPS, ENTRIES, SCHEME = "个人考核表", "科室考核表", "党小组考核表", "积分明细", "方案"
TOTAL = "合计"
PARTY_GROUPS_ELSEWHERE = "党小组跨单位，由上级办公室导出"
ATTEMPTS = 3


class StillChanging(Exception):
    """The period was assessed again while it was exported, time after time; str() is a Chinese sentence."""


def export_appraisal(value: PeriodValue, path: Path, *, ranks: bool, scope: Scope) -> Report:
    """Writes the workbook of a period; the file appears whole or not at all. Memory does not grow with its rows.

    It holds what is in the scope, with the figures of the whole sheet.

    An assessment that is written meanwhile makes it start over, so that all sheets are of one run.
    Raises NotAssessed, StillChanging and OSError.
    """
    for _ in range(ATTEMPTS):
        before = state_of(value)
        report = report_on(value, ranks=ranks, scope=scope)
        book = workbook_of(report)
        if state_of(value) == before:
            save_whole(book, path)
            return report
    raise StillChanging(f"{value} 正在反复重新计算，请稍后再导出。")


def workbook_of(report: Report) -> Workbook:
    book = Workbook(write_only=True)
    write_sheet(book, layout(report, PEOPLE, person_columns(report), frozen=3), person_rows(report))
    write_sheet(book, layout(report, DEPARTMENTS, department_columns(report), frozen=2), department_rows(report))
    party_groups = layout(report, PARTY_GROUPS, PARTY_GROUP_COLUMNS, frozen=1)
    if not report.scope.everybody:
        party_groups = replace(party_groups, subtitle=f"{party_groups.subtitle}　{PARTY_GROUPS_ELSEWHERE}")
    write_sheet(book, party_groups, party_group_rows(report))
    write_sheet(book, layout(report, ENTRIES, ENTRY_COLUMNS, frozen=2), entry_rows(report))
    write_sheet(book, layout(report, SCHEME, SCHEME_COLUMNS), scheme_rows(report))
    return book


def layout(report: Report, name: str, columns: Sequence[Column], frozen: int = 0) -> Layout:
    versions = "、".join(str(version) for version in report.scheme["versions"])
    subtitle = "　".join(
        [
            f"考核期：{report.period.label}",
            f"单位：{report.unit}",
            f"方案：{report.scheme['name']}第 {versions} 版",
            f"制表日期：{report.made_on}",
            report.digest,
        ]
    )
    return Layout(name, f"{report.unit}{report.period.label}书香机关{name}", subtitle, columns, frozen)


def person_columns(report: Report) -> list[Column]:
    quotas = [Column(f"{name}{word}", 7, "count") for name in report.quota_names for word in ("应报", "已报")]
    return [
        Column("名次", 6, "count"),
        Column("工号", 11, "center"),
        Column("姓名", 12, "center"),
        Column("科室", 24),
        Column("党小组", 14, "center"),
        *quotas,
        Column("优秀作品", 9, "count"),
        Column("本期积分", 10, "money"),
        Column("以前期调整", 10, "money"),
        Column("年度积分", 10, "money"),
        Column("达标情况", 10, "center"),
        Column("备注", 40),
    ]


def person_rows(report: Report) -> Iterator[list[Value]]:
    for row in report.people():
        quotas = [number for _, due, done in row.quotas for number in (due, done)]
        yield [
            row.rank if report.ranks else None,
            row.employee_number,
            row.name,
            row.department_path,
            row.party_group,
            *quotas,
            row.excellent,
            row.points,
            row.adjustment,
            row.year_points,
            row.get_status_display(),
            row.note,
        ]


def department_columns(report: Report) -> list[Column]:
    return [
        Column("名次", 6, "count"),
        Column("科室", 32),
        Column("在册人数", 10, "count"),
        Column("应考人数", 10, "count"),
        Column("达标人数", 10, "count"),
        Column("达标率", 10, "rate"),
        Column("优秀作品", 10, "count"),
        Column("总积分", 12, "money"),
        Column("人年数" if report.is_year else "人季数", 10, "money"),
        Column("人均积分", 10, "money"),
    ]


def department_rows(report: Report) -> Iterator[list[Value]]:
    for row in report.departments():
        yield [
            row.rank if report.ranks else None,
            TOTAL if report.totals(row) else row.department_path,
            row.listed,
            row.assessed,
            row.met,
            shown(rate(row.met, row.assessed)),
            row.excellent,
            row.points,
            row.person_periods,
            shown(row.average),
        ]


PARTY_GROUP_COLUMNS = [
    Column("党小组", 32),
    Column("在册人数", 12, "count"),
    Column("应考人数", 12, "count"),
    Column("达标人数", 12, "count"),
    Column("达标率", 12, "rate"),
    Column("总积分", 14, "money"),
]


def party_group_rows(report: Report) -> Iterator[list[Value]]:
    for row in report.party_groups():
        yield [row.name, row.listed, row.assessed, row.met, shown(rate(row.met, row.assessed)), row.points]


ENTRY_COLUMNS = [
    Column("工号", 11, "center"),
    Column("姓名", 12, "center"),
    Column("科室", 22),
    Column("日期", 12, "date"),
    Column("事项", 13),
    Column("依据", 48),
    Column("规则", 24),
    Column("分值", 8, "money"),
    Column("说明", 18),
]


def entry_rows(report: Report) -> Iterator[list[Value]]:
    for entry in report.entries():
        yield [
            entry.employee_number,
            entry.name,
            entry.department_path,
            entry.date,
            entry.get_fact_kind_display(),
            basis(entry),
            entry.rule_code,
            entry.points,
            entry.note,
        ]


SCHEME_COLUMNS = [
    Column("类别", 14),
    Column("规则", 26),
    Column("事项", 18),
    Column("周期或评级", 14),
    Column("数量或分值", 14, "money"),
    Column("季度上限", 12, "money"),
    Column("年度上限", 12, "money"),
]


def scheme_rows(report: Report) -> Iterator[list[Value]]:
    scheme = report.scheme
    for quota in scheme["quotas"]:
        yield ["应报任务", "", quota["name"], quota["cycle"], quota["required"], None, None]
    for rule in scheme["rules"]:
        caps = [decimal(rule[cap]) for cap in ("quarter_cap", "year_cap")]
        yield ["积分规则", rule["code"], rule["kind"], rule["grade"], decimal(rule["points"]), *caps]
    yield ["补报", "", "宽限天数", "", scheme["grace_days"], None, None]
    yield ["补报", "", "基础分系数", "", decimal(scheme["late_factor"]), None, None]


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def shown(value: Decimal | None) -> Value:
    """A quotient, or the dash where there was nothing to divide by."""
    return NOTHING if value is None else value
