"""The questions of a draft. Each change raises the questionnaire's version, so that the second of two who edit is told.

Raises NotAllowed, IllegalStep, Stale or ValueError, whose str() are Chinese sentences.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from activities.kinds import QuestionKind
from activities.models import Question, Questionnaire
from activities.services.questionnaires import QUESTIONS, WHAT, touch_draft
from organization.models import Cadre
from organization.services.lives import Stale
from shuxiang.rows import update_rows


@transaction.atomic
def add_question(
    *,
    questionnaire: Questionnaire,
    by: Cadre,
    now: datetime,
    kind: QuestionKind,
    text: str,
    is_required: bool,
    options: Sequence[str],
    lines: Sequence[str],
    most: int,
) -> Question:
    """At the end."""
    touch_draft(questionnaire, by, now)
    count = questionnaire.questions.count()
    if count >= QUESTIONS:
        raise ValueError(f"一份问卷最多 {QUESTIONS} 题，请先删去用不着的题目。")
    return Question.objects.create(
        questionnaire=questionnaire, position=count + 1, kind=kind, text=text, is_required=is_required,
        options=list(options), lines=list(lines), most=most,
    )  # fmt: skip


@transaction.atomic
def edit_question(
    *,
    questionnaire: Questionnaire,
    question: Question,
    by: Cadre,
    now: datetime,
    kind: QuestionKind,
    text: str,
    is_required: bool,
    options: Sequence[str],
    lines: Sequence[str],
    most: int,
) -> None:
    touch_draft(questionnaire, by, now)
    changed = questionnaire.questions.filter(pk=question.pk).update(
        kind=kind, text=text, is_required=is_required, options=list(options), lines=list(lines), most=most
    )
    if changed != 1:
        raise Stale(WHAT)


@transaction.atomic
def move_question(*, questionnaire: Questionnaire, question: Question, by: Cadre, places: int, now: datetime) -> None:
    """Down by `places`, up where they are negative; at the ends it stays."""
    touch_draft(questionnaire, by, now)
    rows = list(questionnaire.questions.all())
    if question not in rows:
        raise Stale(WHAT)
    at = rows.index(question)
    rows.insert(max(0, at + places), rows.pop(at))
    number(rows)


@transaction.atomic
def remove_question(*, questionnaire: Questionnaire, question: Question, by: Cadre, now: datetime) -> None:
    touch_draft(questionnaire, by, now)
    removed, _ = questionnaire.questions.filter(pk=question.pk).delete()
    if removed != 1:
        raise Stale(WHAT)
    number(list(questionnaire.questions.all()))


def number(rows: Sequence[Question]) -> None:
    for place, each in enumerate(rows, start=1):
        each.position = place
    update_rows(rows, ["position"])
