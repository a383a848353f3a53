"""Runs the scripts that kill assessments and start them at once, on the database of this run of the suite."""

import pytest

from shuxiang.tests.fixtures import POINTS, SOAK
from shuxiang.tests.scripts import last_line, same_server


@pytest.mark.soak
def test_kill_minus_nine_at_points_of_a_run():
    line = last_line("assessment.tests.kills", "--points", str(POINTS), *same_server())
    assert line.startswith(f"points={POINTS} ")
    assert line.endswith(" differing=0")


def test_four_starts_at_once_are_one_run():
    assert last_line("assessment.tests.starts", *same_server()) == "starts=4 runs=1 differing=0"


@pytest.mark.soak
@pytest.mark.linux
def test_the_worker_that_takes_the_place_of_a_killed_one_finishes_the_run():
    points = 3 if SOAK else 1
    line = last_line("assessment.tests.worker_kills", "--points", str(points))
    assert line.startswith(f"points={points} slowest=")
    assert line.endswith(" differing=0")
