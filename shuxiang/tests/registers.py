"""Writes small registers and runs the import commands on them."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError, call_command
from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


def write_book(path: Path, sheets: dict[str, Rows]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.data_type = "s"  # what looks like a formula was typed as text
    book.save(path)
    return path


def run(command: str, *args: Any, **options: Any) -> str:
    """What the command printed; a refusal raises CommandError, which a shell sees as exit status 1."""
    out = StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def refusal(command: str, *args: Any, **options: Any) -> str:
    """What a command that must refuse printed, its last words included."""
    out = StringIO()
    try:
        call_command(command, *args, stdout=out, stderr=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    raise AssertionError(f"{command} refused nothing: {out.getvalue()}")


def stored() -> dict[str, list[dict[str, Any]]]:
    """Every row of our own tables but the seeds, for telling that nothing was written."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for label in ("organization", "reading", "submissions", "activities", "assessment")
        for model in apps.get_app_config(label).get_models()
    }
