from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from activities.models import Call, Commitment, Theme
from activities.tests.calling import opened_call
from activities.tests.factories import CallFactory, ThemeFactory
from organization.models import Cadre
from organization.roles import Role
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored

BOARD = OFFICE | {Role.LEADER}


def a_theme(viewer: Cadre) -> dict[str, Any]:
    return {"theme_id": ThemeFactory().pk}


def a_draft(viewer: Cadre) -> dict[str, Any]:
    return {"call_id": CallFactory().pk}


def an_open_call(viewer: Cadre) -> dict[str, Any]:
    return {"call_id": opened_call().pk}


def a_commitment(viewer: Cadre) -> dict[str, Any]:
    year = timezone.localdate().year
    return {"year": year, "commitment_id": Commitment.objects.get_or_create(title="读书日", tag="for_union")[0].pk}


def stored_commitment() -> Iterator[dict[str, Any]]:
    for row in Commitment.objects.in_use()[:1]:
        yield {"year": timezone.localdate().year, "commitment_id": row.pk}


THEME, CALL = stored(Theme, "theme_id"), stored(Call, "call_id")
PAGES: dict[str, AreaPage] = {
    "themes": AreaPage(),
    "theme_new": AreaPage(OFFICE),
    "theme": AreaPage(arguments=a_theme, stored=THEME),
    "theme_edit": AreaPage(OFFICE, arguments=a_theme, stored=THEME),
    "theme_close": AreaPage(OFFICE, "post", 302, arguments=a_theme, stored=THEME),
    "theme_print": AreaPage(arguments=a_theme, stored=THEME),
    "calls": AreaPage(),
    "call_new": AreaPage(OFFICE),
    "call": AreaPage(arguments=an_open_call, stored=CALL),
    "call_edit": AreaPage(OFFICE, arguments=a_draft, stored=CALL),
    "call_state": AreaPage(OFFICE, status=302, arguments=a_draft, stored=CALL),
    "call_print": AreaPage(arguments=an_open_call, stored=CALL),
    "call_workbook": AreaPage(OFFICE, arguments=an_open_call, stored=CALL),
    "commitments": AreaPage(BOARD),
    "commitment": AreaPage(BOARD, arguments=a_commitment, stored=stored_commitment),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "activities.theme": (set(OFFICE), set()),
    "activities.call": (set(OFFICE), set()),
    "activities.commitment": (set(OFFICE), set(OFFICE)),
}
