from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from activities.models import Activity, Registration
from activities.services.signing_up import sign_up
from activities.tests.factories import with_sign_up
from organization.models import Cadre
from organization.roles import Role
from reading.tests.factories import reader
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored


def entered(person: Cadre) -> Registration:
    return sign_up(activity=with_sign_up(), cadre=person, by=person, now=timezone.now())


def an_open_one(viewer: Cadre) -> dict[str, Any]:
    return {"activity_id": with_sign_up().pk}


def an_own_one(viewer: Cadre) -> dict[str, Any]:
    return {"activity_id": entered(viewer).activity_id}


def a_sign_up(viewer: Cadre) -> dict[str, Any]:
    """Somebody else's."""
    made = entered(reader())
    return {"activity_id": made.activity_id, "registration_id": made.pk}


def stored_sign_ups() -> Iterator[dict[str, Any]]:
    for row in Registration.objects.all()[:1]:
        yield {"activity_id": row.activity_id, "registration_id": row.pk}


ONE = stored(Activity, "activity_id")
# The feed itself opens without a log-in, for whoever has its address: activities/tests/test_calendar_feed.py.
PAGES: dict[str, AreaPage] = {
    "sign_up": AreaPage(method="post", status=302, arguments=an_open_one, stored=ONE),
    "sign_up_cancel": AreaPage(method="post", status=302, arguments=an_own_one, stored=ONE),
    "registrations": AreaPage(readers=OFFICE, arguments=an_open_one, stored=ONE),
    "registration_add": AreaPage(readers=OFFICE, method="post", status=409, arguments=an_open_one, stored=ONE),
    "registration_remove": AreaPage(readers=OFFICE, arguments=a_sign_up, stored=stored_sign_ups),
    "registrations_workbook": AreaPage(readers=OFFICE, arguments=an_open_one, stored=ONE),
    "calendar_address": AreaPage(),
    "calendar_renew": AreaPage(method="post", status=302),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {"activities.registration": (set(OFFICE), set())}
