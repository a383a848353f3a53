import re
import subprocess
import sys


def test_a_write_lock_held_for_8_seconds_gives_no_error_page_and_loses_no_event():
    script = [sys.executable, "-m", "organization.tests.write_locked"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = re.fullmatch(r"(.*) seconds=([\d.]+)", done.stdout.splitlines()[-1])
    assert shown is not None
    assert shown[1] == "failed=200 in=302 page=200 out=302 events=3"
    assert float(shown[2]) >= 8
