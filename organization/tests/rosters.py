"""Small rosters of one agency, and what bringing them in says and stores."""

from datetime import date
from pathlib import Path

import pytest

from organization.models import Posting, Tree
from shuxiang.tests.registers import refusal, run, stored, write_book

HEADER = ["工号", "姓名", "科室", "党小组", "职务", "角色", "入职日期", "离职日期", "手机号"]
DATED = ["工号", "科室", "起", "止"]
LEAVES = ["工号", "类型", "起", "止"]
GROUPS = ["工号", "党小组", "起", "止"]
HIRED = date(2020, 3, 1)


def person(number="A0001", name="张某", department="办公室", group=None, hired=HIRED, left=None, roles="干部"):
    return [number, name, department, group, "科员", roles, hired, left, None]


def write_roster(path: Path, *people, **sheets) -> Path:
    named = {"任职": DATED, "请假": LEAVES, "党小组": GROUPS}
    rows = {"花名册": [HEADER, *people]} | {name: [named[name], *rows] for name, rows in sheets.items()}
    return write_book(path, rows)


@pytest.fixture
def roster(tmp_path):
    return lambda *people, **sheets: write_roster(tmp_path / "roster.xlsx", *people, **sheets)


def bring_in(path, **options):
    return run("import_roster", path, agency="测试局", **options)


def refused(path, **options):
    before = stored()
    message = refusal("import_roster", path, agency="测试局", **options)
    assert stored() == before
    return message


def spans(cadre="A0001"):
    paths = Tree.load().paths
    rows = Posting.objects.filter(cadre__employee_number=cadre).order_by("since")
    return [(row.since, row.until, paths[row.department_id]) for row in rows]
