from pathlib import Path
from typing import Any

from django.utils import timezone

from activities.services.register import SPECS, plan_attendance
from activities.services.register_kind import ATTENDANCE_KIND
from organization.services.imports import record_on_server
from shuxiang.workbooks.command import RegisterCommand
from shuxiang.workbooks.importing import Outcome, Plan
from shuxiang.workbooks.registers import Register


class Command(RegisterCommand):
    help = "导入活动签到表（工作表：活动签到）"
    specs = SPECS

    def plan(self, register: Register, **options: Any) -> Plan:
        return plan_attendance(register, today=timezone.localdate(), now=timezone.now())

    def record(self, register: Register, outcome: Outcome, path: Path) -> None:
        record_on_server(kind=ATTENDANCE_KIND, register=register, outcome=outcome, path=path)
