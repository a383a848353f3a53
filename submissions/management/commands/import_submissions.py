from pathlib import Path
from typing import Any

from django.utils import timezone

from organization.services.imports import record_on_server
from shuxiang.workbooks.command import RegisterCommand
from shuxiang.workbooks.importing import Outcome, Plan
from shuxiang.workbooks.registers import Register
from submissions.services.register import SPECS
from submissions.services.register_kind import SUBMISSIONS_KIND
from submissions.services.register_plan import plan_submissions


class Command(RegisterCommand):
    help = "导入作品登记表（工作表：作品登记）"
    specs = SPECS
    noun = "件"

    def plan(self, register: Register, **options: Any) -> Plan:
        return plan_submissions(register, today=timezone.localdate(), now=timezone.now())

    def record(self, register: Register, outcome: Outcome, path: Path) -> None:
        record_on_server(kind=SUBMISSIONS_KIND, register=register, outcome=outcome, path=path)
