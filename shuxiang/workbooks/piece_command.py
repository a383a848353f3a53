"""What the commands that bring long files in have in common."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from shuxiang.commands import OfficeCommand
from shuxiang.workbooks.importing import Planner, announce_import
from shuxiang.workbooks.pieces import LINES_KEPT, Tally, import_in_pieces
from shuxiang.workbooks.records import Register
from shuxiang.workbooks.refusal import WorkbookRefused

PIECE = 1_000
TOLD_EVERY = 10_000


class PieceCommand(OfficeCommand):
    """Subclasses read and plan; nothing is written unless everything is good."""

    noun = "行"
    file_help = ""
    refused_help = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=self.file_help)
        parser.add_argument("--dry-run", action="store_true", help="只检查并列出变化，不写入数据")
        parser.add_argument("--skip-bad", type=Path, metavar="OUT", help=self.refused_help)

    def pieces(self, path: Path, size: int) -> Iterator[Register]:
        raise NotImplementedError

    def planner(self, **options: Any) -> Planner:
        raise NotImplementedError

    def give_back(self, tally: Tally, path: Path, source: Path) -> None:
        """Saves the refused ones of `source`. Raises OSError."""
        raise NotImplementedError

    def record(self, tally: Tally, path: Path) -> None:
        """Leaves the access events of what was written."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        path, out = options["file"], options["skip_bad"]
        if out is not None and out.exists() and path.exists() and os.path.samefile(out, path):
            raise CommandError("退回文件不能与要导入的是同一个文件，请另取一个文件名。")
        self.told = 0
        try:
            tally = import_in_pieces(
                self.pieces(path, PIECE),
                self.planner(**options),
                dry_run=options["dry_run"],
                keep_refused=(lambda tally: self.give_back(tally, out, path)) if out is not None else None,
                record=lambda tally: self.record(tally, path),
                progress=self.progress,
            )
        except WorkbookRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            if out is None:
                raise
            raise CommandError(f"写不了 {out}，没有导入任何数据。请检查文件夹是否存在、能否写入。") from error
        if tally.written:
            announce_import()
        self.report(tally, out, in_full=options["dry_run"] or options["verbosity"] > 1)

    def progress(self, done: int) -> None:
        if done - self.told >= TOLD_EVERY:
            self.told = done
            self.stdout.write(f"已处理 {done:,} {self.noun}……")
            self.stdout.flush()

    def report(self, tally: Tally, out: Path | None, in_full: bool) -> None:
        for notice in dict.fromkeys(tally.notices):
            self.stdout.write(f"提示：{notice}")
        for created in tally.created:
            self.stdout.write(str(created))
        if in_full:
            self.print_first(tally.lines, tally.added + tally.changed, self.stdout)
        counts = {"新增": tally.added, "修改": tally.changed, "未变": tally.unchanged}
        line = "，".join(f"{word} {count} {self.noun}" for word, count in counts.items())
        self.stdout.write(f"{line}。" if tally.written else f"{line}（未写入）。")
        if not tally.refused:
            return
        self.print_first([str(problem) for problem in tally.problems], tally.problem_count, self.stderr)
        said = f"{len(tally.refused)} {self.noun}有误"
        if out is None:
            raise CommandError(
                f"{said}，没有写入任何数据。请改正后重新导入，或用 --skip-bad OUT 先导入正确的{self.noun}。"
            )
        self.stdout.write(f"{said}，已存入 {out}，改正后再次导入即可。")

    def print_first(self, lines: Sequence[str], count: int, stream: OutputWrapper) -> None:
        for line in lines[:LINES_KEPT]:
            stream.write(line)
        if (more := count - min(len(lines), LINES_KEPT)) > 0:
            stream.write(f"……还有 {more} 条。")
