"""The same assessment started four times at once: one run, one result.

    python -m assessment.tests.starts [--server postgres://…/postgres]

Last line: `starts=4 runs=1 differing=0`.
"""

import argparse
import sys
import time

from assessment.tests.kills import PERIOD, Killer, prepare
from shuxiang.tests.scratch import Scratch, fork, fresh_django, wait

STARTS = 4


def start_at(instant: float) -> None:
    from django.core.management import call_command
    from django.db import connection

    connection.ensure_connection()
    time.sleep(max(0, instant - time.time()))
    call_command("assess", PERIOD, verbosity=0)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="")
    options = parser.parse_args()
    scratch = Scratch(fresh_django(options.server), options.server)
    try:
        assert wait(fork(prepare)) == 0
        scratch.keep()
        killer = Killer(scratch)
        expected, _ = killer.undisturbed()
        scratch.set_back()
        instant = time.time() + 1
        codes = [wait(pid) for pid in [fork(lambda: start_at(instant)) for _ in range(STARTS)]]
        found = killer.left("after", lambda: None)
        runs = found.splitlines()[0].count("done") - 1
        sys.stdout.write(f"starts={STARTS} runs={runs} differing={int(found != expected)}\n")
        return 0 if (codes, found) == ([0] * STARTS, expected) else 1
    finally:
        scratch.remove()


if __name__ == "__main__":
    sys.exit(main())
