from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField

from organization.models import Cadre
from organization.passwords import OfficePasswordValidator

# One text for an unknown 工号, a wrong password and a disabled account: it tells a stranger nothing.
REFUSED = "工号或密码不正确，请核对后重试。忘记密码请找办公室重新打印密码条。"
NUMBER_LENGTH = Cadre._meta.get_field("employee_number").max_length


class LogInForm(AuthenticationForm):
    """The 工号 is trimmed and NFKC-normalised (by UsernameField), so full-width digits work."""

    username = UsernameField(
        label="工号",
        max_length=NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"autofocus": True}),
        error_messages={"required": "请填写工号。", "max_length": REFUSED},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )
    error_messages = {"invalid_login": REFUSED, "inactive": REFUSED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:  # the 工号 is kept, so what comes next is the password
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True


class PasswordForm(PasswordChangeForm):
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "现在的密码不正确，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
        "password_same": "新密码与现在的密码相同，请换一个。",
    }

    def __init__(self, user: Cadre, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        rule = OfficePasswordValidator().get_help_text()
        texts = {
            "old_password": ("现在的密码", "", "请填写现在的密码。"),
            "new_password1": ("新密码", f"{rule}不要用工号、姓名或手机号，也不要与现在的密码相同。", "请填写新密码。"),
            "new_password2": ("再输一次新密码", "", "请再输一次新密码。"),
        }
        for name, (label, help_text, required) in texts.items():
            field = self.fields[name]
            field.label, field.help_text, field.error_messages["required"] = label, help_text, required

    def clean(self) -> dict[str, Any]:
        super().clean()
        new = self.cleaned_data.get("new_password1")
        if new and new == self.cleaned_data.get("old_password"):
            self.add_error("new_password1", self.error_messages["password_same"])
        return self.cleaned_data
