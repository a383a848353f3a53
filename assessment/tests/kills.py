"""`kill -9` at points of an assessment, spread over its statements and over the rows inside its bulk writes.

    python -m assessment.tests.kills [--points 50] [--server postgres://…/postgres]

Each time a child process assesses from the same first state and kills itself at the point; a second one
then works off what waits, as the worker does after its restart. What both leave must be, byte for byte,
what an undisturbed run leaves. Last line: `points=50 statements=… rows=… differing=0`.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from shuxiang.tests.scratch import Scratch, die, fork, fresh_django, wait

PERIOD = "2024"
SAMPLES = Path(__file__).resolve().parents[2] / "shuxiang" / "tests" / "samples" / "registers" / "bureau"


class Ticks:
    """Counts statements and the rows of bulk writes; calls `at_point` when it comes to `point`."""

    def __init__(self, point: int = 0, at_point: Callable[[], None] = die) -> None:
        self.point, self.at_point, self.count, self.rows = point, at_point, 0, 0

    def tick(self) -> None:
        self.count += 1
        if self.count == self.point:
            self.at_point()

    def counted(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            self.rows += 1
            self.tick()
            yield row

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.tick()
        return execute(sql, self.counted(params) if many else params, many, context)

    def install(self) -> None:
        import psycopg
        from django.db import connection

        connection.ensure_connection()
        connection.execute_wrappers.append(self)
        write = psycopg.Copy.write

        def write_row_by_row(copy: Any, block: bytes) -> None:
            for row in self.counted(block.splitlines(keepends=True)):
                write(copy, row)

        psycopg.Copy.write = write_row_by_row


def prepare() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("import_roster", SAMPLES / "roster.xlsx", agency="测试局", verbosity=0)
    for kind in ("submissions", "attendance"):
        call_command(f"import_{kind}", SAMPLES / f"{kind}.xlsx", verbosity=0)
    # What stands there before is not what comes out: a work more is approved since.
    call_command("assess", PERIOD, verbosity=0)
    from submissions.models import Submission
    from submissions.states import State

    work = Submission.objects.filter(state=State.PENDING, quarter="2024Q1").first()
    work.state = State.APPROVED
    work.save(update_fields=["state", "changed_at"])


def assess_until(ticks: Ticks) -> None:
    from assessment.jobs import work_off_all
    from assessment.services.runs import request_run
    from shuxiang.periods import parse_period

    request_run(period=parse_period(PERIOD), by=None)
    ticks.install()
    work_off_all()


def work_off_rest() -> None:
    from assessment.jobs import work_off_all

    work_off_all()


def written(year: str = "") -> str:
    """Entries and results as sorted text, without ids and times; those of one year where it is named."""
    from assessment.models import DepartmentResult, Entry, PartyGroupResult, Period, PersonResult

    lines = []
    for model in (Entry, PersonResult, DepartmentResult, PartyGroupResult, Period):
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", "assessed_at")]
        own = {"code__startswith": year} if model is Period else {"period__code__startswith": year}
        lines += [f"{model.__name__} {row}" for row in model.objects.filter(**own).values_list(*names)]
    return "\n".join(sorted(lines))


def states() -> list[str]:
    from assessment.models import AssessmentRun

    return list(AssessmentRun.objects.order_by("pk").values_list("state", flat=True))


class Killer:
    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch

    def left(self, name: str, work: Callable[[], None]) -> str:
        """What a child writes into a file of that name after its work."""
        path = self.scratch.folder / name

        def job() -> None:
            work()
            path.write_text(f"{states()}\n{written()}")

        assert wait(fork(job)) == 0
        return path.read_text()

    def undisturbed(self) -> tuple[str, Ticks]:
        ticks = Ticks()
        counts = self.scratch.folder / "ticks"

        def job() -> None:
            assess_until(ticks)
            counts.write_text(f"{ticks.count} {ticks.rows}")

        self.scratch.set_back()
        found = self.left("undisturbed", job)
        ticks.count, ticks.rows = map(int, counts.read_text().split())
        return found, ticks

    def killed_at(self, point: int) -> str:
        self.scratch.set_back()
        code = wait(fork(lambda: assess_until(Ticks(point))))
        assert code == -9, f"the child ended with {code} instead of dying at {point}"
        return self.left("after", work_off_rest)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--server", default="")
    options = parser.parse_args()
    folder = fresh_django(options.server)
    scratch = Scratch(folder, options.server)
    try:
        assert wait(fork(prepare)) == 0
        scratch.keep()
        killer = Killer(scratch)
        expected, ticks = killer.undisturbed()
        differing = 0
        for number in range(options.points):
            point = 1 + number * (ticks.count - 1) // max(1, options.points - 1)
            if killer.killed_at(point) != expected:
                differing += 1
                sys.stdout.write(f"differs after a kill at {point}\n")
        sys.stdout.write(
            f"points={options.points} statements={ticks.count - ticks.rows} rows={ticks.rows} differing={differing}\n"
        )
        return 1 if differing or not expected.startswith("['done', 'done']") else 0
    finally:
        scratch.remove()


if __name__ == "__main__":
    sys.exit(main())
