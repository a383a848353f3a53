"""The reading room's addresses and models, area by area; the tests of every address, role and page read it."""

from organization.roles import Role
from shuxiang.tests.area_pages import AreaPage
from shuxiang.tests.reading_addresses import acquisition, catalogue, digital, loans, places, plans, stocktakes

AREAS = (catalogue, loans, places, stocktakes, digital, acquisition, plans)
PAGES: dict[str, AreaPage] = {name: page for area in AREAS for name, page in area.PAGES.items()}
MODELS: dict[str, tuple[set[Role], set[Role]]] = {name: who for area in AREAS for name, who in area.MODELS.items()}
