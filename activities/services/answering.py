"""Answers that nobody can join to the people who gave them, however much of the database he sees.

Raises NotAllowed, AlreadyAnswered or IllegalStep, whose str() are Chinese sentences.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, Case, Exists, F, Value, When
from django.views.decorators.debug import sensitive_variables

from activities.models import AnswerSheet, Feedback, FeedbackEvent, Invitation, Questionnaire
from activities.states import QuestionnaireState
from organization.models import Cadre
from organization.services.lives import IllegalStep
from organization.services.roles import NotAllowed

# Fewer sheets, or fewer people of a group, show no result.
ENOUGH = 5
SWEPT = (AnswerSheet, Invitation, Feedback, FeedbackEvent)


class AlreadyAnswered(ValueError):
    """str() is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("您已经答过这份问卷。答卷不记名，不能再改，也不用再答。")


@sensitive_variables()
@transaction.atomic
def answer(*, questionnaire: Questionnaire, cadre: Cadre, content: Mapping[str, Any], today: date) -> None:
    """Adds a sheet, once per invited person, as the questionnaire stands at this moment.

    One answer follows the other, under the lock of the questionnaire's row. All of its invitations are written by one
    statement and all of its sheets anew, so that all rows of both bear the marks of the same transaction; no event,
    no time, no log line tells of it.
    """
    found = Questionnaire.objects.select_for_update(no_key=True).get(pk=questionnaire.pk)
    invited = Invitation.objects.filter(questionnaire=found, cadre=cadre)
    if not invited.exists():
        raise NotAllowed("这份问卷没有邀请您填写。")
    if found.state != QuestionnaireState.OPEN or found.until is None or found.until < today:
        ended = found.state == QuestionnaireState.OPEN
        raise IllegalStep("问卷", QuestionnaireState.CLOSED.label if ended else found.get_state_display(), "填写")
    answered = Case(When(cadre=cadre, then=Value(True)), default=F("has_answered"), output_field=BooleanField())
    everybody = Invitation.objects.filter(Exists(invited.filter(has_answered=False)), questionnaire=found)
    if everybody.update(has_answered=answered) == 0:
        raise AlreadyAnswered
    rewrite_sheets(found, added=[dict(content)])


@sensitive_variables()
def rewrite_sheets(questionnaire: Questionnaire, added: Sequence[Any] = ()) -> None:
    """All sheets get new keys and are written again in random order; to be called inside a transaction."""
    sheets = AnswerSheet.objects.filter(questionnaire=questionnaire)
    contents = [*sheets.values_list("content", flat=True), *added]
    secrets.SystemRandom().shuffle(contents)
    sheets.delete()
    AnswerSheet.objects.bulk_create(AnswerSheet(questionnaire=questionnaire, content=each) for each in contents)


def forget_who(questionnaire: Questionnaire) -> None:
    """All invitations are written again, and none says any longer whether it was answered."""
    Invitation.objects.filter(questionnaire=questionnaire).update(has_answered=False)


def destroy_sheets(questionnaire: Questionnaire) -> None:
    AnswerSheet.objects.filter(questionnaire=questionnaire).delete()


def sweep() -> None:
    """What the database keeps of rows written over, as far as it lets go of it: dead rows, the log before the file.

    Outside of a transaction. Backups and logs of the server are beyond reach.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = (connection.ops.quote_name(model._meta.db_table) for model in SWEPT)
            cursor.execute(f"VACUUM {', '.join(tables)}")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
