"""Every hostile register through import_roster: read right, or refused with nothing written and a reason."""

import pytest

from organization.models import Cadre, Posting
from shuxiang.tests.hostile import FOLDER, READ, REFUSED_FILES, REFUSED_ROWS
from shuxiang.tests.registers import refusal, run, stored

pytestmark = pytest.mark.django_db


def test_every_sample_is_listed():
    assert {path.name for path in FOLDER.iterdir()} == {*READ, *REFUSED_FILES, *REFUSED_ROWS}


@pytest.mark.parametrize("name", sorted(READ))
def test_read_right(name):
    run("import_roster", FOLDER / name, agency="测试局")
    people = dict(Cadre.objects.values_list("employee_number", "name"))
    since = dict(Posting.objects.values_list("cadre__employee_number", "since"))
    for number, person, hired in READ[name]:
        assert (people[number], since[number]) == (person, hired)


@pytest.mark.parametrize("name", sorted(REFUSED_FILES))
def test_a_refused_file_writes_nothing(name):
    before = stored()
    assert REFUSED_FILES[name] in refusal("import_roster", FOLDER / name, agency="测试局")
    assert stored() == before


@pytest.mark.parametrize("name", sorted(REFUSED_ROWS))
def test_refused_rows_write_nothing(name):
    before = stored()
    sheet, row, column, reason = REFUSED_ROWS[name]
    place = f"“{sheet}”第 {row} 行" + (f"“{column}”" if column else "")
    said = refusal("import_roster", FOLDER / name, agency="测试局")
    assert any(line.startswith(place) and reason in line for line in said.splitlines())
    assert stored() == before
