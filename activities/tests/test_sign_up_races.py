"""Never one too many, nobody lost from the waiting list (promise P4)."""

import pytest

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scripts import last_line, same_server

NEVER = "overbooked=0 lost_waiting=0 uncounted=0 idle_seats=0 errors=0"


def race(*arguments: str) -> str:
    return last_line("activities.tests.sign_up_races", *arguments, seconds=3600)


@pytest.mark.soak
def test_on_sqlite_no_seat_is_given_twice_and_nobody_is_lost():
    rounds = "500" if SOAK else "28"
    assert race("--rounds", rounds, "--threads", "4").endswith(NEVER)


@pytest.mark.soak
@pytest.mark.postgresql
def test_on_postgresql_no_seat_is_given_twice_and_nobody_is_lost():
    rounds, threads = ("200", "50") if SOAK else ("14", "20")
    assert race(*same_server(), "--rounds", rounds, "--threads", threads).endswith(NEVER)
