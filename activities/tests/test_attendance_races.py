"""Two organisers who tick on two phones undo nothing of each other."""

import pytest

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scripts import last_line, same_server

NEVER = "undone=0 doubled=0 unchained=0 errors=0"


def race(*arguments: str) -> str:
    return last_line("activities.tests.attendance_races", *arguments, seconds=3600)


@pytest.mark.soak
def test_on_sqlite_no_tick_is_undone_unseen():
    assert race("--rounds", "100" if SOAK else "10", "--phones", "3").endswith(NEVER)


@pytest.mark.soak
@pytest.mark.postgresql
def test_on_postgresql_no_tick_is_undone_unseen():
    assert race(*same_server(), "--rounds", "200" if SOAK else "15", "--phones", "8").endswith(NEVER)
