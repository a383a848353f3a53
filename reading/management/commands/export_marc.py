from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from organization.models import AccessAction
from organization.services.audit import record_event
from reading.exports.marc import export_marc
from reading.marc.files import ENDINGS
from reading.marc.reading import CNMARC, MARC21
from shuxiang.commands import OfficeCommand


class Command(OfficeCommand):
    help = "把全部书目和在馆的馆藏导出为 MARC（按扩展名：.mrc、.iso、.marc 是 ISO 2709，.xml 是 MARCXML）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="要写的文件")
        parser.add_argument("--format", choices=[MARC21, CNMARC], default=CNMARC, help="默认 cnmarc")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.lower() not in ENDINGS:
            raise CommandError(f"文件名应以 {'、'.join(ENDINGS)} 之一结尾，由它决定格式。")
        try:
            count = export_marc(path, options["format"], timezone.localdate())
        except OSError as error:
            raise CommandError(f"写不了 {path}。请检查文件夹是否存在、能否写入，磁盘是否已满。") from error
        record_event(action=AccessAction.EXPORT, actor=None, about="MARC 书目", detail=f"{count} 种，写入 {path}")
        self.stdout.write(f"{count} 种书目已写入 {path}。")
