from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.utils import timezone

from organization.models import Cadre
from organization.passwords import OfficePasswordValidator
from organization.roles import ADMINISTRATORS
from organization.services.locks import lock_of
from organization.services.passwords import REMEMBERED, is_former
from organization.services.register_kinds import Form
from shuxiang.workbooks.reading import WorkbookRefused, check_size

# One text for an unknown 工号, a wrong password and a disabled account: it tells a stranger nothing.
REFUSED = "工号或密码不正确，请核对后重试。忘记密码请找办公室重新打印密码条。"
LOCKED = (
    "这个工号已连续 {failures} 次登录失败，暂时锁定，请在 {time} 之后再试。"
    "着急使用请联系安全管理员解锁；忘记密码请找办公室重新打印密码条。"
)
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

    @property
    def was_tried(self) -> bool:
        """Whether a 工号 and a password were there to be compared."""
        return bool(self.cleaned_data.get("username") and self.cleaned_data.get("password"))

    def get_invalid_login_error(self) -> forms.ValidationError:
        assert self.request is not None
        lock = lock_of(self.request, self.cleaned_data["username"], timezone.now())
        if lock is None:
            return super().get_invalid_login_error()
        ends = timezone.localtime(lock.ends_at + timedelta(minutes=1)).strftime("%H:%M")
        return forms.ValidationError(LOCKED.format(failures=lock.failures_since_start, time=ends), code="locked")


class PasswordForm(PasswordChangeForm):
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "现在的密码不正确，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
        "password_same": "新密码与现在的密码相同，请换一个。",
        "password_former": f"最近 {REMEMBERED} 个用过的密码不能再用，请换一个。",
    }

    def __init__(self, user: Cadre, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        rule = OfficePasswordValidator().get_help_text()
        unwanted = f"不要用工号、姓名或手机号，也不要用现在的和最近 {REMEMBERED} 个用过的密码。"
        texts = {
            "old_password": ("现在的密码", "", "请填写现在的密码。"),
            "new_password1": (
                "新密码",
                rule + unwanted,
                "请填写新密码。",
            ),
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
        elif new and not self.errors and is_former(cadre=self.user, password=new):
            self.add_error("new_password1", self.error_messages["password_former"])
        return self.cleaned_data


class RegisterUploadForm(forms.Form):
    """One file within the limit; what is in it, its reader judges."""

    file = forms.FileField(
        label="登记表文件",
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        error_messages={
            "required": "请选择登记表文件。",
            "invalid": "没有收到文件，请重新选择后上传。",
            "max_length": "文件名太长，请改短后重新上传。",
        },
    )

    def __init__(self, *sent: Any, form_of_kind: Form) -> None:
        super().__init__(*sent)
        self.form_of_kind = form_of_kind
        self.fields["file"].widget.attrs["accept"] = form_of_kind.accept

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if self.form_of_kind.command and file.size > settings.WORKBOOK_MAX_BYTES:
            most = settings.WORKBOOK_MAX_BYTES // 1024**2
            raise forms.ValidationError(
                f"文件超过 {most} MB，网页上一次导入不了。请系统维护人员在服务器上运行：{self.form_of_kind.command}。"
            )
        try:
            check_size(file.size)
        except WorkbookRefused as error:
            raise forms.ValidationError(str(error)) from error
        return file


def staff_named(words: str) -> Cadre | None:
    """Somebody of the staff by number, name, or `name（number）`. Raises ValidationError."""
    if not words:
        return None
    staff = Cadre.objects.filter(is_active=True).exclude(groups__name__in=ADMINISTRATORS)
    number = words.removesuffix("）").removesuffix(")").replace("(", "（").rpartition("（")[2].strip()
    found = staff.filter(employee_number__iexact=number).first()
    if found is not None:
        return found
    alike = list(staff.filter(name=words)[:2])
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise forms.ValidationError(f"叫“{words}”的不止一位，请填工号。")
    raise forms.ValidationError(f"没有找到“{words}”，请核对姓名，或填工号。")
