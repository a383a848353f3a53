"""Uploads while processes are killed (soak: 1,000), and what large ones cost the web process."""

import re

import pytest

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scripts import last_line, same_server

UPLOADS = 1000 if SOAK else 100
# In megabytes, of a web process that takes about 70; a file held in memory would add 94.
MOST_GROWN = 16

pytestmark = pytest.mark.linux


@pytest.mark.soak
def test_what_was_acknowledged_outlives_killed_processes():
    line = last_line("submissions.tests.upload_kills", "--uploads", str(UPLOADS), *same_server(), seconds=7200)
    assert re.fullmatch(
        rf"uploads={UPLOADS} acknowledged={UPLOADS} kills=[1-9]\d* errors=0 works={UPLOADS}"
        r" missing=0 unready=0 faults=0 orphans=0 loose=0",
        line,
    ), line


def test_a_web_process_takes_no_more_for_a_large_file():
    line = last_line("submissions.tests.upload_memory", seconds=7200)
    assert float(line.removeprefix("megabytes=99 grown=")) <= MOST_GROWN, line
