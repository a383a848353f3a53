from typing import Any

from activities.models import Series
from activities.tests.factories import SeriesFactory
from organization.models import Cadre
from organization.roles import Role
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored


def a_series(viewer: Cadre) -> dict[str, Any]:
    """Of the viewer's own department."""
    return {"series_id": SeriesFactory(department_id=viewer.postings.get().department_id).pk}


OF_ONE: dict[str, Any] = {"readers": OFFICE, "arguments": a_series, "stored": stored(Series, "series_id")}

PAGES: dict[str, AreaPage] = {
    "series_list": AreaPage(readers=OFFICE),
    "series_new": AreaPage(readers=OFFICE),
    "series": AreaPage(**OF_ONE),
    "series_edit": AreaPage(**OF_ONE),
    "series_pause": AreaPage(**OF_ONE),
    "series_cancel": AreaPage(**OF_ONE),
    "series_generate": AreaPage(method="post", status=302, **OF_ONE),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {"activities.series": (set(OFFICE), set())}
