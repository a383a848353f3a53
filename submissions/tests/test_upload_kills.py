"""Uploads while processes are killed (soak: 1,000), and what large ones cost the web process."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scratch import ROOT

UPLOADS = 1000 if SOAK else 100
# In megabytes, of a web process that takes about 70; a file held in memory would add 94.
MOST_GROWN = 16

pytestmark = pytest.mark.linux


def script(name: str, *arguments: str) -> str:
    """The last line of what the script prints; in a process of its own, for its database is another one."""
    done = subprocess.run(
        [sys.executable, "-m", f"submissions.tests.{name}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=7200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.soak
def test_what_was_acknowledged_outlives_killed_processes():
    server = ["--server", os.environ["DATABASE_URL"]] if connection.vendor == "postgresql" else []
    line = script("upload_kills", "--uploads", str(UPLOADS), *server)
    assert re.fullmatch(
        rf"uploads={UPLOADS} acknowledged={UPLOADS} kills=[1-9]\d* errors=0 works={UPLOADS}"
        r" missing=0 unready=0 faults=0 orphans=0 loose=0",
        line,
    ), line


def test_a_web_process_takes_no_more_for_a_large_file():
    line = script("upload_memory")
    assert float(line.removeprefix("megabytes=99 grown=")) <= MOST_GROWN, line
