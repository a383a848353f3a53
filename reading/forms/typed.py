"""Numbers, amounts, choices and rows of the forms for places, projects and stocktakes."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from reading.forms.lines import plain

NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class NumberField(forms.IntegerField):
    """A whole number of a few digits, typed with whatever keyboard; nothing typed is `empty`."""

    def __init__(self, label: str, *, least: int, most: int, empty: int) -> None:
        self.empty = empty
        wrong = f"{label}请填 {least} 到 {most:,} 之间的整数。"
        super().__init__(
            label=label, required=False, min_value=least, max_value=most, widget=forms.TextInput(NUMERIC),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        )  # fmt: skip

    def to_python(self, value: Any) -> int:
        typed = unicodedata.normalize("NFKC", plain(str(value if value is not None else ""))).strip()
        if len(typed) > 12:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        found = super().to_python(typed)
        return self.empty if found is None else found


class MoneyField(forms.DecimalField):
    """Yuan with two places; nothing typed is none."""

    def __init__(self, label: str) -> None:
        wrong = f"{label}请填金额，如 1200 或 1200.50，最多两位小数，不超过 10 位整数。"
        codes = ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")
        super().__init__(
            label=label, required=False, min_value=Decimal(0), max_digits=12, decimal_places=2,
            widget=forms.TextInput({**NUMERIC, "inputmode": "decimal"}), error_messages=dict.fromkeys(codes, wrong),
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        typed = unicodedata.normalize("NFKC", plain(str(value if value is not None else "")))
        typed = typed.replace(",", "").replace("¥", "").replace("元", "").strip()
        if len(typed) > 20:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        found = super().to_python(typed)
        return Decimal(0) if found is None else found


class NumberedChoice(forms.ChoiceField):
    """One of the rows offered, by its number; `None` where nothing is chosen."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if chosen else None


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


def read_stamp(text: str) -> datetime:
    """When the page was opened, as it said itself; nonsense is long ago, so that nothing is overwritten."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
