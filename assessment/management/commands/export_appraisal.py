from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.exports import export_appraisal
from assessment.reports import NotAssessed, report_on
from shuxiang.periods import parse_period


class Command(BaseCommand):
    help = "把一个考核期的结果导出为考核工作簿（.xlsx）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="PERIOD", help="2024Q3 或 2024")
        parser.add_argument("file", type=Path, metavar="FILE", help="要写的 .xlsx 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            report = report_on(parse_period(options["period"]), ranks=True)
        except (NotAssessed, ValueError) as error:
            raise CommandError(str(error)) from error
        try:
            export_appraisal(report, path)
        except OSError as error:
            raise CommandError(f"写不了 {path}：{error.strerror}。请检查文件夹是否存在、能否写入。") from error
        self.stdout.write(f"{report.period.label}考核工作簿已写入 {path}。")
