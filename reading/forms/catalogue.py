"""What librarians type about titles and copies."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms

from reading.forms.fields import IsbnField, PlaceField
from reading.isbn import BadIsbn, normalise
from reading.kinds import CLC_CLASSES, Condition, Source
from reading.marc.title import LENGTHS
from reading.models import Book, SubjectArea
from reading.services.catalogue import EDITED, MOST_COPIES, NEEDS_REASON, REASON_LENGTH
from reading.states import CopyAction
from shuxiang.fields import CountField, DayField, LineField, TextField
from shuxiang.uploads import accept, hint

CLASS = re.compile(r"[A-Z][A-Z0-9.\-=()\"/:+<>\[\]a-z]*")
YEARS = (1000, 2100)


def class_of(text: str) -> str:
    """A class as the catalogue writes it: a number without its letter is a mistake that sorts nowhere."""
    clean = "".join(unicodedata.normalize("NFKC", text).split())
    clean = clean[:1].upper() + clean[1:]
    if clean and (not CLASS.fullmatch(clean) or clean[0] not in CLC_CLASSES):
        raise forms.ValidationError("中图法分类号以 A 到 Z 的大类字母开头（没有 L、M、W、Y），如 I210.6，请核对。")
    return clean


def not_to_come(day: date, today: date) -> date:
    if day > today:
        raise forms.ValidationError("入藏日期不能晚于今天，请改正。")
    return day


class CopiesForm(forms.Form):
    """How many copies, and where they stand."""

    count = CountField("册数", MOST_COPIES, initial=1)
    home = PlaceField(
        label="馆藏地点",
        error_messages={
            "required": "请选择这些书放在哪里。",
            "invalid_choice": "没有这个地点，或者它已停用，请重新选择。",
        },
    )
    acquired_on = DayField("入藏日期")
    source = forms.ChoiceField(label="来源", choices=Source.choices, initial=Source.PURCHASE)
    donor = LineField("捐赠人", 50, required=False, help_text="来源是捐赠时填写，书的页面会写明。")
    condition = forms.ChoiceField(label="品相", choices=Condition.choices, initial=Condition.GOOD)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("acquired_on", today)

    def clean_acquired_on(self) -> date:
        return not_to_come(self.cleaned_data["acquired_on"], self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") == Source.DONATION and cleaned.get("donor") == "":
            self.add_error("donor", "来源是捐赠，请填写捐赠人；不愿留名的写“匿名”。")
        if cleaned.get("source") not in (Source.DONATION, None) and cleaned.get("donor"):
            self.add_error("donor", "填了捐赠人，来源却不是捐赠，请改正其中之一。")
        return cleaned


class BookForm(forms.ModelForm):
    """`seen` tells which state of the title the person changes."""

    isbn = IsbnField(help_text="扫描封底条码，或输入 10 位、13 位数字；没有 ISBN 的旧书留空。")
    title = LineField("书名", 200)
    subtitle = LineField("副书名", 200, required=False)
    author = LineField("作者", 200, required=False)
    publisher = LineField("出版社", 100, required=False)
    publication_place = LineField("出版地", 50, required=False)
    year = CountField("出版年", YEARS[1], YEARS[0], required=False)
    edition = LineField("版次", 50, required=False)
    series = LineField("丛书", 200, required=False)
    extent = LineField("页数", 50, required=False)
    price = LineField("定价", 30, required=False)
    keywords = LineField("主题词", 300, required=False, help_text="几个词用分号隔开。")
    summary = TextField("内容简介", LENGTHS["summary"], required=False)
    area = forms.ModelChoiceField(
        label="主题类别",
        queryset=SubjectArea.objects.all(),
        required=False,
        empty_label="未分类",
        error_messages={"invalid_choice": "没有这个主题类别，请重新选择。"},
    )
    clc = LineField("中图法分类号", 50, required=False, help_text="版权页的 CIP 数据里有，如 I210.6、D262。")
    call_number = LineField("索书号", 80, required=False, help_text="留空时按分类号和种次号自动编。")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Book
        fields = list(EDITED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial.setdefault("seen", self.instance.changed_at.isoformat())

    def clean_clc(self) -> str:
        return class_of(self.cleaned_data["clc"])

    def look_up(self) -> tuple[Book | None, str]:
        """The title that already has the typed ISBN, or what is wrong with it."""
        try:
            isbn = normalise(str(self["isbn"].value() or ""))
        except BadIsbn as error:
            return None, f"{error}。"
        known = Book.objects.filter(isbn=isbn).exclude(pk=self.instance.pk).first() if isbn else None
        return known, ""

    def focus(self, name: str) -> None:
        self.fields[name].widget.attrs["autofocus"] = True


class CoverForm(forms.Form):
    cover = forms.FileField(
        label="封面图片",
        help_text=hint("cover"),
        error_messages={
            "required": "请选择一张图片。",
            "empty": "文件是空的，请换一张图片。",
            "invalid": "没有收到文件，请重新选择。",
        },
    )
    cover.widget.attrs["accept"] = accept("cover")


class TendForm(forms.Form):
    """What is done to chosen copies; the reason and the place as far as the action needs them."""

    reason = LineField("原因", 300, required=False)
    to = PlaceField(
        label="移到",
        error_messages={
            "required": "请选择移到哪里。",
            "invalid_choice": "没有这个地点，或者它已停用，请重新选择。",
        },
    )
    acquired_on = DayField("改为")

    def __init__(self, *args: Any, action: CopyAction, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if action == CopyAction.CORRECT:
            self.fields["reason"] = LineField("原因", REASON_LENGTH)
        else:
            del self.fields["acquired_on"]
        if action != CopyAction.MOVE:
            del self.fields["to"]
        if action in NEEDS_REASON:
            self.fields["reason"].required = True

    def clean_acquired_on(self) -> date:
        return not_to_come(self.cleaned_data["acquired_on"], self.today)
