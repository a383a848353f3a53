"""Fields of the forms by which staff hand in works."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from organization.desk import is_id
from organization.models import Cadre
from reading.models import Book
from shuxiang import fields
from submissions.services.people import labelled

KEPT = "\n\t"


def plain(text: str) -> str:
    """Without control characters, lines ending as in Unix."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in KEPT or unicodedata.category(each) not in ("Cc", "Cs"))


class LineField(fields.LineField):
    """May stay empty in a draft; what is wanted is asked when the work is handed in."""

    def __init__(self, label: str, length: int, **kwargs: Any) -> None:
        super().__init__(label, length, required=False, **kwargs)


class TextField(forms.CharField):
    """A text of paragraphs with the limit of all texts."""

    def __init__(self, label: str, rows: int = 14, **kwargs: Any) -> None:
        limit = settings.TEXT_MAX_CHARACTERS
        messages = {"max_length": f"{label}最多 {limit:,} 字，现在有 %(show_value)d 字，请删减或分成几件上报。"}
        widget = forms.Textarea(attrs={"rows": rows, "data-count": ""})
        super().__init__(
            label=label, max_length=limit, required=False, widget=widget, error_messages=messages, **kwargs
        )
        # The browser would cut a text that is pasted in, without a word.
        self.widget.attrs.pop("maxlength", None)

    def prepare_value(self, value: Any) -> str:
        return plain(str(value or ""))

    def to_python(self, value: Any) -> str:
        return super().to_python(plain(str(value or "")).rstrip()) or ""


class IsbnField(LineField):
    """Kept without blanks and hyphens; whether it can be one is asked when the work is handed in."""

    def __init__(self) -> None:
        super().__init__("ISBN", 17, help_text="封底条码上的 13 位（旧书 10 位）数字，可以不填。")

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", super().to_python(value))).upper()


def words_for(people: Iterable[Cadre], near: Iterable[tuple[str, str]]) -> list[str]:
    """What the widget holds of people who are named already: the number where it has a box, else name and number."""
    boxes = {number for number, _ in near}
    return [each.employee_number if each.employee_number in boxes else labelled(each) for each in people]


class BookField(forms.Field):
    """A title of the catalogue by its key, told by a hidden field; anything else is none."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(label="馆藏图书", required=False)

    def prepare_value(self, value: Any) -> str:
        return str(value or "") if is_id(str(value or "")) else ""

    def to_python(self, value: Any) -> Book | None:
        text = self.prepare_value(value)
        return Book.objects.filter(pk=int(text)).first() if text else None


class PeopleWidget(forms.Widget):
    """Boxes to tick for close colleagues and a line for others; both send words under one name."""

    template_name = "works/people.html"

    def __init__(self, near: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.near = near

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """By the portal's own templates: forms' renderers know only those of apps."""
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if hasattr(data, "getlist") else [str(data.get(name, ""))]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        words = [plain(str(word)) for word in value or []]
        numbers = {number for number, _ in self.near}
        context["widget"]["near"] = [(number, label, number in words) for number, label in self.near]
        context["widget"]["others"] = "、".join(word for word in words if word not in numbers)
        return context
