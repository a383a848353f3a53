from typing import Any

from django import forms

from reading.services.buying_list import Picked
from reading.services.planner import Row
from shuxiang.fields import CountField, MoneyField
from shuxiang.typography import quoted


class PickForm(forms.Form):
    """One row of the planner."""

    pick = forms.BooleanField(label="选", required=False)
    copies = CountField("册数", most=200, initial=1)
    price = MoneyField("单价估计（元）", digits=7)

    def __init__(self, data: Any, *, row: Row, initial: Any = None) -> None:
        super().__init__(data, prefix=row.key, initial=initial)
        self.row = row
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{quoted(row.title)}{field.label}"

    def picked(self) -> Picked | None:
        data = self.cleaned_data
        return Picked(self.row, data["copies"], data["price"]) if data["pick"] else None
