from typing import Any

from activities.models import Activity
from activities.states import ActivityState
from activities.tests.factories import ActivityFactory
from organization.models import Cadre
from organization.roles import Role
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored


def an_activity(viewer: Cadre) -> dict[str, Any]:
    return {"activity_id": ActivityFactory().pk}


a_stored_one = stored(Activity, "activity_id")


def a_stored_scheduled_one() -> Any:
    for row in Activity.objects.filter(state=ActivityState.SCHEDULED)[:1]:
        yield {"activity_id": row.pk}


PAGES: dict[str, AreaPage] = {
    "activities": AreaPage(),
    "activity": AreaPage(arguments=an_activity, stored=a_stored_one),
    "activity_new": AreaPage(OFFICE),
    "activity_edit": AreaPage(OFFICE, arguments=an_activity, stored=a_stored_scheduled_one),
    "activity_cancel": AreaPage(OFFICE, arguments=an_activity, stored=a_stored_scheduled_one),
    # Without an action nothing is done, and the page of the activity says so.
    "activity_state": AreaPage(OFFICE, "post", 302, arguments=an_activity, stored=a_stored_one),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "activities.activity": (set(OFFICE), set(OFFICE)),
    "activities.lecturer": (set(OFFICE), set(OFFICE)),
}
