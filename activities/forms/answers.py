"""The form of a questionnaire as the invited fill it in. What they typed stands in no place but the page itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from activities.kinds import QuestionKind
from activities.models import Question
from shuxiang.fields import TextField

TEXT_LENGTH = 2000
NOT_OFFERED = "没有这个选项，请重新选择。"
MISSING = "这道题必答，请选择一项。"


@dataclass(frozen=True)
class Item:
    """A question with its field, for 表格单选 with one field for each line."""

    number: int
    question: Question
    fields: Sequence[Any]

    @property
    def field(self) -> Any:
        return self.fields[0]

    @property
    def errors(self) -> list[str]:
        return list(dict.fromkeys(error for field in self.fields for error in field.errors))

    def lines(self) -> Iterator[tuple[str, Any]]:
        return zip(self.question.lines, self.fields, strict=True)


class OneOf(forms.TypedChoiceField):
    def __init__(self, choices: Sequence[tuple[str, str]], *, required: bool) -> None:
        messages = {"required": MISSING, "invalid_choice": NOT_OFFERED}
        super().__init__(
            choices=choices, required=required, coerce=int, empty_value=None, widget=forms.RadioSelect,
            error_messages=messages,
        )  # fmt: skip


class SomeOf(forms.TypedMultipleChoiceField):
    def __init__(self, choices: Sequence[tuple[str, str]], *, required: bool) -> None:
        messages = {"required": "这道题必答，请至少选一项。"}
        messages |= dict.fromkeys(("invalid_choice", "invalid_list"), NOT_OFFERED)
        super().__init__(
            choices=choices, required=required, coerce=int, empty_value=[], widget=forms.CheckboxSelectMultiple,
            error_messages=messages,
        )  # fmt: skip

    def clean(self, value: Any) -> list[int]:
        """In the order of the options, whatever the order in which they were sent."""
        return sorted(set(super().clean(value)))


class AnswerForm(forms.Form):
    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            for name, field in fields_of(question):
                self.fields[name] = field

    def items(self) -> Iterator[Item]:
        for number, question in enumerate(self.questions, start=1):
            yield Item(number, question, [self[name] for name in names_of(question)])

    def content(self) -> dict[str, Any]:
        """As a sheet holds it (see AnswerSheet), in the order of the questions."""
        found: dict[str, Any] = {}
        for question in self.questions:
            given = [self.cleaned_data[name] for name in names_of(question)]
            value = given if question.kind == QuestionKind.MATRIX else given[0]
            if value not in (None, "", []) and value != [None] * len(question.lines):
                found[str(question.pk)] = value
        return found


def names_of(question: Question) -> list[str]:
    if question.kind == QuestionKind.MATRIX:
        return [f"q{question.pk}_{line}" for line in range(len(question.lines))]
    return [f"q{question.pk}"]


def fields_of(question: Question) -> Iterator[tuple[str, forms.Field]]:
    offered = [(str(place), option) for place, option in enumerate(question.options)]
    required = question.is_required
    for name in names_of(question):
        match question.kind:
            case QuestionKind.MULTIPLE:
                yield name, SomeOf(offered, required=required)
            case QuestionKind.SCALE:
                yield name, OneOf([(str(each), str(each)) for each in range(1, question.most + 1)], required=required)
            case QuestionKind.TEXT:
                field = TextField("回答", TEXT_LENGTH, rows=4, required=required)
                field.error_messages["required"] = "这道题必答，请写几句。"
                yield name, field
            case _:
                yield name, OneOf(offered, required=required)
