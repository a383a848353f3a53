"""Fields of forms: what people type or scan, without signs that cannot be seen, break a database or
turn the words around them. What was typed stays in the form."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from shuxiang.media.texts import INVISIBLE

UNSEEN = ("Cc", "Cs", "Zl", "Zp")
NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


def plain(text: str) -> str:
    """One line."""
    kept = "".join(" " if unicodedata.category(each) in UNSEEN else each for each in text)
    return " ".join(INVISIBLE.sub("", kept).split())


def plain_lines(text: str) -> str:
    """Several lines, which may be indented."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(each if each in "\n\t" or unicodedata.category(each) not in UNSEEN else " " for each in lines)
    return INVISIBLE.sub("", kept).strip()


def digits_of(value: Any, most: int) -> str:
    """A number as it was typed with whatever keyboard; one of forty digits is a mistake like any other."""
    typed = unicodedata.normalize("NFKC", plain(str(value if value is not None else ""))[:200]).strip()
    return typed if len(typed) <= most else "x"


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
        messages = {
            "max_length": f"{label}最多 {length:,} 字，现在有 %(show_value)d 字，请缩短。",
            "required": f"请填写{label}。",
        }
        widget = forms.Textarea(attrs={"rows": rows, "class": "short"})
        super().__init__(label=label, max_length=length, error_messages=messages, widget=widget, **kwargs)
        # The browser would cut a text that is pasted in, without a word.
        self.widget.attrs.pop("maxlength", None)

    def prepare_value(self, value: Any) -> str:
        return plain_lines(str(value or ""))

    def to_python(self, value: Any) -> str:
        return super().to_python(plain_lines(str(value or ""))) or ""


class CountField(forms.IntegerField):
    def __init__(self, label: str, most: int = 999, least: int = 1, **kwargs: Any) -> None:
        wrong = f"{label}请填 {least} 到 {most} 的整数。"
        messages = dict.fromkeys(("invalid", "min_value", "max_value", "required"), wrong)
        super().__init__(label=label, min_value=least, max_value=most, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(digits_of(value, 10))


class NumberField(CountField):
    """Nothing typed is `empty`."""

    def __init__(self, label: str, *, least: int, most: int, empty: int) -> None:
        super().__init__(label, most, least, required=False, widget=forms.TextInput(NUMERIC))
        self.empty = empty

    def to_python(self, value: Any) -> int:
        found = super().to_python(value)
        return self.empty if found is None else found


class MoneyField(forms.DecimalField):
    """Yuan with two places; nothing typed is `empty`."""

    def __init__(self, label: str, *, digits: int = 12, empty: Decimal | None = None) -> None:
        self.empty = empty
        wrong = f"{label}请填金额，如 1200 或 45.80，最多两位小数，不超过 {digits - 2} 位整数。"
        codes = ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")
        super().__init__(
            label=label, required=False, min_value=Decimal(0), max_digits=digits, decimal_places=2,
            widget=forms.TextInput({**NUMERIC, "inputmode": "decimal"}), error_messages=dict.fromkeys(codes, wrong),
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        typed = digits_of(value, 20).replace(",", "").replace("¥", "").replace("元", "").strip()
        found = super().to_python(typed)
        return self.empty if found is None else found


class NumberedChoice(forms.ChoiceField):
    """One of the rows offered, by its number; `None` where nothing is chosen."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if chosen else None


class DayField(forms.DateField):
    def __init__(self, label: str, *, years: tuple[int, int] = (1900, 2200), **kwargs: Any) -> None:
        wrong = f"{label}请填成 2026-03-05 这样的日期。"
        self.years = years
        super().__init__(
            label=label,
            widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"],
            error_messages={"invalid": wrong, "required": f"请填写{label}。"},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return plain(value)[:20] if isinstance(value, str) else value

    def to_python(self, value: Any) -> date | None:
        typed = unicodedata.normalize("NFKC", plain(value)[:40]) if isinstance(value, str) else value
        found = super().to_python(typed)
        first, last = self.years
        if found is not None and not first <= found.year <= last:
            raise forms.ValidationError(f"年份应在 {first} 到 {last} 之间，请核对。")
        return found
