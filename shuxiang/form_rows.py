"""Rows of a form in a table, and the stamp of the page on which they were typed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import QueryDict

# Of stamps that were ours: others no database can hold in every zone.
STAMP_YEARS = range(2000, 2201)
# Before any row was: nothing is overwritten by who says nothing of what was seen.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Rows(forms.BaseFormSet):
    """Rows in a table: fields say the name of their column, and a row whose `name` is empty is none."""

    default_error_messages = {
        "missing_management_form": "表格没有收全，请刷新本页再填。",
        "too_many_forms": "最多 %(num)d 行，请删减。",
    }

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs |= {
                "aria-label": f"{field.label}（第 {(index or 0) + 1} 行）",
                "class": "form-control",
                "autocomplete": "off",
            }


def typed_rows(sent: QueryDict, prefix: str, names: Iterable[str], most: int) -> list[dict[str, str]]:
    """What stands in the rows of a form that was sent for more of them: nothing is judged yet."""
    count = sent.get(f"{prefix}-TOTAL_FORMS", "")
    many = min(int(count), most) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    rows = [{name: sent.get(f"{prefix}-{row}-{name}", "") for name in names} for row in range(many)]
    return [row for row in rows if any(row.values())]


def filled(rows: "forms.BaseFormSet[Any]") -> list[dict[str, Any]]:
    """The rows of a valid set that hold something."""
    return [form.cleaned_data for form in rows.forms if form.cleaned_data.get("name")]


def read_stamp(text: str) -> datetime | None:
    """When the page was opened, as it said itself; None where it said nothing that can be."""
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return found if found.tzinfo is not None and found.year in STAMP_YEARS else None
