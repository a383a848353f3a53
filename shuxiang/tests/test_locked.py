"""Runs the script that holds SQLite's write lock, in a process of its own, for it forks."""

import re

import pytest

from shuxiang.tests.scripts import last_line


@pytest.mark.soak
def test_a_held_lock_and_a_dead_broker_break_no_page_and_lose_nothing():
    line = last_line("shuxiang.tests.locked")
    assert re.sub(r"slowest=\S+", "", line) == "login=302 review=302 run=302 state=waiting work=approved "
