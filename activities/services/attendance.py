"""Attendance typed at the desk, one row at a time; the register brings many at once."""

from django.db import transaction

from activities.models import Activity, Attendance
from organization.models import Cadre, Posting, work_scope_of
from organization.roles import Role
from organization.services.roles import NotAllowed


@transaction.atomic
def record_attendance(*, attendance: Attendance, recorder: Cadre) -> Attendance:
    """Stores a new row, or the capacity and the validity of a stored one; raises NotAllowed."""
    check_recorder(activity=attendance.activity, cadre=attendance.cadre, recorder=recorder)
    if attendance.pk is None:
        attendance.recorded_by = recorder
        attendance.save(force_insert=True)
    else:
        attendance.save(update_fields=["capacity", "is_void", "changed_at"])
    return attendance


def check_recorder(*, activity: Activity, cadre: Cadre, recorder: Cadre) -> None:
    """The office records people who were in its scope on the day of the activity, never the own person."""
    if cadre.pk == recorder.pk:
        raise NotAllowed("不能登记自己的活动签到，请由另一位同事登记。")
    if not recorder.has_role(Role.OFFICE) or not was_in_scope(cadre, activity, recorder):
        raise NotAllowed(f"{cadre} 在 {activity.date} 不在本单位，请由当时所在单位的办公室登记。")


def was_in_scope(cadre: Cadre, activity: Activity, recorder: Cadre) -> bool:
    scope = work_scope_of(recorder)
    posted = Posting.objects.filter(cadre=cadre, department__in=scope.departments)
    return scope.everybody or posted.covering(activity.date).exists()
