from typing import Any

from django import forms

from organization.forms import staff_named
from organization.models import Cadre
from reading.kinds import PlaceKind
from reading.models import Place
from reading.services.place_tree import PlaceTree
from reading.services.places import Piece, PlaceFacts
from shuxiang.fields import LineField, NumberedChoice, NumberField, TextField
from shuxiang.form_rows import Rows, filled
from shuxiang.uploads import accept, hint

MOST_ROWS = 60


class PlaceForm(forms.Form):
    """`seen` tells when the page was opened; the service compares it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    name = LineField("名称", 50)
    code = LineField("地点编号", 20, help_text="印在书架的二维码旁边，每处一个，短一些好认。")
    kind = forms.ChoiceField(
        label="类别", choices=PlaceKind.choices, error_messages={"invalid_choice": "请从列出的类别里选。"}
    )
    parent = NumberedChoice(
        label="在哪个地点里面", required=False, error_messages={"invalid_choice": "请从列出的地点里选。"},
        help_text="书架、图书角在某个房间里时选上；单独一处就不选。",
    )  # fmt: skip
    location = LineField("位置", 100, required=False, help_text="怎样走到，如：主楼三层东侧走廊。")
    keeper = LineField("管理人", 60, required=False, help_text="填工号或姓名，可以不填。")
    opening_hours = LineField("开放时间", 200, required=False, help_text="如：工作日 8:30—17:30。")
    description = TextField("说明", 2000, required=False)
    position = NumberField("排序号", least=0, most=99_999, empty=0)
    is_closed = forms.BooleanField(label="停用", required=False, help_text="停用的地点不再收书，记录保留。")

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        self.tree = PlaceTree()
        super().__init__(*args, **kwargs)
        own = set(self.tree.within(place.pk)) if place else set()
        offered = [(pk, path) for pk, path in self.tree.choices() if pk not in own]
        if place and place.parent_id and place.parent_id not in dict(offered):
            offered.append((place.parent_id, self.tree.path(place.parent_id)))
        self.fields["parent"].choices = [("", "（单独一处）"), *offered]  # type: ignore[attr-defined]
        self.fields["position"].help_text = "小的在前，可以不填。"
        if place is None:
            del self.fields["is_closed"]

    def clean_keeper(self) -> Cadre | None:
        return staff_named(self.cleaned_data["keeper"])

    def facts(self) -> PlaceFacts:
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        parent = cleaned.pop("parent")
        return PlaceFacts(**cleaned, parent=self.tree.places[parent] if parent else None)


class PieceForm(forms.Form):
    name = LineField("家具设备", 50, required=False)
    quantity = NumberField("数量", least=1, most=99_999, empty=1)
    note = LineField("备注", 100, required=False)


PieceFormSet = forms.formset_factory(
    PieceForm, formset=Rows, extra=3, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1, validate_max=True
)


def pieces_in(rows: "forms.BaseFormSet[Any]") -> list[Piece]:
    return [Piece(**row) for row in filled(rows)]


class PhotographForm(forms.Form):
    upload = forms.FileField(
        label="照片",
        widget=forms.ClearableFileInput(attrs={"accept": accept("picture")}),
        error_messages={
            "required": "请选择一张照片。",
            "empty": "文件是空的，请换一张照片。",
            "missing": "没有收到文件，请重新选择照片。",
            "invalid": "没有收到文件，请重新选择照片。",
        },
    )
    caption = LineField("说明", 100, required=False, help_text="可以不写，如：改造后的借阅台。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = hint("picture")


class MoveForm(forms.Form):
    to = NumberedChoice(
        label="移到", error_messages={"required": "请选择移到哪里。", "invalid_choice": "请从列出的地点里选。"}
    )
    reason = LineField("缘由", 200, required=False, help_text="可以不写，如：三楼阅览室装修。")

    def __init__(self, *args: Any, place: Place, tree: PlaceTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(pk, path) for pk, path in tree.choices() if pk != place.pk]
        self.fields["to"].choices = [("", "请选择"), *offered]  # type: ignore[attr-defined]
