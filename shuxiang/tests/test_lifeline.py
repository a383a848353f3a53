"""A process follows the one that keeps it, also where that one goes while the process is being born."""

import os
import signal
import subprocess
import sys
from functools import partial

import pytest

from shuxiang.lifeline import end_with

pytestmark = pytest.mark.linux
BOTH = pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
COMMAND = [sys.executable, "-c", "import time; time.sleep(600)"]


@BOTH
def test_a_program_whose_keeper_has_gone_does_not_begin(by):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    program = subprocess.Popen(COMMAND, preexec_fn=partial(end_with, gone.pid, by))
    assert program.wait(timeout=20) == -by


@BOTH
def test_a_keeper_that_listens_for_the_signal_does_not_swallow_its_programs(by):
    """As one told to stop does: what it hears with is the program's too until the command begins."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)

    def told() -> None:
        end_with(keeper, by)
        os.kill(os.getpid(), by)

    keeper = os.getpid()
    try:
        program = subprocess.Popen(COMMAND, preexec_fn=told)
        assert program.wait(timeout=20) == -by
    finally:
        signal.signal(signal.SIGTERM, before)
