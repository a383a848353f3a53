"""Runs the scripts that kill assessments and start them at once, on the database of this run of the suite."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from shuxiang.tests.fixtures import POINTS, SOAK


def script(name: str, *arguments: str) -> str:
    """The last line of what the script prints; in a process of its own, for it forks and dies."""
    if name != "worker_kills" and settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        arguments += ("--server", os.environ["DATABASE_URL"])
    done = subprocess.run(
        [sys.executable, "-m", f"assessment.tests.{name}", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.soak
def test_kill_minus_nine_at_points_of_a_run():
    line = script("kills", "--points", str(POINTS))
    assert line.startswith(f"points={POINTS} ")
    assert line.endswith(" differing=0")


def test_four_starts_at_once_are_one_run():
    assert script("starts") == "starts=4 runs=1 differing=0"


@pytest.mark.soak
@pytest.mark.linux
def test_the_worker_that_takes_the_place_of_a_killed_one_finishes_the_run():
    points = 3 if SOAK else 1
    line = script("worker_kills", "--points", str(points))
    assert line.startswith(f"points={points} slowest=")
    assert line.endswith(" differing=0")
