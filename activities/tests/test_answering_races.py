"""One answer a person, none lost, whoever answers at the same moment."""

import pytest

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scripts import last_line, same_server

ROUNDS = "20" if SOAK else "2"


def race(*arguments: str) -> str:
    asked = ("--rounds", ROUNDS, "--sheets", "200", *arguments)
    return last_line("activities.tests.answering_races", *asked, seconds=1800)


@pytest.mark.soak
def test_on_sqlite_one_sheet_a_person_and_none_lost():
    assert race().startswith("double=0 lost=0 errors=0")


@pytest.mark.soak
@pytest.mark.postgresql
def test_on_postgresql_one_sheet_a_person_and_none_lost():
    assert race(*same_server()).startswith("double=0 lost=0 errors=0")
