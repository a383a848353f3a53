from decimal import Decimal
from typing import Any

from django import forms

from reading.forms.places import MOST_ROWS, PhotographForm
from reading.kinds import ProjectState, Stage
from reading.models import Project
from reading.services.place_tree import PlaceTree
from reading.services.projects import Money, ProjectFacts
from shuxiang.fields import DayField, LineField, MoneyField, NumberedChoice, TextField
from shuxiang.form_rows import Rows, filled


class ProjectForm(forms.Form):
    """`seen` tells when the page was opened; the service compares it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    title = LineField("名称", 100)
    place = NumberedChoice(label="地点", required=False, error_messages={"invalid_choice": "请从列出的地点里选。"})
    state = forms.ChoiceField(
        label="状态", choices=ProjectState.choices, error_messages={"invalid_choice": "请从列出的状态里选。"}
    )
    since = DayField("开始日期", required=False)
    until = DayField("完成日期", required=False)
    description = TextField("内容", 5000, required=False)

    def __init__(self, *args: Any, project: Project | None = None, **kwargs: Any) -> None:
        self.tree = PlaceTree()
        super().__init__(*args, **kwargs)
        offered = self.tree.choices()
        if project and project.place_id and project.place_id not in dict(offered):
            offered.append((project.place_id, self.tree.path(project.place_id)))
        self.fields["place"].choices = [("", "（不止一处，或还没有登记）"), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "完成日期不能早于开始日期，请改正其中之一。")
        return cleaned

    def facts(self) -> ProjectFacts:
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        place = cleaned.pop("place")
        return ProjectFacts(**cleaned, place=self.tree.places[place] if place else None)


class LineForm(forms.Form):
    name = LineField("项目", 100, required=False)
    planned = MoneyField("预算（元）", empty=Decimal(0))
    spent = MoneyField("支出（元）", empty=Decimal(0))
    voucher = LineField("凭证号", 50, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("name") and (cleaned.get("planned") or cleaned.get("spent")):
            self.add_error("name", "请填写项目，说明这笔钱用在哪里。")
        return cleaned


LineFormSet = forms.formset_factory(
    LineForm, formset=Rows, extra=3, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1, validate_max=True
)


def money_in(rows: "forms.BaseFormSet[Any]") -> list[Money]:
    return [Money(row["name"], row["planned"], row["spent"], row["voucher"]) for row in filled(rows)]


class ProjectPhotographForm(PhotographForm):
    stage = forms.ChoiceField(
        label="阶段", choices=Stage.choices, error_messages={"invalid_choice": "请选“改造前”或“改造后”。"}
    )
    field_order = ["stage", "upload", "caption"]
