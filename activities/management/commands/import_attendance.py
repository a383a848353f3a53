from typing import Any

from django.utils import timezone

from activities.services.register import SPECS, plan_attendance
from shuxiang.workbooks.command import RegisterCommand
from shuxiang.workbooks.importing import Plan
from shuxiang.workbooks.registers import Register


class Command(RegisterCommand):
    help = "导入活动签到表（工作表：活动签到）"
    specs = SPECS

    def plan(self, register: Register, **options: Any) -> Plan:
        return plan_attendance(register, today=timezone.localdate(), now=timezone.now())
