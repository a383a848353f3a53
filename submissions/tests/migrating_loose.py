"""Loose files from before they were known to the organization, brought there and back again.

    python -m submissions.tests.migrating_loose [--server postgres://…/postgres]

Three lines, the names that are known: there, back, and there again.
"""

import sys
from datetime import datetime
from typing import Any

from shuxiang.periods import SHANGHAI
from shuxiang.tests.scratch import from_nothing

GROUND = ("organization", "0006_loose_files")
BEFORE, AFTER = ("submissions", "0008_consent_decisions"), ("submissions", "0009_loose_files")
NOW = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
NAMES = [f"{number:04}" for number in range(1200)]


def loose_files(app: str, state: tuple[str, str]) -> Any:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connection).loader.project_state([GROUND, state]).apps.get_model(app, "LooseFile")


def told(model: Any) -> str:
    rows = list(model.objects.order_by("name").values_list("name", "since"))
    known = [name for name, _ in rows] == NAMES and {since for _, since in rows} == {NOW}
    return f"{len(rows)} {known}"


def main() -> None:
    from django.core.management import call_command

    call_command("migrate", *GROUND, verbosity=0)
    call_command("migrate", *BEFORE, verbosity=0)
    old, new = loose_files("submissions", BEFORE), loose_files("organization", AFTER)
    old.objects.bulk_create(old(name=name, since=NOW) for name in NAMES)
    new.objects.create(name=NAMES[0], since=NOW)
    for state, model in ((AFTER, new), (BEFORE, old), (AFTER, new)):
        call_command("migrate", *state, verbosity=0)
        sys.stdout.write(f"{told(model)}\n")


if __name__ == "__main__":
    from_nothing(main)
