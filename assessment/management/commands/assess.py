import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from assessment.jobs import perform_run, work_off
from assessment.models import AssessmentRun, Entry, JobState, Period, PersonResult
from assessment.services import CannotAssess
from assessment.services.assessing import periods_to_assess
from assessment.services.runs import request_run
from shuxiang.commands import OfficeCommand
from shuxiang.periods import Period as PeriodValue
from shuxiang.periods import parse_period

PAUSE = 0.3


class Command(OfficeCommand):
    help = "计算一个季度（2024Q3）或年度（2024）的积分和考核结果"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="PERIOD", help="2024Q3 或 2024")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = parse_period(options["period"])
            run = request_run(period=period, by=None)
        except (CannotAssess, ValueError) as error:
            raise CommandError(str(error)) from error
        self.work_off(run)
        if run.state == JobState.FAILED:
            raise CommandError(run.error)
        if options["verbosity"]:
            self.report(period)

    def work_off(self, run: AssessmentRun) -> None:
        """Does the run here; where another process is at it, waits for that one, and takes over if it dies."""
        while run.is_pending:
            if not work_off(run, perform_run):
                time.sleep(PAUSE)
            run.refresh_from_db()

    def report(self, period: PeriodValue) -> None:
        rows = Period.objects.exclude(state=Period.State.SEALED).filter(
            code__in=map(str, periods_to_assess(period)), assessed_at__isnull=False
        )
        for row in rows.select_related("scheme").order_by("code"):
            people = PersonResult.objects.filter(period=row).count()
            entries = Entry.objects.filter(period=row).count()
            lines = f"，积分明细 {entries} 条" if entries else ""
            self.stdout.write(f"{row.label}已计算：{people} 人{lines}，按{row.scheme}。")
