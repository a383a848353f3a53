"""Several who generate one series at one moment."""

import pytest

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scripts import last_line, same_server


def races(*arguments: str) -> str:
    return last_line("activities.tests.generating_races", *arguments, seconds=1800)


@pytest.mark.soak
def test_several_at_once_on_sqlite_make_and_change_everything_once():
    rounds = "50" if SOAK else "3"
    assert races("--rounds", rounds, "--threads", "4").endswith("wrong=0 errors=0")


@pytest.mark.soak
@pytest.mark.postgresql
def test_several_at_once_on_postgresql_make_and_change_everything_once():
    rounds, threads = ("100", "20") if SOAK else ("10", "8")
    assert races(*same_server(), "--rounds", rounds, "--threads", threads).endswith("wrong=0 errors=0")
