import os
import subprocess
import sys

from django.conf import settings


def test_a_killed_worker_repeats_no_digest():
    server = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    arguments = ["--server", os.environ["DATABASE_URL"]] if server else []
    done = subprocess.run(
        [sys.executable, "-m", "notices.tests.digest_kills", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "people=8 kills=8 messages=8 repeated=0 missing=0"
