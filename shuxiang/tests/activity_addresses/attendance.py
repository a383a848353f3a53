from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from activities.models import Activity, Attendance
from activities.tests.factories import ActivityFactory, held
from organization.models import Cadre
from organization.roles import Role
from reading.tests.factories import reader
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored


def an_activity(viewer: Cadre) -> dict[str, Any]:
    """Yesterday's, of the whole office."""
    return {"activity_id": ActivityFactory(date=timezone.localdate() - timedelta(days=1)).pk}


def of_a_colleague(viewer: Cadre) -> dict[str, Any]:
    row = Attendance.objects.create(activity=held(), cadre=reader())
    return {"activity_id": row.activity_id, "attendance_id": row.pk}


def recorded() -> Iterator[dict[str, Any]]:
    yield from ({"activity_id": row.activity_id, "attendance_id": row.pk} for row in Attendance.objects.all()[:1])


def for_recorders(method: str = "get", status: int = 200) -> AreaPage:
    return AreaPage(OFFICE, method, status, arguments=an_activity, stored=stored(Activity, "activity_id"))


PAGES: dict[str, AreaPage] = {
    "attendance": for_recorders(),
    "sheet": for_recorders(),
    "attendance_workbook": for_recorders(),
    "attendance_guests": for_recorders("post", 302),
    "attendance_record": AreaPage(OFFICE, arguments=of_a_colleague, stored=recorded),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {"activities.attendance": (set(OFFICE), set(OFFICE))}
