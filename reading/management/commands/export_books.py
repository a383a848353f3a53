from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from organization.models import AccessAction
from organization.services.audit import record_event
from reading.exports.workbook import export_books
from shuxiang.commands import OfficeCommand


class Command(OfficeCommand):
    help = "把全部馆藏导出为图书登记表（.xlsx），每册一行，可以再导入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="OUT.xlsx", help="要写的 .xlsx 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            count = export_books(path, timezone.localdate())
        except OSError as error:
            raise CommandError(f"写不了 {path}。请检查文件夹是否存在、能否写入，磁盘是否已满。") from error
        record_event(
            action=AccessAction.EXPORT, actor=None, about="图书馆藏清册", detail=f"全部 {count} 册，写入 {path}"
        )
        self.stdout.write(f"{count} 册馆藏已写入 {path}。")
