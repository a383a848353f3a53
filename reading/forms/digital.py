from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from reading.kinds import DigitalKind
from reading.models import DigitalResource, SubjectArea
from reading.services.digital import BOTH, Details
from reading.services.digital_files import ACCEPTED, hint
from shuxiang.fields import DayField, LineField, TextField
from shuxiang.links import LENGTH, BadLink, checked_link


class DigitalForm(forms.Form):
    """A digital resource. `there` is the one that is changed: its file stays where neither a link nor another comes."""

    title = LineField("名称", 200)
    kind = forms.ChoiceField(
        label="类别",
        choices=DigitalKind.choices,
        error_messages={"required": "请选择类别。", "invalid_choice": "没有这个类别，请重新选择。"},
    )
    area = forms.ChoiceField(
        label="主题类别", required=False, error_messages={"invalid_choice": "没有这个主题类别，请重新选择。"}
    )
    author = LineField("作者", 200, required=False)
    description = TextField("简介", 2000, required=False)
    link = forms.CharField(
        label="网址",
        required=False,
        max_length=4 * LENGTH,
        help_text="从浏览器的地址栏复制，以 http:// 或 https:// 开头。",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": f"网址最多 {LENGTH} 个字符，请换一个短些的网址。"},
    )
    file = forms.FileField(
        label="或上传文件",
        required=False,
        allow_empty_file=True,
        error_messages={"max_length": "文件名过长，请改短以后重新选择。", "missing": "没有收到文件，请重新选择。"},
    )
    format = LineField("格式", 30, required=False, help_text="如 网页、EPUB、MP3；上传文件时由系统识别，不用填。")
    login_hint = LineField(
        "登录说明", 300, required=False, help_text="怎样登录，例如“用工号登录，初始密码问办公室”。不要写密码。"
    )
    licence_until = DayField(
        "授权到期", required=False,
        help_text="留空表示长期有效。到期前 30 天提醒图书管理员，到期以后读者不再看到。",
    )  # fmt: skip
    is_closed = forms.BooleanField(label="停用，读者不再看到", required=False)

    def __init__(self, *args: Any, areas: Sequence[SubjectArea], there: DigitalResource | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.areas = {str(area.pk): area for area in areas}
        self.there = there
        self.fields["area"].choices = [("", "未分类"), *((key, area.name) for key, area in self.areas.items())]  # type: ignore[attr-defined]
        file = self.fields["file"]
        file.widget.attrs["accept"] = ACCEPTED
        file.help_text = hint()
        if there is None:
            del self.fields["is_closed"]
        elif there.file:
            file.help_text += f"现在的文件是“{there.original_name}”，再选一个就换掉它；填写网址也会换掉它。"

    def clean_link(self) -> str:
        try:
            return checked_link(self.cleaned_data["link"])
        except BadLink as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("link") and cleaned.get("file"):
            self.add_error("link", BOTH)
        elif "link" in cleaned and not cleaned["link"] and not self.has_file and "file" not in self.errors:
            self.add_error("link", "请填写网址，或者在下面选择一个文件。")
        return cleaned

    @property
    def has_file(self) -> bool:
        return bool(self.cleaned_data.get("file") or (self.there is not None and self.there.file))

    def details(self) -> Details:
        typed = dict(self.cleaned_data)
        typed.pop("file")
        return Details(**{**typed, "area": self.areas.get(typed["area"])})


def stored_values(resource: DigitalResource) -> dict[str, Any]:
    """What the form of a stored resource shows."""
    names = ("title", "kind", "author", "description", "link", "format", "login_hint", "licence_until", "is_closed")
    found: dict[str, str | bool | date | None] = {name: getattr(resource, name) for name in names}
    return {**found, "area": str(resource.area_id or "")}
