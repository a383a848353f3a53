from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from reading.services.arrivals_record import record_arrivals
from reading.services.book_kinds import BOOKS_KIND
from reading.services.book_register import SPECS, BookRegister
from shuxiang.workbooks.importing import Planner
from shuxiang.workbooks.piece_command import PieceCommand
from shuxiang.workbooks.pieces import Tally
from shuxiang.workbooks.registers import Register, read_in_pieces, write_refused


class Command(PieceCommand):
    help = "导入图书登记表（工作表：图书）"
    file_help = "登记表（.xlsx、.xls 或 CSV）"
    refused_help = "写入正确的行，把有误的行连同原因存入此文件（.xlsx）"

    def pieces(self, path: Path, size: int) -> Iterator[Register]:
        return read_in_pieces(path, SPECS[0], size)

    def planner(self, **options: Any) -> Planner:
        return BookRegister(today=timezone.localdate(), now=timezone.now()).plan

    def give_back(self, tally: Tally, path: Path, source: Path) -> None:
        write_refused(path, tally.register, tally.refused)

    def record(self, tally: Tally, path: Path) -> None:
        record_arrivals(kind=BOOKS_KIND, tally=tally, path=path)
