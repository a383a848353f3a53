from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from reading.forms.catalogue import class_of
from reading.forms.fields import IsbnField, PlaceField
from reading.kinds import Condition
from reading.models import DonationItem, SubjectArea
from reading.services.donating import MOST_ITEMS, Finding, Offered
from shuxiang.fields import CountField, DayField, LineField, TextField


class DonationForm(forms.Form):
    donor_name = LineField(
        "捐赠人姓名或单位", 50, required=False, help_text="替单位以外的人登记时填写；自己捐赠的留空。"
    )
    is_named = forms.BooleanField(label="在捐赠榜上公开姓名", required=False, initial=True)
    note = TextField("留言", 300, rows=3, required=False, help_text="可以不填。")

    def __init__(self, *args: Any, for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_others:
            del self.fields["donor_name"]


class ItemForm(forms.Form):
    isbn = IsbnField()
    title = LineField("书名", 200, required=False)
    author = LineField("作者", 200, required=False)
    publisher = LineField("出版社", 100, required=False)
    count = CountField("册数", most=99, initial=1, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = any(cleaned.get(name) for name in ("isbn", "author", "publisher"))
        if typed and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", "请填写书名，或清空这一行。")
        return cleaned

    def offered(self) -> Offered | None:
        data = self.cleaned_data
        if not data.get("title"):
            return None
        return Offered(data["title"], data["isbn"], data["author"], data["publisher"], data["count"] or 1)


ItemFormSet = forms.formset_factory(
    ItemForm, extra=3, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS + 10, validate_max=True
)


class FindingForm(forms.Form):
    accepted = CountField("接收册数", least=0, most=999)
    condition = forms.ChoiceField(label="品相", choices=[("", "不接收"), *Condition.choices], required=False)
    area = forms.ModelChoiceField(SubjectArea.objects.none(), label="主题类别", required=False, empty_label="未分类")
    clc = LineField("分类号", 50, required=False)
    remark = LineField("验收说明", 200, required=False)

    def __init__(self, data: Any, *, item: DonationItem, areas: Any, typed: Any = None) -> None:
        prefix = f"item-{item.pk}"
        initial = {
            "accepted": item.offered if item.accepted is None else item.accepted,
            "condition": item.condition or Condition.GOOD, "area": item.area_id, "clc": item.clc, "remark": item.remark,
        }  # fmt: skip
        initial |= {name: typed[f"{prefix}-{name}"] for name in initial if f"{prefix}-{name}" in (typed or ())}
        super().__init__(data, prefix=prefix, initial=initial)
        self.item = item
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]

    def clean_accepted(self) -> int:
        accepted: int = self.cleaned_data["accepted"]
        if accepted > self.item.offered:
            raise forms.ValidationError(f"登记了 {self.item.offered} 册，接收册数不能超过。")
        return accepted

    def clean_clc(self) -> str:
        return class_of(self.cleaned_data["clc"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("accepted") and not cleaned.get("condition"):
            self.add_error("condition", "请选择品相。")
        return cleaned

    def finding(self) -> Finding:
        data = self.cleaned_data
        return Finding(data["accepted"], data["condition"], data["remark"], data["area"], data["clc"])


def finding_forms(items: Iterable[DonationItem], data: Any = None, typed: Any = None) -> list[FindingForm]:
    """`typed` was not sent to be judged: it waited while the session had ended."""
    areas = SubjectArea.objects.all()
    return [FindingForm(data, item=item, areas=areas, typed=typed) for item in items]


class AcceptForm(forms.Form):
    home = PlaceField(
        label="馆藏地点",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择这些书放在哪里。"),
    )
    accepted_on = DayField("入藏日期")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["accepted_on"].initial = today

    def clean_accepted_on(self) -> date:
        day: date = self.cleaned_data["accepted_on"]
        if day > self.today or day.year < 1949:
            raise forms.ValidationError("入藏日期不能晚于今天，请核对。")
        return day


class DeclineForm(forms.Form):
    reason = TextField("原因", 300, rows=3, required=False, help_text="捐赠人会看到。")
