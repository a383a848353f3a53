from datetime import date
from typing import Any

from django import forms

from reading.forms.catalogue import class_of
from reading.forms.fields import IsbnField, PlaceField
from reading.models import Book, SubjectArea, Suggestion
from reading.states import SuggestionAction
from shuxiang.fields import CountField, DayField, LineField, TextField


class SuggestForm(forms.Form):
    isbn = IsbnField(help_text="封底条码上的 13 位（旧书 10 位）数字，没有就留空。")
    title = LineField("书名", 200)
    author = LineField("作者", 200, required=False)
    publisher = LineField("出版社", 100, required=False)
    area = forms.ModelChoiceField(SubjectArea.objects.all(), label="主题类别", required=False, empty_label="未分类")
    reason = TextField("荐购理由", 500, rows=3, required=False, help_text="可以不填。写清对谁有用，更容易买到。")


class NewSuggestionForm(SuggestForm):
    more = forms.BooleanField(label="馆里已有，仍要多买几册", required=False)


class DecideForm(forms.Form):
    """`seen` is the state on the page from which the decision comes."""

    action = forms.ChoiceField(
        choices=[(each.value, each.label) for each in SuggestionAction if each not in ("suggest", "buy")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "没有看懂要怎样办理，请重新选择。"),
    )
    seen = forms.CharField(max_length=12)
    reason = TextField("答复", 300, rows=3, required=False, help_text="不采购必须写明原因，荐购人会看到。")


class BuyForm(forms.Form):
    """What was bought: copies to register now, or none where the catalogue has them already."""

    seen = forms.CharField(max_length=12, widget=forms.HiddenInput)
    count = CountField("登记馆藏（册）", least=0, most=200, help_text="已在目录里登记过的填 0。")
    home = PlaceField(label="馆藏地点", required=False)
    acquired_on = DayField("入藏日期")
    clc = LineField("中图法分类号", 50, required=False, help_text="新书目编索书号用，如 D262；可以不填。")
    known = LineField(
        "目录里的这本书",
        80,
        required=False,
        help_text="填 0 册时：ISBN、索书号或任一条码；荐购单上有 ISBN 的可以不填。",
    )

    def __init__(self, *args: Any, suggestion: Suggestion, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestion, self.today = suggestion, today

    def clean_acquired_on(self) -> date:
        day: date = self.cleaned_data["acquired_on"]
        if day > self.today:
            raise forms.ValidationError("入藏日期不能晚于今天。")
        return day

    def clean_clc(self) -> str:
        return class_of(self.cleaned_data["clc"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("count") and not cleaned.get("home") and "home" not in self.errors:
            self.add_error("home", "请选择新书放在哪里。")
        if cleaned.get("count") == 0:
            cleaned["book"] = self.known_book(cleaned.get("known", ""))
            if cleaned["book"] is None:
                self.add_error("known", "目录里没有找到这本书，请核对，或在上面填册数现在登记。")
        return cleaned

    def known_book(self, typed: str) -> Book | None:
        if not typed:
            return self.suggestion.book or Book.objects.filter(isbn=self.suggestion.isbn or "-").first()
        return Book.objects.named_by(typed)
