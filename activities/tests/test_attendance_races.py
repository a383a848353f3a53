"""Two organisers who tick on two phones undo nothing of each other."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from shuxiang.tests.fixtures import SOAK

NEVER = "undone=0 doubled=0 unchained=0 errors=0"


def race(*arguments: str) -> str:
    """The last line of the races, in a process and on a database of their own."""
    asked = [sys.executable, "-m", "activities.tests.attendance_races", *arguments]
    done = subprocess.run(asked, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=3600, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.soak
def test_on_sqlite_no_tick_is_undone_unseen():
    assert race("--rounds", "100" if SOAK else "10", "--phones", "3").endswith(NEVER)


@pytest.mark.soak
@pytest.mark.postgresql
def test_on_postgresql_no_tick_is_undone_unseen():
    server = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    assert race("--server", server, "--rounds", "200" if SOAK else "15", "--phones", "8").endswith(NEVER)
