"""Never one too many, nobody lost from the waiting list (promise P4)."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from shuxiang.tests.fixtures import SOAK

NEVER = "overbooked=0 lost_waiting=0 uncounted=0 idle_seats=0 errors=0"


def race(*arguments: str) -> str:
    """The last line of the races, in a process and on a database of their own."""
    asked = [sys.executable, "-m", "activities.tests.sign_up_races", *arguments]
    done = subprocess.run(asked, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=3600, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.soak
def test_on_sqlite_no_seat_is_given_twice_and_nobody_is_lost():
    rounds = "500" if SOAK else "28"
    assert race("--rounds", rounds, "--threads", "4").endswith(NEVER)


@pytest.mark.soak
@pytest.mark.postgresql
def test_on_postgresql_no_seat_is_given_twice_and_nobody_is_lost():
    server = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    rounds, threads = ("200", "50") if SOAK else ("14", "20")
    assert race("--server", server, "--rounds", rounds, "--threads", threads).endswith(NEVER)
