"""Runs the script that holds SQLite's write lock, in a process of its own, for it forks."""

import re
import subprocess
import sys

import pytest


@pytest.mark.soak
def test_a_held_lock_and_a_dead_broker_break_no_page_and_lose_nothing():
    done = subprocess.run([sys.executable, "-m", "shuxiang.tests.locked"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    line = done.stdout.splitlines()[-1]
    assert re.sub(r"slowest=\S+", "", line) == "login=302 review=302 run=302 state=waiting work=approved "
