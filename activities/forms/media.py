"""Forms for what came of an activity: materials, photographs, minutes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from activities.kinds import PhotographKind
from activities.models import Photograph
from activities.services.material_files import ACCEPTED, hint
from activities.services.materials import TITLE_LENGTH
from activities.services.minutes import MOST_CONCLUSIONS, MOST_GUESTS, MOST_MINUTES, Outcome
from activities.services.photographs import Line
from shuxiang.fields import CountField, LineField, TextField, digits_of, plain
from shuxiang.links import LENGTH, BadLink, checked_link
from shuxiang.uploads import accept, megabytes
from shuxiang.uploads import hint as limits

CAPTION_LENGTH = 100
# So many in one request: they are drawn anew one after another while somebody waits.
AT_ONCE = 20
UNNAMED = "文件名过长，请改短以后重新选择。"


class MaterialForm(forms.Form):
    file = forms.FileField(
        label="文件",
        allow_empty_file=True,
        error_messages={
            "required": "请选择文件。",
            "missing": "没有收到文件，请重新选择。",
            "invalid": "没有收到文件，请重新选择。",
            "max_length": UNNAMED,
        },
    )
    title = LineField("名称", TITLE_LENGTH, required=False, help_text="大家看到的名称，留空就用文件名。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.help_text = hint()
        file.widget.attrs |= {
            "accept": ACCEPTED,
            "data-max-bytes": settings.MATERIAL_MAX_BYTES,
            "data-limits": hint(),
        }


class SeveralInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """All files that were chosen; each is looked at on its own."""

    widget = SeveralInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [each for each in data or [] if isinstance(each, UploadedFile)]
        if not files:
            raise forms.ValidationError("请选择照片，可以一次选几张。")
        return files


class PhotographsForm(forms.Form):
    upload = SeveralFiles(label="照片")
    kind = forms.ChoiceField(
        label="类别",
        choices=PhotographKind.choices,
        initial=PhotographKind.PICTURE,
        help_text="签到表的照片只有组织人和办公室看得到。",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择是现场照片还是签到表。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upload = self.fields["upload"]
        upload.help_text = (
            f"{limits('picture')}可以一次选几张，最多 {AT_ONCE} 张、共 {self.most()}。拍摄地点等信息会去掉。"
        )
        upload.widget.attrs |= {
            "accept": accept("picture"),
            "data-max-bytes": settings.IMAGE_MAX_BYTES,
            "data-limits": limits("picture"),
        }

    @staticmethod
    def most() -> str:
        return megabytes(settings.REQUEST_MAX_BYTES)


class ArrangeForm(forms.Form):
    """The caption and the place of each photograph; `seen` is the arrangement that the page showed."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, photographs: Sequence[Photograph], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photographs = photographs
        for number, each in enumerate(photographs, start=1):
            self.fields[f"position-{each.pk}"] = PositionField(number, len(photographs))
            self.fields[f"caption-{each.pk}"] = LineField(
                f"第 {number} 张的说明", CAPTION_LENGTH, required=False, initial=each.caption
            )

    def rows(self) -> list[tuple[Photograph, forms.BoundField, forms.BoundField]]:
        return [(each, self[f"position-{each.pk}"], self[f"caption-{each.pk}"]) for each in self.photographs]

    def lines(self) -> dict[int, Line]:
        data = self.cleaned_data
        return {each.pk: Line(data[f"position-{each.pk}"], data[f"caption-{each.pk}"]) for each in self.photographs}


class PositionField(forms.IntegerField):
    """Where a photograph stands; left empty, it stays where it is."""

    def __init__(self, number: int, count: int) -> None:
        wrong = f"第 {number} 张的顺序请填 1 到 {count} 的整数。"
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)
        super().__init__(
            label=f"第 {number} 张的顺序", required=False, min_value=1, max_value=max(count, 1), initial=number,
            error_messages=messages, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        )  # fmt: skip
        self.number = number

    def to_python(self, value: Any) -> int:
        found = super().to_python(digits_of(value, 10))
        return self.number if found is None else found


class MinutesForm(forms.Form):
    minutes = TextField(
        "纪要", MOST_MINUTES, rows=14, required=False,
        help_text=f"最多 {MOST_MINUTES:,} 字。空行分段，看到活动的人都能读。",
    )  # fmt: skip
    conclusions = TextField(
        "结论", MOST_CONCLUSIONS, rows=5, required=False, help_text="议定的事项，一条一行；可以不写。"
    )
    replay = forms.CharField(
        label="回放网址",
        required=False,
        max_length=4 * LENGTH,
        help_text="录像放在学习平台上的，从浏览器的地址栏复制它的网址，以 http:// 或 https:// 开头。",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": f"网址最多 {LENGTH} 个字符，请换一个短些的网址。"},
    )
    guests = CountField(
        "外来人数", most=MOST_GUESTS, least=0, required=False, help_text="没有账号的来宾和群众，没有数过就留空。"
    )

    def clean_replay(self) -> str:
        try:
            return checked_link(plain(self.cleaned_data["replay"]))
        except BadLink as error:
            raise forms.ValidationError(str(error)) from error

    def outcome(self) -> Outcome:
        return Outcome(**self.cleaned_data)
