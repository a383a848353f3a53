from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organization.services.holidays import UnknownYear, import_holidays


class Command(BaseCommand):
    help = "按国务院办公厅的放假通知填入一年的节假日和调休上班日，已有的日子不改动"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", metavar="年份", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_holidays(year=options["year"])
        except UnknownYear as error:
            raise CommandError(str(error)) from error
        self.stdout.write(done.words)
