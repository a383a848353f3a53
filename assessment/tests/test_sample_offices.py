"""Two whole offices, from their registers to the workbook, value by value."""

import json
import random
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook

from assessment.tests.workbooks import read_back
from shuxiang.tests.fixtures import SAMPLES

ROOTS = {"bureau": "agency", "county": "umbrella"}
REGISTERS = ("roster", "submissions", "attendance")
PERIODS = ("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2024")

pytestmark = pytest.mark.django_db
each_office = pytest.mark.parametrize("office", ROOTS)


def bring_in(folder: Path, office: str) -> None:
    call_command("import_roster", folder / "roster.xlsx", **{ROOTS[office]: "测试局"})
    call_command("import_submissions", folder / "submissions.xlsx")
    call_command("import_attendance", folder / "attendance.xlsx")


def assess_all() -> None:
    for period in PERIODS:
        call_command("assess", period)


def exported(tmp_path: Path) -> dict:
    found = {}
    for period in PERIODS:
        path = tmp_path / f"{period}.xlsx"
        call_command("export_appraisal", period, path)
        found[period] = read_back(path, period)
    return found


def expected(office: str) -> dict:
    return json.loads((SAMPLES / "registers" / office / "expected.json").read_text())


def shuffled(source: Path, target: Path, seed: int) -> None:
    """The same workbook with the data rows of every sheet in another order."""
    book = Workbook()
    book.remove(book.active)
    for sheet in load_workbook(source):
        header, *rows = sheet.iter_rows(values_only=True)
        random.Random(seed).shuffle(rows)
        copy = book.create_sheet(sheet.title)
        for row in [header, *rows]:
            copy.append(row)
    book.save(target)


@each_office
def test_every_value_of_the_workbook_is_as_the_rules_give(office, tmp_path):
    bring_in(SAMPLES / "registers" / office, office)
    assess_all()
    assert exported(tmp_path) == expected(office)


@each_office
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(office, seed, tmp_path):
    for name in REGISTERS:
        shuffled(SAMPLES / "registers" / office / f"{name}.xlsx", tmp_path / f"{name}.xlsx", seed)
    bring_in(tmp_path, office)
    assess_all()
    assert exported(tmp_path) == expected(office)


@each_office
def test_importing_and_assessing_twice_changes_nothing(office, tmp_path):
    for _ in range(2):
        bring_in(SAMPLES / "registers" / office, office)
    for _ in range(2):
        assess_all()
    assert exported(tmp_path) == expected(office)
