"""Older data in the present tables: nothing is lost on the way."""

import os
import subprocess
import sys

from django.db import connection

from shuxiang.tests.scratch import ROOT


def test_of_several_files_of_one_role_the_newest_stays_and_the_others_become_earlier_versions():
    arguments = [sys.executable, "-m", "submissions.tests.migrating"]
    if connection.vendor == "postgresql":
        arguments += ["--server", os.environ["DATABASE_URL"]]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "1 0 正文1 一.mp3",
        "2 0 正文1 二.mp3、稿.docx",
        "3 1 正文1 三.mp3、新稿.docx",
        "4 0 正文2 后.mp3",
        "graded 3",
    ]
