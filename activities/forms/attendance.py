"""What the ticking page sends and what its address chooses."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from activities.models import Attendance
from activities.services.attendance import ABSENT, REASON_LENGTH, VOID
from activities.services.roll import Row, named_by
from organization.desk import is_id
from shuxiang.fields import NUMERIC, CountField, TextField
from shuxiang.searches import searched

MOST_GUESTS = 100_000
SHOWN, CHOSEN = "seen-", "capacity-"
STATES = (ABSENT, *Attendance.Capacity.values)
EXPECTED, STILL_ABSENT, PRESENT = "expected", "absent", "present"


@dataclass(frozen=True)
class Ticked:
    """What a page of ticks says of the people on it, by key: what it showed, and what was chosen."""

    seen: dict[int, str]
    chosen: dict[int, str]

    @classmethod
    def read(cls, sent: QueryDict, only: str = "") -> Self:
        """`only` one person's; what is no answer of the form is left out."""
        keys = [only] if only else [name.removeprefix(SHOWN) for name in sent if name.startswith(SHOWN)]
        seen, chosen = {}, {}
        for key in keys:
            before, after = sent.get(f"{SHOWN}{key}"), sent.get(f"{CHOSEN}{key}")
            if is_id(key) and before in STATES and after in STATES:
                seen[int(key)], chosen[int(key)] = str(before), str(after)
        return cls(seen, chosen)

    @property
    def changed(self) -> dict[int, str]:
        return {key: capacity for key, capacity in self.chosen.items() if capacity != self.seen[key]}


@dataclass(frozen=True)
class Filter:
    """What the list shows, as its address says; anything unknown there is left out."""

    text: str = ""
    department: int | None = None
    show: str = ""

    @classmethod
    def read(cls, address: QueryDict, departments: list[tuple[int, str]]) -> Self:
        show, department = address.get("show", ""), address.get("department", "")
        return cls(
            searched(address),
            next((pk for pk, _ in departments if str(pk) == department), None),
            show if show in (EXPECTED, STILL_ABSENT, PRESENT) else "",
        )

    @property
    def address(self) -> str:
        parts = {"q": self.text, "department": self.department or "", "show": self.show}
        return urlencode({name: part for name, part in parts.items() if part})

    def among(self, rows: list[Row]) -> list[Row]:
        if self.text:
            rows = named_by(rows, self.text)
        if self.department:
            rows = [row for row in rows if row.department == self.department]
        if self.show == EXPECTED:
            return [row for row in rows if row.expected]
        if self.show:
            return [row for row in rows if bool(row.state) == (self.show == PRESENT)]
        return rows


class GuestsForm(forms.Form):
    guests = CountField("外来人数", MOST_GUESTS, 0, required=False, widget=forms.TextInput(NUMERIC))
    seen = CountField("外来人数", MOST_GUESTS, 0, required=False, widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """`seen` is the state on the page from which the correction comes."""

    state = forms.ChoiceField(
        label="改为",
        choices=[*Attendance.Capacity.choices, (VOID, "作废（没有来，或登记错了人）")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择参加、主讲或作废。"),
    )
    reason = TextField(
        "原因", REASON_LENGTH, rows=3, required=False, help_text="登记当天随手改可以不填，以后的更正必须写明。"
    )
    seen = forms.CharField(max_length=12, widget=forms.HiddenInput)

    def clean_seen(self) -> str:
        seen: str = self.cleaned_data["seen"]
        return seen if seen in (*Attendance.Capacity.values, VOID) else ABSENT

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "state" in cleaned and cleaned["state"] == cleaned.get("seen"):
            self.add_error("state", "状态没有变，不用更正；要更正的，请选另一项。")
        return cleaned

    @property
    def wanted(self) -> dict[str, Any]:
        state = self.cleaned_data["state"]
        return {"is_void": True} if state == VOID else {"is_void": False, "capacity": state}
