from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from organization.services.imports import record_on_server
from organization.services.roster import SPECS
from organization.services.roster_kind import ROSTER_KIND
from organization.services.roster_plan import RootRefused, plan_roster
from shuxiang.workbooks.command import RegisterCommand
from shuxiang.workbooks.importing import Outcome, Plan
from shuxiang.workbooks.registers import Register


class Command(RegisterCommand):
    help = "导入花名册（工作表：花名册、任职、请假、党小组）"
    specs = SPECS
    noun = "人"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--agency", metavar="单位名", help="根是一个单位")
        parser.add_argument("--umbrella", metavar="名", help="根是上级组织，路径的第一级是单位")

    def plan(self, register: Register, **options: Any) -> Plan:
        try:
            return plan_roster(
                register,
                agency=options["agency"],
                umbrella=options["umbrella"],
                today=timezone.localdate(),
                now=timezone.now(),
            )
        except RootRefused as error:
            raise CommandError(str(error)) from error

    def record(self, register: Register, outcome: Outcome, path: Path) -> None:
        record_on_server(kind=ROSTER_KIND, register=register, outcome=outcome, path=path)
