"""Long files brought in piece by piece, in memory that hardly grows with them, and in one transaction all the same."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from shuxiang.workbooks.importing import Created, Planner, one_at_a_time
from shuxiang.workbooks.records import Problem, Record, Register
from shuxiang.workbooks.refusal import WorkbookRefused

LINES_KEPT = 200
MOST_REFUSED = 20_000


@dataclass
class Tally:
    """What an import did or would do. Of the lines and problems the first are kept, of the refused rows all."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problem_count: int = 0
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: list[Record] = field(default_factory=list)
    created: list[Created] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    written: bool = False
    register: Register = field(default_factory=Register)

    @property
    def done(self) -> int:
        return self.added + self.changed + self.unchanged + len(self.refused)

    def note(self, register: Register, planner: Planner) -> None:
        """Plans the piece and writes its good rows."""
        plan = planner(register)
        self.added += len(plan.added)
        self.changed += len(plan.changed)
        self.unchanged += plan.unchanged
        for line in [*plan.added, *plan.changed][: LINES_KEPT - len(self.lines)]:
            self.lines.append(str(line))
        problems = register.problems
        self.problem_count += len(problems)
        self.problems += problems[: LINES_KEPT - len(self.problems)]
        self.refused += [record for records in register.records.values() for record in records if record.problems]
        if len(self.refused) > MOST_REFUSED:
            raise WorkbookRefused(f"有误的超过 {MOST_REFUSED:,} 条，没有写入任何数据。请先核对文件，或分成几个。")
        self.created, self.notices, self.register = plan.created, [*register.notices, *plan.notices], register
        plan.apply()


def import_in_pieces(
    pieces: Iterable[Register],
    planner: Planner,
    *,
    dry_run: bool,
    keep_refused: Callable[[Tally], None] | None,
    record: Callable[[Tally], None],
    progress: Callable[[int], None],
) -> Tally:
    """Everything is undone where it is a dry run, or where a row is bad and nobody keeps it elsewhere."""
    tally = Tally()
    with transaction.atomic():
        one_at_a_time()
        for register in pieces:
            tally.note(register, planner)
            progress(tally.done)
        tally.written = not dry_run and (keep_refused is not None or not tally.refused)
        if tally.refused and keep_refused is not None:
            keep_refused(tally)
        if tally.written:
            record(tally)
        else:
            transaction.set_rollback(True)
    return tally
