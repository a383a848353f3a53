from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from assessment.models import Entry, PersonResult
from assessment.services import CannotAssess, assess
from assessment.services.schemes import NoScheme
from shuxiang.commands import OfficeCommand
from shuxiang.periods import parse_period


class Command(OfficeCommand):
    help = "计算一个季度（2024Q3）或年度（2024）的积分和考核结果"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="PERIOD", help="2024Q3 或 2024")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = parse_period(options["period"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            written = assess(period=period, now=timezone.now())
        except (CannotAssess, NoScheme) as error:
            raise CommandError(str(error)) from error
        for row in written if options["verbosity"] else ():
            people = PersonResult.objects.filter(period=row).count()
            entries = Entry.objects.filter(period=row).count()
            lines = f"，积分明细 {entries} 条" if entries else ""
            self.stdout.write(f"{row.label}已计算：{people} 人{lines}，按{row.scheme}。")
