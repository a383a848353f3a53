"""Asking for a workbook that takes too long for a page."""

from django.conf import settings

from assessment.models import DepartmentResult, ExportRun
from assessment.reports import total_of
from organization.models import Cadre, Scope, work_scope_of
from organization.roles import Role
from organization.services.roles import NotAllowed
from shuxiang.periods import Period as PeriodValue


def is_large(listed: int) -> bool:
    """Whether a workbook with so many people is to be written in the background."""
    return listed > settings.WORKBOOK_PEOPLE_AT_ONCE


def listed_on_sheet(period: PeriodValue, scope: Scope) -> int:
    """在册 in the total of the scope's sheet; 0 where the period was not assessed."""
    totals = DepartmentResult.objects.filter(total_of(scope), period=str(period))
    return next(iter(totals.values_list("listed", flat=True)), 0)


def check_exporter(by: Cadre) -> Scope:
    """The part of the sheet that the person may export; raises NotAllowed where there is none."""
    scope = work_scope_of(by)
    if not by.has_role(Role.OFFICE, Role.LEADER) or not (scope.everybody or scope.departments):
        raise NotAllowed("只有在任的办公室人员和领导可以导出考核表。")
    return scope


def request_export(*, period: PeriodValue, by: Cadre) -> ExportRun:
    """A workbook that waits for the worker; the reader's pending one where there is one. Raises NotAllowed."""
    check_exporter(by)
    return ExportRun.objects.pending_or_new(period_code=str(period), requested_by=by)
