"""Fields of the reading room's forms: what strangers type, without signs that break a database or a line."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from reading.isbn import BadIsbn, normalise
from shuxiang.media.texts import INVISIBLE


def plain(text: str, kept: str = "") -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each if each in kept or unicodedata.category(each) not in ("Cc", "Cs") else " " for each in lines)


class LineField(forms.CharField):
    """One line of text, without signs that turn the words around them or cannot be seen."""

    def __init__(self, label: str, length: int, *, required: bool = False, **kwargs: Any) -> None:
        messages = {
            "max_length": f"{label}最多 {length} 字，现在有 %(show_value)d 字，请缩短。",
            "required": f"请填写{label}。",
        }
        super().__init__(label=label, max_length=length, required=required, error_messages=messages, **kwargs)

    def prepare_value(self, value: Any) -> str:
        return plain(str(value or ""))

    def to_python(self, value: Any) -> str:
        return super().to_python(" ".join(INVISIBLE.sub("", plain(str(value or ""))).split())) or ""


class WordsField(forms.CharField):
    """A few sentences."""

    def __init__(self, label: str, length: int, **kwargs: Any) -> None:
        messages = {"max_length": f"{label}最多 {length} 字，现在有 %(show_value)d 字，请缩短。"}
        widget = forms.Textarea(attrs={"rows": 3, "class": "short"})
        super().__init__(
            label=label, max_length=length, required=False, widget=widget, error_messages=messages, **kwargs
        )

    def prepare_value(self, value: Any) -> str:
        return plain(str(value or ""), "\n\t")

    def to_python(self, value: Any) -> str:
        return super().to_python(INVISIBLE.sub("", plain(str(value or ""), "\n\t")).strip()) or ""


class IsbnField(LineField):
    """As the catalogue stores it: 13 digits or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "封底条码上的 13 位（旧书 10 位）数字，没有就留空。")
        super().__init__("ISBN", 40, **kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return normalise(super().to_python(value))
        except BadIsbn as error:
            raise ValidationError(f"ISBN {error}。") from error


class CountField(forms.IntegerField):
    def __init__(self, label: str, *, least: int = 1, most: int = 999, **kwargs: Any) -> None:
        said = f"{label}请填 {least} 到 {most} 的整数。"
        messages = dict.fromkeys(("invalid", "min_value", "max_value", "required"), said)
        super().__init__(label=label, min_value=least, max_value=most, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> int | None:
        """A number of forty digits is a mistake like any other."""
        text = unicodedata.normalize("NFKC", str(value)).strip() if value is not None else None
        return super().to_python(text if text is None or len(text) <= 10 else "x")


class PriceField(forms.DecimalField):
    def __init__(self, label: str, **kwargs: Any) -> None:
        said = f"{label}请填数字，最多两位小数，如 45.80。"
        keys = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
        super().__init__(
            label=label, min_value=0, max_digits=7, decimal_places=2, required=False,
            error_messages=dict.fromkeys(keys, said), **kwargs,
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value)).strip() if value is not None else None
        return super().to_python(text if text is None or len(text) <= 12 else "x")


class DayField(forms.DateField):
    """A day that a date input sends."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        messages = dict.fromkeys(("invalid", "required"), f"{label}请填日期，如 2026-03-09。")
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, error_messages=messages, **kwargs)
