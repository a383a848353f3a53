"""Nobody gets a book twice, no hold is lost, the limit stands (promise P4)."""

import pytest

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scripts import last_line, same_server

NEVER = "double=0 lost_holds=0 unbalanced=0 over_limit=0 errors=0"


def race(*arguments: str) -> str:
    return last_line("reading.tests.lending_races", *arguments, seconds=3600)


@pytest.mark.soak
def test_on_sqlite_nothing_is_lent_twice_and_no_hold_is_lost():
    rounds = "500" if SOAK else "25"
    assert race("--rounds", rounds, "--threads", "4").endswith(NEVER)


@pytest.mark.soak
@pytest.mark.postgresql
def test_on_postgresql_nothing_is_lent_twice_and_no_hold_is_lost():
    rounds, threads = ("200", "50") if SOAK else ("12", "20")
    assert race(*same_server(), "--rounds", rounds, "--threads", threads).endswith(NEVER)
