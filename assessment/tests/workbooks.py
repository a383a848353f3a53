"""Reads an exported workbook back into the shape of the samples' expected.json."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from assessment.models import PersonResult

QUOTAS = ("诵读作品", "读书心得", "好书推荐")


def sheet_rows(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows below the header in row 3, by column name; an empty cell reads as None."""
    book = load_workbook(path)
    values = list(book[name].iter_rows(min_row=3, values_only=True))
    return [dict(zip(values[0], row, strict=True)) for row in values[1:]]


def money(value: Any) -> str | None:
    return None if value == "—" else f"{Decimal(str(value)):.2f}"


def read_back(path: Path, period: str) -> dict[str, Any]:
    effective = dict(PersonResult.objects.filter(period=period).values_list("employee_number", "effective_days"))
    return {
        "people": {row["工号"]: person(row, effective) for row in sheet_rows(path, "个人考核表")},
        "departments": {row["科室"]: department(row) for row in sheet_rows(path, "科室考核表")},
        "party_groups": {row["党小组"]: party_group(row) for row in sheet_rows(path, "党小组考核表")},
        "entries": sorted(entry(row) for row in sheet_rows(path, "积分明细")),
    }


def person(row: dict[str, Any], effective: dict[str, int]) -> dict[str, Any]:
    return {
        "department": row["科室"],
        "party_group": row["党小组"] or "",
        "effective_days": effective[row["工号"]],
        "excellent": row["优秀作品"],
        "points": money(row["本期积分"]),
        "year_points": money(row["年度积分"]),
        "status": row["达标情况"],
        "rank": row["名次"],
        "note": row["备注"] or "",
        "quotas": {name: [row[f"{name}应报"], row[f"{name}已报"]] for name in QUOTAS},
    }


def department(row: dict[str, Any]) -> dict[str, Any]:
    periods = row["人季数"] if "人季数" in row else row["人年数"]
    return {
        "listed": row["在册人数"],
        "assessed": row["应考人数"],
        "met": row["达标人数"],
        "excellent": row["优秀作品"],
        "points": money(row["总积分"]),
        "person_periods": money(periods),
        "average": money(row["人均积分"]),
        "rank": row["名次"],
    }


def party_group(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "listed": row["在册人数"],
        "assessed": row["应考人数"],
        "met": row["达标人数"],
        "points": money(row["总积分"]),
    }


def entry(row: dict[str, Any]) -> list[str]:
    assert isinstance(row["日期"], datetime)
    reference = row["依据"].split(" ", 1)[0]
    points = money(row["分值"])
    assert points is not None
    return [row["工号"], f"{row['日期']:%Y-%m-%d}", reference, row["规则"], points, row["科室"], row["说明"] or ""]
