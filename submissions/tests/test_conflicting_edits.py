"""Two who edit at once: nobody's text is lost without a word (soak: 1,000 conflicting edits)."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from shuxiang.tests.fixtures import SOAK
from shuxiang.tests.scratch import ROOT

EDITS = 1000 if SOAK else 200


@pytest.mark.soak
def test_of_conflicting_edits_one_is_stored_and_every_other_is_told():
    arguments = [sys.executable, "-m", "submissions.tests.edits", "--edits", str(EDITS)]
    if connection.vendor == "postgresql":
        arguments += ["--server", os.environ["DATABASE_URL"]]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.stdout.splitlines()[-1:] == [f"edits={EDITS} stored={EDITS // 4} told={EDITS * 3 // 4} lost=0"]
    assert done.returncode == 0, done.stderr
