"""Several who generate one series at one moment."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from shuxiang.tests.fixtures import SOAK


def races(*arguments: str) -> str:
    """The last line of the races, in a process and on a database of their own."""
    asked = [sys.executable, "-m", "activities.tests.generating_races", *arguments]
    done = subprocess.run(asked, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.soak
def test_several_at_once_on_sqlite_make_and_change_everything_once():
    rounds = "50" if SOAK else "3"
    assert races("--rounds", rounds, "--threads", "4").endswith("wrong=0 errors=0")


@pytest.mark.soak
@pytest.mark.postgresql
def test_several_at_once_on_postgresql_make_and_change_everything_once():
    server = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    rounds, threads = ("100", "20") if SOAK else ("10", "8")
    assert races("--server", server, "--rounds", rounds, "--threads", threads).endswith("wrong=0 errors=0")
