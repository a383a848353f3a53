from organization.roles import Role
from shuxiang.tests.area_pages import OFFICE, AreaPage

PAGES: dict[str, AreaPage] = {}

# Model of the admin: (who looks, who adds). Nobody deletes.
MODELS: dict[str, tuple[set[Role], set[Role]]] = {"activities.activity": (set(OFFICE), set(OFFICE))}
