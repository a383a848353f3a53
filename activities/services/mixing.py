"""Anonymous messages of the box lose the place in the database at which they came in."""

import secrets

from django.db import connection, transaction

from activities.models import Feedback, FeedbackEvent
from activities.services.answering import sweep


def mix_anonymous() -> None:
    """All of them and their events are written again in random order by one transaction, before the office hears of
    the new ones: else the order of rows, and on PostgreSQL the numbers of transactions, tell when each was sent, and
    next to which person's session.
    """
    with transaction.atomic():
        messages = list(Feedback.objects.filter(author__isnull=True).select_for_update())
        events = list(FeedbackEvent.objects.filter(feedback__in=[each.pk for each in messages]))
        keys = [[Feedback._meta.pk.get_db_prep_value(each.pk, connection)] for each in messages]
        with connection.cursor() as cursor:
            for model, column in ((FeedbackEvent, "feedback_id"), (Feedback, "id")):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.executemany(f"DELETE FROM {table} WHERE {column} = %s", keys)
        for rows in (messages, events):
            secrets.SystemRandom().shuffle(rows)
        Feedback.objects.bulk_create(messages)
        FeedbackEvent.objects.bulk_create(events)
    sweep()
