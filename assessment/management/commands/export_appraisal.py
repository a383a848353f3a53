from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from assessment.exports import StillChanging, export_appraisal
from assessment.reports import NotAssessed
from assessment.services.fingerprint import fingerprint
from organization.models import AccessAction, whole_tree
from organization.services.audit import record_event
from shuxiang.commands import OfficeCommand
from shuxiang.periods import parse_period


class Command(OfficeCommand):
    help = "把一个考核期的结果导出为考核表（.xlsx）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="PERIOD", help="2024Q3 或 2024")
        parser.add_argument("file", type=Path, metavar="FILE", help="要写的 .xlsx 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            period = parse_period(options["period"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            report = export_appraisal(period, path, ranks=True, scope=whole_tree())
        except (NotAssessed, StillChanging) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"写不了 {path}。请检查文件夹是否存在、能否写入，磁盘是否已满。") from error
        record_event(action=AccessAction.EXPORT, actor=None, about=f"{period} 考核表", detail=f"全部，写入 {path}")
        if stale := report.stale_after():
            self.stdout.write(
                f"提示：{'、'.join(stale)} 在 {period} 之后又计算过，建议先运行 manage.py assess {period}。"
            )
        if report.period.fingerprint != fingerprint():
            self.stdout.write(
                f"提示：计算之后数据有变动，工作簿是计算时的结果；要用新数据请先运行 manage.py assess {period}。"
            )
        self.stdout.write(f"{report.period.label}考核表已写入 {path}。")
