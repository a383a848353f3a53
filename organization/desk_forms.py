"""Forms of the office's desk: they know who fills them in, and never save over what somebody else has saved."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from organization.models import Cadre
from organization.services.roles import NotAllowed

STALE = "这条记录刚被别人修改过，请刷新后核对再保存。"


def refused(check: Callable[..., None], **what: Any) -> None:
    """Runs a service's check of authority and says its refusal at the form."""
    try:
        check(**what)
    except NotAllowed as error:
        raise forms.ValidationError(str(error)) from error


class DeskForm(forms.ModelForm):
    """A form that knows who fills it in."""

    actor: Cadre


class StampedForm(DeskForm):
    """Refuses to save over what somebody else saved since the page was opened; what was typed is kept."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["seen"] = self.instance.changed_at.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk is not None and cleaned.get("seen") != self.instance.changed_at.isoformat():
            raise forms.ValidationError(STALE)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """What the page shows read only was judged when it was recorded, and is not judged again."""
        if field is None and hasattr(error, "error_dict"):
            shown = {
                name: found for name, found in error.error_dict.items() if name in {*self.fields, NON_FIELD_ERRORS}
            }
            if not shown:
                return
            error = forms.ValidationError(shown)
        super().add_error(field, error)


class LabelledFormSet(forms.BaseInlineFormSet):
    """Fields in a table have no labels of their own: each says the name of its column."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # inside the one with links to related rows
            widget.attrs.setdefault("aria-label", str(field.label or ""))
