"""What the commands that bring a register in have in common."""

import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from shuxiang.commands import OfficeCommand
from shuxiang.workbooks.importing import Outcome, Plan, announce_import, give_back, run_import
from shuxiang.workbooks.reading import WorkbookRefused
from shuxiang.workbooks.registers import Register, SheetSpec, read_register

LINES_SHOWN = 200


class RegisterCommand(OfficeCommand):
    """Subclasses name their sheets and plan; nothing is written unless every row is good."""

    specs: Sequence[SheetSpec]
    noun = "行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="登记表（.xlsx、.xls 或 CSV）")
        parser.add_argument(
            "--dry-run", action="store_true", help="只检查并列出变化，不写入数据（与 --skip-bad 合用时仍存退回文件）"
        )
        parser.add_argument(
            "--skip-bad", type=Path, metavar="OUT.xlsx", help="写入正确的行，把有误的行连同原因存入此文件"
        )

    def plan(self, register: Register, **options: Any) -> Plan:
        raise NotImplementedError

    def record(self, register: Register, outcome: Outcome, path: Path) -> None:
        """Leaves the access events of what was written; `path` is the register's."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        path, out = options["file"], options["skip_bad"]
        if out is not None and out.exists() and path.exists() and os.path.samefile(out, path):
            raise CommandError("退回文件不能与登记表是同一个文件，请另取一个文件名。")
        try:
            register = read_register(path, self.specs)
        except WorkbookRefused as error:
            raise CommandError(str(error)) from error
        try:
            outcome = run_import(
                register,
                lambda register: self.plan(register, **options),
                dry_run=options["dry_run"],
                keep_refused=(lambda outcome: give_back(register, outcome, out)) if out is not None else None,
                record=lambda outcome: self.record(register, outcome, path),
            )
        except OSError as error:
            if out is None:
                raise
            raise CommandError(f"写不了 {out}，没有导入任何数据。请检查文件夹是否存在、能否写入。") from error
        if outcome.written:
            announce_import()
        for notice in [*register.notices, *outcome.plan.notices]:
            self.stdout.write(f"提示：{notice}")
        self.print_plan(outcome, in_full=options["dry_run"] or options["verbosity"] > 1)
        if outcome.refused:
            self.print_refused(outcome, out)

    def print_plan(self, outcome: Outcome, in_full: bool) -> None:
        plan = outcome.plan
        for created in plan.created:
            self.stdout.write(str(created))
        if in_full:
            self.print_lines([str(line) for line in [*plan.added, *plan.changed]], self.stdout)
        counts = {"新增": len(plan.added), "修改": len(plan.changed), "未变": plan.unchanged}
        line = "，".join(f"{word} {count} {self.noun}" for word, count in counts.items())
        self.stdout.write(f"{line}。" if outcome.written else f"{line}（未写入）。")

    def print_refused(self, outcome: Outcome, out: Path | None) -> None:
        self.print_lines([str(problem) for problem in outcome.problems], self.stderr)
        rows = f"{len(outcome.refused)} 行有误"
        if out is None:
            raise CommandError(f"{rows}，没有写入任何数据。请改正后重新导入，或用 --skip-bad OUT.xlsx 先导入正确的行。")
        more = f"，连同同一人的其他 {len(outcome.plan.held_back)} 行" if outcome.plan.held_back else ""
        self.stdout.write(f"{rows}{more}，已存入 {out}，改正后再次导入即可。")

    def print_lines(self, lines: Sequence[str], stream: OutputWrapper) -> None:
        for line in lines[:LINES_SHOWN]:
            stream.write(line)
        if (more := len(lines) - LINES_SHOWN) > 0:
            stream.write(f"……还有 {more} 条。")
