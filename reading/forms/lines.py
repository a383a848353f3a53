"""Lines that people type or scan, without signs that cannot be seen."""

import unicodedata
from typing import Any

from django import forms

from reading.isbn import BadIsbn, normalise
from shuxiang.media.texts import INVISIBLE


def plain(text: str) -> str:
    """One line without control characters and marks that turn the words around it."""
    kept = "".join(" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    return " ".join(INVISIBLE.sub("", kept).split())


def cleaned(text: str) -> str:
    """The same for text of several lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(plain(line) for line in lines).strip()


class LineField(forms.CharField):
    def __init__(self, label: str, length: int, **kwargs: Any) -> None:
        messages = {
            "max_length": f"{label}最多 {length} 字，现在有 %(show_value)d 字，请缩短。",
            "required": f"请填写{label}。",
        }
        super().__init__(label=label, max_length=length, error_messages=messages, **kwargs)

    def prepare_value(self, value: Any) -> str:
        return plain(str(value or ""))

    def to_python(self, value: Any) -> str:
        return super().to_python(plain(str(value or ""))) or ""


class TextField(forms.CharField):
    def __init__(self, label: str, length: int, rows: int = 4, **kwargs: Any) -> None:
        messages = {"max_length": f"{label}最多 {length:,} 字，现在有 %(show_value)d 字，请缩短。"}
        widget = forms.Textarea(attrs={"rows": rows, "class": "short"})
        super().__init__(label=label, max_length=length, error_messages=messages, widget=widget, **kwargs)
        # The browser would cut a text that is pasted in, without a word.
        self.widget.attrs.pop("maxlength", None)

    def prepare_value(self, value: Any) -> str:
        return cleaned(str(value or ""))

    def to_python(self, value: Any) -> str:
        return super().to_python(cleaned(str(value or ""))) or ""


class IsbnField(LineField):
    """13 digits, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("ISBN", 40, required=False, **kwargs)
        self.widget.attrs |= {"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return normalise(text) if len(text) <= 40 else text
        except BadIsbn as error:
            raise forms.ValidationError(f"{error}。") from error


class CountField(forms.IntegerField):
    def __init__(self, label: str, most: int, least: int = 1, **kwargs: Any) -> None:
        wrong = f"{label}请填 {least} 到 {most} 的整数。"
        messages = dict.fromkeys(("invalid", "min_value", "max_value", "required"), wrong)
        super().__init__(label=label, min_value=least, max_value=most, error_messages=messages, **kwargs)


class DayField(forms.DateField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        wrong = f"{label}请填成 2026-03-05 这样的日期。"
        super().__init__(
            label=label,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"],
            error_messages={"invalid": wrong, "required": wrong},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return plain(value)[:20] if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if found is not None and not 1900 <= found.year <= 2200:
            raise forms.ValidationError(self.error_messages["invalid"])
        return found
