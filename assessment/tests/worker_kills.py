"""`make demo` with its worker killed in the middle of a run: the one that starts in its place finishes it.

    python -m assessment.tests.worker_kills [--points 3]

A lock on the database, held but for short moments, lets the worker go from one write to the next, so that
it can be met at a given stage; the last one is met where the worker itself holds the lock.
Last line: `points=3 slowest=17.2 differing=0` (seconds to the finished run).
"""

import argparse
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from assessment.tests.kills import written
from shuxiang.periods import Quarter, shanghai_date
from shuxiang.tests.office import Office
from shuxiang.tests.scratch import fork, fresh_django, wait

QUARTER = Quarter.of(shanghai_date(datetime.now(UTC)))
STAGES = ("读取数据", f"计算 {QUARTER}", "写入结果")
MOMENT, TRIES, PATIENCE = 0.002, 60, 90


class DemoOffice(Office):
    def worker(self) -> int | None:
        children = Path(f"/proc/{self.demo.pid}/task/{self.demo.pid}/children").read_text().split()
        return next((int(pid) for pid in children if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()), None)

    def text(self, work: Callable[[], None] = lambda: None) -> str:
        path = self.folder / "written"

        def job() -> None:
            work()
            path.write_text(written(f"{QUARTER.year}Q"))

        assert wait(fork(job)) == 0
        return path.read_text()

    def latest(self) -> tuple[str, str]:
        """State and stage of the quarter's newest run."""
        with sqlite3.connect(self.folder / "db.sqlite3") as database:
            return database.execute(
                "SELECT state, stage FROM assessment_assessmentrun WHERE period_code = ? ORDER BY id DESC LIMIT 1",
                [str(QUARTER)],
            ).fetchone()

    def kill_worker_at(self, stage: str) -> None:
        """Between two writes of the worker's, or in the middle of the long one."""
        for _ in range(TRIES):
            assert wait(fork(request)) == 0
            database = sqlite3.connect(self.folder / "db.sqlite3", isolation_level=None, timeout=0)
            try:
                while self.latest()[0] in ("waiting", "running"):
                    is_ours = begins(database)
                    if self.latest() == ("running", stage):
                        os.killpg(self.worker(), signal.SIGKILL)
                        return
                    if is_ours:
                        database.execute("COMMIT")
                    time.sleep(MOMENT)
            finally:
                database.close()
        raise AssertionError(f"the worker was never met at {stage}")


def begins(database: sqlite3.Connection) -> bool:
    """Whether the write lock was free; it is held now."""
    try:
        database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


def request() -> None:
    from assessment.services.runs import request_run
    from assessment.tasks import wake

    request_run(period=QUARTER, by=None)
    wake()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=len(STAGES))
    options = parser.parse_args()
    office = DemoOffice(fresh_django(""), dict(os.environ))
    try:
        office.until(lambda: office.worker() is not None, 30)
        assert wait(fork(request)) == 0
        office.until(lambda: office.latest()[0] == "done", PATIENCE)
        before = office.text()
        slowest, differing = 0.0, 0
        for stage in STAGES[-options.points :]:
            office.kill_worker_at(stage)
            slowest = max(slowest, office.until(lambda: office.latest()[0] == "done", PATIENCE))
            differing += office.text() != before
        sys.stdout.write(f"points={options.points} slowest={slowest:.1f} differing={differing}\n")
        return 1 if differing else 0
    finally:
        office.stop()


if __name__ == "__main__":
    sys.exit(main())
