"""Forms of who runs an activity's list."""

from django import forms

REASON_LENGTH = 200


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=REASON_LENGTH, help_text="本人会看到，例如“本人电话说明不能来”。",
        error_messages={"required": "请写明原因，本人会看到。"},
    )  # fmt: skip


class AddForm(forms.Form):
    reason = forms.CharField(label="说明", max_length=REASON_LENGTH, required=False)
