"""The map of the house: an app imports only from floors below, and inside an app imports point one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# From the lowest floor to the highest; `shuxiang` is split into its leaves and its top.
FLOORS = ["leaves", "organization", "notices", "reading", "activities", "submissions", "assessment", "programme", "top"]
LEAVES = {"commands", "periods", "uploads", "workbooks", "tracking", "typography", "demo", "tests", "locks", "rows",
          "media", "searches", "symbols", "ordering", "fields", "form_rows", "links", "downloads", "references",
          "holiday_table", "lifeline"}  # fmt: skip
# Rooms inside an app, in the order in which one may import from another.
ROOMS = [
    {
        "engine",
        "kinds",
        "states",
        "roles",
        "passwords",
        "windows",
        "seeds",
        "question_seeds",
        "channels",
        "passages",
        "isbn",
        "marc",
        "renewal",
        "recurrence",
    },
    {"models"},
    {"directory", "facts", "bulk"},
    {"services", "reports", "boards"},
    {"forms", "exports"},
    {"jobs"},
    {"tasks"},
    {"backends", "desk", "desk_forms", "middleware", "restoring", "ways"},
    {"audit_admin", "holiday_admin", "placement_admin", "register_admin"},
    {"views", "admin", "apps", "management", "urls", "templatetags"},
]


def modules() -> list[Path]:
    apps = [ROOT / name for name in ("shuxiang", *FLOORS[1:-1])]
    return [
        path
        for app in apps
        for path in sorted(app.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts)
    ]


def imports(module: list[str], source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module[: len(module) - node.level] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def floor_of(parts: list[str]) -> str | None:
    if parts[0] == "shuxiang":
        return "leaves" if len(parts) > 1 and parts[1] in LEAVES else "top"
    return parts[0] if parts[0] in FLOORS else None


def room_of(parts: list[str]) -> int | None:
    if len(parts) < 2:
        return None
    return next((number for number, names in enumerate(ROOMS) if parts[1] in names), None)


def breaches(module: list[str], source: str) -> list[str]:
    """What a module imports that it must not, as `module -> imported`."""
    own_floor = floor_of(module)
    own_room = room_of(module)
    found = []
    for name in imports(module, source):
        parts = name.split(".")
        floor = floor_of(parts)
        if floor is None or (parts[0] == "shuxiang" and len(parts) == 1):
            continue
        too_high = FLOORS.index(floor) > FLOORS.index(own_floor)
        room = room_of(parts)
        wrong_way = parts[0] == module[0] and None not in (room, own_room) and room > own_room
        if too_high or wrong_way:
            found.append(f"{'.'.join(module)} -> {name}")
    return found


def test_every_import_goes_down():
    found = []
    for path in modules():
        module = list(path.relative_to(ROOT).with_suffix("").parts)
        found += breaches(module, path.read_text())
    assert found == []


def test_every_module_has_a_room():
    homeless = [
        str(path.relative_to(ROOT))
        for path in modules()
        if (parts := list(path.relative_to(ROOT).with_suffix("").parts))[0] != "shuxiang"
        and parts[1] != "__init__"
        and room_of(parts) is None
    ]
    assert homeless == []


def test_the_engine_is_pure():
    for path in sorted((ROOT / "assessment" / "engine").glob("*.py")):
        outside = {name.split(".")[0] for name in imports(["assessment", "engine", path.stem], path.read_text())}
        assert "django" not in outside, path


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("organization.models.cadre", "from submissions.models import Submission"),
        ("submissions.services.review", "import assessment.models"),
        ("activities.models", "from activities.services import register"),
        ("shuxiang.periods", "from organization.models import Cadre"),
        ("assessment.engine.points", "from assessment.models import Entry"),
        ("organization.models", "from shuxiang.views import home"),
    ],
)
def test_the_map_notices_a_breach(module, source):
    assert breaches(module.split("."), source) != []
