"""One answer a person, none lost, whoever answers at the same moment."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from shuxiang.tests.fixtures import SOAK

ROUNDS = "20" if SOAK else "2"


def race(*arguments: str) -> str:
    """The last line of the races, in a process and on a database of their own."""
    asked = [
        sys.executable,
        "-m",
        "activities.tests.answering_races",
        "--rounds",
        ROUNDS,
        "--sheets",
        "200",
        *arguments,
    ]
    done = subprocess.run(asked, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.soak
def test_on_sqlite_one_sheet_a_person_and_none_lost():
    assert race("--sheets", "200").startswith("double=0 lost=0 errors=0")


@pytest.mark.soak
@pytest.mark.postgresql
def test_on_postgresql_one_sheet_a_person_and_none_lost():
    server = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    assert race("--sheets", "200", "--server", server).startswith("double=0 lost=0 errors=0")
