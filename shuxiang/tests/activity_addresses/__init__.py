"""The activities' addresses and models, area by area; the tests of every address, role and page read it."""

from organization.roles import Role
from shuxiang.tests.activity_addresses import (
    activity,
    attendance,
    calls,
    feedback,
    media,
    questionnaires,
    series,
    sign_up,
)
from shuxiang.tests.area_pages import AreaPage

AREAS = (series, activity, sign_up, attendance, media, calls, questionnaires, feedback)
PAGES: dict[str, AreaPage] = {name: page for area in AREAS for name, page in area.PAGES.items()}
MODELS: dict[str, tuple[set[Role], set[Role]]] = {name: who for area in AREAS for name, who in area.MODELS.items()}
