from typing import Any

from organization.models import Cadre
from organization.roles import Role
from reading.models import DigitalResource
from reading.tests.factories import DigitalResourceFactory
from shuxiang.tests.area_pages import LIBRARIANS, AreaPage, stored


def a_resource(viewer: Cadre) -> dict[str, Any]:
    return {"resource_id": DigitalResourceFactory().pk}


PAGES: dict[str, AreaPage] = {
    "digital": AreaPage(),
    "digital_new": AreaPage(readers=LIBRARIANS),
    "digital_resource": AreaPage(arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_edit": AreaPage(readers=LIBRARIANS, arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_open": AreaPage(status=302, arguments=a_resource, stored=stored(DigitalResource, "resource_id")),
    "digital_check": AreaPage(
        readers=LIBRARIANS,
        method="post",
        status=302,
        arguments=a_resource,
        stored=stored(DigitalResource, "resource_id"),
    ),
}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {
    "reading.digitalresource": (set(LIBRARIANS), set(LIBRARIANS)),
}
