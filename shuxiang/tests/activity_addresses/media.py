from collections.abc import Iterator
from typing import Any

from activities.models import Activity, Call, Material, Photograph, Theme
from activities.tests.factories import ActivityFactory
from activities.tests.media import a_call, a_material, a_photograph, a_theme
from organization.models import Cadre
from organization.roles import Role
from shuxiang.tests.area_pages import OFFICE, AreaPage, stored


def own_activity(viewer: Cadre) -> dict[str, Any]:
    """Whoever organises it runs it, in whatever role."""
    return {"activity_id": ActivityFactory(organiser=viewer).pk}


def an_activity(viewer: Cadre) -> dict[str, Any]:
    return {"activity_id": ActivityFactory().pk}


def own_material(viewer: Cadre) -> dict[str, Any]:
    return {"material_id": a_material(activity=ActivityFactory(organiser=viewer)).pk}


def any_material(viewer: Cadre) -> dict[str, Any]:
    return {"material_id": a_material(activity=ActivityFactory()).pk}


def any_photograph(viewer: Cadre) -> dict[str, Any]:
    return {"photograph_id": a_photograph(ActivityFactory()).pk}


def own_photograph(viewer: Cadre) -> dict[str, Any]:
    return {"photograph_id": a_photograph(ActivityFactory(organiser=viewer)).pk}


def photograph_page(viewer: Cadre) -> dict[str, Any]:
    found = a_photograph(ActivityFactory())
    return {"activity_id": found.activity_id, "photograph_id": found.pk}


def stored_photographs() -> Iterator[dict[str, Any]]:
    for row in Photograph.objects.all()[:1]:
        yield {"activity_id": row.activity_id, "photograph_id": row.pk}


ACTIVITIES, MATERIALS = stored(Activity, "activity_id"), stored(Material, "material_id")
PHOTOGRAPHS = stored(Photograph, "photograph_id")
PAGES: dict[str, AreaPage] = {
    "materials": AreaPage(arguments=own_activity, stored=ACTIVITIES),
    "theme_materials": AreaPage(
        OFFICE, arguments=lambda viewer: {"theme_id": a_theme().pk}, stored=stored(Theme, "theme_id")
    ),
    "call_materials": AreaPage(
        OFFICE, arguments=lambda viewer: {"call_id": a_call(viewer).pk}, stored=stored(Call, "call_id")
    ),
    "material": AreaPage(arguments=any_material, stored=MATERIALS),
    "material_remove": AreaPage(arguments=own_material, stored=MATERIALS),
    "activity_photographs": AreaPage(arguments=an_activity, stored=ACTIVITIES),
    "activity_photographs_arrange": AreaPage(method="post", arguments=own_activity, stored=ACTIVITIES),
    "activity_photograph": AreaPage(arguments=photograph_page, stored=stored_photographs),
    "activity_picture": AreaPage(arguments=any_photograph, stored=PHOTOGRAPHS),
    "activity_photograph_remove": AreaPage(arguments=own_photograph, stored=PHOTOGRAPHS),
    "minutes": AreaPage(arguments=own_activity, stored=ACTIVITIES),
    "minutes_print": AreaPage(arguments=an_activity, stored=ACTIVITIES),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "activities.material": (set(OFFICE), set()),
    "activities.photograph": (set(OFFICE), set()),
}
