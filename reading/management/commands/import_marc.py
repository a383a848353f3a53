from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from reading.marc.files import form_of
from reading.services.arrivals_record import record_arrivals
from reading.services.book_kinds import MARC_KIND
from reading.services.marc_register import MarcRegister, content_of, read_marc_in_pieces, reasons_of
from shuxiang.workbooks.importing import Planner
from shuxiang.workbooks.piece_command import PieceCommand
from shuxiang.workbooks.pieces import Tally
from shuxiang.workbooks.registers import Register

PLACE_LENGTH = 200


class Command(PieceCommand):
    help = "导入 MARC 21 或 CNMARC 书目（ISO 2709 或 MARCXML）"
    noun = "条"
    file_help = "书目文件（.mrc、.iso、.marc 或 .xml）"
    refused_help = "写入正确的记录，把有误的存入此文件（格式与原文件相同），原因存入同名的 .txt"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--place", default="", metavar="NAME", help="没有写馆藏的记录各入藏一册，放在这个地点")

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["place"]) > PLACE_LENGTH or "\0" in options["place"]:
            raise CommandError("--place 的地点名称无效，请核对。")
        super().handle(*args, **options)

    def pieces(self, path: Path, size: int) -> Iterator[Register]:
        return read_marc_in_pieces(path, size)

    def planner(self, **options: Any) -> Planner:
        return MarcRegister(today=timezone.localdate(), now=timezone.now(), place=options["place"]).plan

    def give_back(self, tally: Tally, path: Path, source: Path) -> None:
        with path.open("wb") as file:
            file.writelines(content_of(tally.refused, form_of(source)))
        path.with_suffix(".txt").write_text("\n".join(reasons_of(tally.refused)) + "\n", encoding="utf-8")

    def record(self, tally: Tally, path: Path) -> None:
        record_arrivals(kind=MARC_KIND, tally=tally, path=path)
