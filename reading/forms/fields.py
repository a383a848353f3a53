"""Fields of the reading room's forms beside those of shuxiang.fields."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from reading.isbn import BadIsbn, normalise
from reading.models import Place
from reading.services.place_tree import PlaceTree
from shuxiang.fields import LineField


class IsbnField(LineField):
    """As the catalogue stores it: 13 digits, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("ISBN", 40, required=False, **kwargs)
        self.widget.attrs |= {"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return normalise(text) if len(text) <= 40 else text
        except BadIsbn as error:
            raise forms.ValidationError(f"{error}。") from error


class PlacePaths(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        yield from PlaceTree().choices(closed_too=self.field.closed_too)  # type: ignore[attr-defined]


class PlaceField(forms.ModelChoiceField):
    """A place by its path, as shelves in different rooms may bear one name; `closed_too` offers those out of use."""

    iterator = PlacePaths

    def __init__(self, *, label: str, closed_too: bool = False, empty_label: str = "请选择", **kwargs: Any) -> None:
        self.closed_too = closed_too
        places = Place.objects.all() if closed_too else Place.objects.in_use()
        super().__init__(places, label=label, empty_label=empty_label, **kwargs)
