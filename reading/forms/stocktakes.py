from typing import Any

from django import forms

from reading.services.place_tree import PlaceTree
from shuxiang.fields import LineField, NumberedChoice


class StartForm(forms.Form):
    place = NumberedChoice(
        label="盘点哪个地点",
        error_messages={"required": "请选择盘点的地点。", "invalid_choice": "请从列出的地点里选。"},
        help_text="房间连同里面的书架、图书角一起盘。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "请选择"), *PlaceTree().choices()]  # type: ignore[attr-defined]


class ResolveForm(forms.Form):
    """How one difference is resolved; `to` is the new home where the copy stays here."""

    resolution = LineField("处理", 12)
    note = LineField("说明", 200, required=False)
    to = NumberedChoice(label="放到", required=False, error_messages={"invalid_choice": "请从列出的地点里选。"})

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", ""), *places]  # type: ignore[attr-defined]
