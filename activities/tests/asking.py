"""Questionnaires that tests ask, and people who answer them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activities.kinds import QuestionKind
from activities.models import Invitation, Question, Questionnaire
from activities.services.answering import answer
from activities.services.questionnaires import close_questionnaire
from activities.states import QuestionnaireState
from organization.models import Cadre
from reading.tests.factories import reader


def a_questionnaire(**columns: Any) -> Questionnaire:
    """A draft of the root with a question of each kind."""
    made = Questionnaire.objects.create(**{"title": "读书问卷", **columns})
    rows = (
        {"kind": QuestionKind.SINGLE, "text": "年龄段", "options": ["青", "中", "老"], "is_required": True},
        {"kind": QuestionKind.MULTIPLE, "text": "方式", "options": ["纸书", "电子书", "听书"]},
        {"kind": QuestionKind.SCALE, "text": "打几分", "most": 5},
        {"kind": QuestionKind.TEXT, "text": "建议"},
        {"kind": QuestionKind.MATRIX, "text": "满意吗", "options": ["不", "是"], "lines": ["内容", "时间"]},
    )  # fmt: skip
    Question.objects.bulk_create(
        Question(questionnaire=made, position=place, **row) for place, row in enumerate(rows, start=1)
    )
    return made


def opened(people: Sequence[Cadre], until: date | None = None, **columns: Any) -> Questionnaire:
    """Open until the day after tomorrow."""
    made = a_questionnaire(
        state=QuestionnaireState.OPEN, until=until or timezone.localdate() + timedelta(days=2), **columns
    )
    Invitation.objects.bulk_create(
        Invitation(questionnaire=made, cadre=each) for each in sorted(people, key=lambda each: each.pk)
    )
    return made


def answered_by(questionnaire: Questionnaire, people: Sequence[Cadre], *contents: dict[str, Any]) -> None:
    """Each of the contents by one of the people, keyed by the questions' texts."""
    keys = {each.text: str(each.pk) for each in questionnaire.questions.all()}
    for cadre, content in zip(people, contents, strict=True):
        sheet = {keys[text]: value for text, value in content.items()}
        answer(questionnaire=questionnaire, cadre=cadre, content=sheet, today=timezone.localdate())


def closed(people: Sequence[Cadre], *contents: dict[str, Any], **columns: Any) -> Questionnaire:
    made = opened(people, **columns)
    answered_by(made, people[: len(contents)], *contents)
    close_questionnaire(questionnaire=made, by=None, now=timezone.now())
    made.refresh_from_db()
    return made


def readers(count: int) -> list[Cadre]:
    return [reader() for _ in range(count)]


def form_of(questionnaire: Questionnaire, **answers: Any) -> dict[str, Any]:
    """What a browser sends: `single`, `multiple`, `scale`, `text` and `matrix`, the last as a list."""
    sent: dict[str, Any] = {}
    for each in questionnaire.questions.all():
        value = answers.get(each.kind)
        if value is None:
            continue
        if each.kind == QuestionKind.MATRIX:
            sent |= {f"q{each.pk}_{line}": given for line, given in enumerate(value)}
        else:
            sent[f"q{each.pk}"] = value
    return sent
