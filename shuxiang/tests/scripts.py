"""Scripts with a process and a database of their own, as tests run them."""

import os
import subprocess
import sys

from django.db import connection

from shuxiang.tests.scratch import ROOT


def lines_of(script: str, *arguments: str, seconds: int | None = None) -> list[str]:
    """What the script says; it must end well, and within so many seconds where some are given."""
    asked = [sys.executable, "-m", script, *arguments]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout
    return done.stdout.splitlines()


def last_line(script: str, *arguments: str, seconds: int | None = None) -> str:
    return lines_of(script, *arguments, seconds=seconds)[-1]


def same_server() -> tuple[str, ...]:
    """What tells a script to make its database where the tests have theirs."""
    return ("--server", os.environ["DATABASE_URL"]) if connection.vendor == "postgresql" else ()
