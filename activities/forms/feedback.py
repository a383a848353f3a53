from typing import Any

from django import forms

from activities.kinds import FeedbackKind
from shuxiang.fields import LineField, TextField

TEXT_LENGTH = 5_000
NAMED, ANONYMOUS = "named", "anonymous"


class FeedbackForm(forms.Form):
    """Nothing is chosen beforehand: who writes says whether the name goes along."""

    kind = forms.ChoiceField(
        label="类别",
        choices=FeedbackKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择类别。"),
    )
    text = TextField("内容", TEXT_LENGTH, rows=8, help_text="最多 5,000 字。写清是什么事、在哪里、希望怎样。")
    who = forms.ChoiceField(
        label="实名还是匿名",
        choices=[(NAMED, "实名"), (ANONYMOUS, "匿名")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择实名还是匿名。"),
    )


class VersionedForm(forms.Form):
    """`seen` is the version on the page from which it comes; one that no row has where it was tampered with."""

    seen = forms.CharField(max_length=9, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Several stand on one page: each has ids of its own."""
        kwargs.setdefault("auto_id", f"id_{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)

    def clean_seen(self) -> int:
        text: str = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdecimal() else 0

    def look_again(self, version: int) -> None:
        """The page shows how things stand now, beside what was typed: whoever sends it again has seen that."""
        typed = {name: self.data[name] for name in self.data}  # unpacked, a QueryDict gives lists
        self.data = {**typed, self.add_prefix("seen"): str(version)}


class FeedbackStepForm(VersionedForm):
    action = forms.ChoiceField(
        choices=[("accept", "受理"), ("close", "办结"), ("reopen", "重新办理")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "没有看懂要怎样办理，请重新选择。"),
    )


class FeedbackReplyForm(VersionedForm):
    text = TextField("答复", TEXT_LENGTH, rows=5)
    is_public = forms.BooleanField(
        label="公开",
        required=False,
        help_text="全体职工能看到原文和答复，看不到提出人。原文能让人猜出是谁写的，就不要公开。",
    )


class FeedbackAskForm(VersionedForm):
    text = TextField("追问", 2_000, rows=3)


class ReceiptForm(forms.Form):
    code = LineField("回执码", 40, help_text="提交匿名意见后显示的 12 位字母和数字，短横和大小写都不影响。")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
